#include "pump/include_server/preprocessor/predefined_macros.h"

#include <algorithm>
#include <utility>

namespace pump::include_server {
namespace {

constexpr std::size_t kMostScans = 4096;

std::string directive_text(const MacroAction& action) {
  return (action.undefine ? "#undef " : "#define ") + action.text + "\n";
}

/// Builtins that take an argument: __has_builtin, __is_target_os, __building_module, ….
bool is_query(std::string_view builtin) {
  return builtin.starts_with("__has_") || builtin.starts_with("__is_") || builtin == "__building_module";
}

Builtin kind_of(std::string_view name) {
  if (name == "__has_include") return Builtin::HasInclude;
  if (name == "__has_include_next") return Builtin::HasIncludeNext;
  if (name == "__has_embed") return Builtin::HasEmbed;
  if (name == "__FILE_NAME__") return Builtin::FileName;
  return is_query(name) ? Builtin::Query : Builtin::Unknown;  // _Pragma, __FLT_EVAL_METHOD__, …
}

}  // namespace

void PredefinedMacros::define_builtins(const CompilerProfile& profile, MacroTable& macros) {
  const auto define_one = [&](const std::string& name, Builtin builtin) {
    const Definition*& definition = builtin_of_[name];
    if (definition == nullptr) definition = &builtins_.emplace_back(intern(name), builtin);
    macros.set(definition->name(), MacroState(definition));
  };
  static const std::vector<std::pair<std::string, Builtin>> kAlways = {
      {"__LINE__", Builtin::Line},          {"__FILE__", Builtin::File},
      {"__BASE_FILE__", Builtin::BaseFile}, {"__INCLUDE_LEVEL__", Builtin::IncludeLevel},
      {"__COUNTER__", Builtin::Unknown},    {"__DATE__", Builtin::Unknown},
      {"__TIME__", Builtin::Unknown},       {"__TIMESTAMP__", Builtin::Unknown},
  };
  for (const auto& [name, builtin] : kAlways) define_one(name, builtin);
  for (const std::string& name : profile.builtin_names) {
    const bool always =
        std::any_of(kAlways.begin(), kAlways.end(), [&](const auto& one) { return one.first == name; });
    if (!always) define_one(name, kind_of(name));
  }
}

PredefinedMacros::Scans PredefinedMacros::scans_of(const Unit& unit) {
  const ScanMode mode{unit.lex};
  if (last_.profile == unit.profile && last_.mode == mode.bits() && last_.macros == unit.macros)
    return last_.scans;
  const auto scan = [&](const std::string& text) {
    std::shared_ptr<const Scan>& known = scans_[std::to_string(mode.bits()) + text];
    if (!known) known = scan_given_macros(text, mode);
    return known;
  };
  Scans scans;
  scans.push_back(scan(unit.profile->predefined));
  for (const MacroAction& action : unit.macros) scans.push_back(scan(directive_text(action)));
  last_ = {unit.profile, unit.macros, mode.bits(), scans};
  return scans;
}

void PredefinedMacros::define(const Scan& scan, MacroTable& macros) {
  for (const MacroTable::Change& change : changes_of(scan)) macros.set(change.name, change.state);
}

const std::vector<MacroTable::Change>& PredefinedMacros::changes_of(const Scan& scan) {
  const auto [known, added] = changes_.try_emplace(&scan);
  std::vector<MacroTable::Change>& changes = known->second;
  if (!added) return changes;
  for (const Directive& directive : scan.directives) {
    if (directive.kind == DirectiveKind::Undef) changes.push_back({directive.name, MacroState()});
    if (directive.kind != DirectiveKind::Define) continue;
    const Definition& definition = scan.definitions[directive.slot];
    const std::uint64_t mode = scan.mode.bits();
    const auto first = definitions_.try_emplace({directive.name, mode, definition.text()}, &definition).first;
    changes.push_back({directive.name, MacroState(first->second)});
  }
  return changes;
}

bool PredefinedMacros::is_full() const {
  return scans_.size() > kMostScans;
}

void PredefinedMacros::clear() {
  scans_.clear();
  changes_.clear();
  definitions_.clear();
  last_ = {};
}

}  // namespace pump::include_server
