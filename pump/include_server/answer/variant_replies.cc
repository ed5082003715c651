#include "pump/include_server/answer/variant_replies.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "pump/include_server/compiler/compiler_cache.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/token.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostSources = 20'000, kMostVariants = 4, kMostDifferences = 1000;
constexpr std::string_view kDefine = "#define ";

using GivenMacros = std::map<std::string, std::string, std::less<>>;  // name -> parameters and body

/// True for a definition that has an effect even if it is not expanded, or that the scanner splits otherwise
/// than this file does: line ends, splices and universal character names, '$', letters beyond ASCII, .incbin,
/// and whatever may be a pragma for the scanner.
bool is_odd(std::string_view text) {
  const auto mentions = [text](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return text.find_first_of("\\\r\n$") != std::string_view::npos || mentions("??") || mentions("_Pragma") ||
         mentions("_macro") || has_word(text, "once") || mentions("GCC ") || mentions("clang ") ||
         mentions("include_alias") || mentions(".inc") ||
         std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// `text`: "NAME BODY". Empty if it does not begin with an identifier.
std::string_view name_in(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(),
                                    [](char c) { return is_identifier_byte(static_cast<unsigned char>(c)); });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool define(GivenMacros& macros, std::string_view text) {
  const std::string_view name = name_in(text);
  if (name.empty() || is_odd(text)) return false;
  macros.insert_or_assign(std::string(name), std::string(text.substr(name.size())));
  return true;
}

std::optional<GivenMacros> predefined_macros(const CompilerProfile& profile) {
  GivenMacros macros;
  std::string_view lines = profile.predefined;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (!line.starts_with(kDefine) || !define(macros, line.substr(kDefine.size()))) return std::nullopt;
  }
  return macros;
}

/// An undefined macro gets an entry, which distinguishes it from one that is not named: it may be one of
/// those that are defined without a line in the profile.
bool apply(GivenMacros& macros, const std::vector<MacroAction>& actions) {
  return std::all_of(actions.begin(), actions.end(), [&](const MacroAction& action) {
    if (!define(macros, action.text)) return false;
    if (action.undefine) macros[std::string(name_in(action.text))] = "\n";
    return true;
  });
}

// A new member does not compile until it is listed here; then decide below whether it must be compared.
void all_members(const SearchPath& path) {
  [[maybe_unused]] const auto& [directories, bracket_start, split, shortens_system_paths, id, first_names,
                                named, consulted, links, traversed] = path;
}

void all_members(const Unit& unit) {
  [[maybe_unused]] const auto& [model, cwd, cwd_directory, source, language, lex, profile, search,
                                resolved_defaults, macros, forced, undefine_all, converts_text,
                                maps_names_over_cwd, preprocessed, extra_inputs, consulted,
                                required_directories, required_links] = unit;
}

/// Equal `id`s imply equal directories, `bracket_start`, `split`, `shortens_system_paths` and `first_names`.
/// `consulted` is a dependency of both replies.
bool same_search(const SearchPath& a, const SearchPath& b) {
  all_members(a);
  const auto same_name = [](const SearchPath::Named& one, const SearchPath::Named& other) {
    return one.directory == other.directory && one.name == other.name && one.parent == other.parent &&
           one.links == other.links;
  };
  return a.id == b.id && a.links == b.links && a.traversed == b.traversed &&
         std::equal(a.named.begin(), a.named.end(), b.named.begin(), b.named.end(), same_name);
}

/// `source` is part of the key; `resolved_defaults` follow from the profile; `consulted` is a dependency of
/// both replies.
bool same_unit_but_for_macros(const Unit& a, const Unit& b) {
  all_members(a);
  const auto same_file = [](const ForcedFile& one, const ForcedFile& other) {
    return one.name == other.name && one.macros_only == other.macros_only;
  };
  return a.cwd == b.cwd && a.cwd_directory == b.cwd_directory && a.language == b.language && a.lex == b.lex &&
         a.undefine_all == b.undefine_all && a.preprocessed == b.preprocessed &&
         a.converts_text == b.converts_text && a.maps_names_over_cwd == b.maps_names_over_cwd &&
         a.extra_inputs == b.extra_inputs && a.required_directories == b.required_directories &&
         a.required_links == b.required_links &&
         std::equal(a.forced.begin(), a.forced.end(), b.forced.begin(), b.forced.end(), same_file) &&
         same_but_for_macros(*a.profile, *b.profile) && same_search(*a.search, *b.search);
}

/// Assembler text uses macros in ways that directives do not show.
bool is_assembler(const Unit& unit) {
  return unit.lex.assembler || unit.language.find("assembler") != std::string::npos;
}

std::string key_of(const Unit& unit, bool fragments) {
  std::string key = unit.cwd;
  return key.append(1, '\0').append(unit.source).append(1, '\0').append(fragments ? "fragments" : "");
}

}  // namespace

std::optional<std::vector<std::string>> differing_macros(const Unit& one, const Unit& other) {
  if (!same_unit_but_for_macros(one, other) || is_assembler(one)) return std::nullopt;
  auto of_one = predefined_macros(*one.profile), of_other = predefined_macros(*other.profile);
  if (!of_one || !of_other) return std::nullopt;
  // Equal actions on different predefined macros leave at most the differences of these.
  if (one.macros != other.macros && (!apply(*of_one, one.macros) || !apply(*of_other, other.macros)))
    return std::nullopt;
  GivenMacros differing;
  for (const auto& [from, to] : {std::pair(&*of_one, &*of_other), std::pair(&*of_other, &*of_one)})
    std::set_difference(from->begin(), from->end(), to->begin(), to->end(),
                        std::inserter(differing, differing.end()));
  std::vector<std::string> names;
  for (const auto& [name, body] : differing) names.push_back(name);
  return names;
}

const VariantReplies::Difference& VariantReplies::difference(const std::shared_ptr<const Unit>& one,
                                                             const std::shared_ptr<const Unit>& other) {
  const auto key = std::minmax({one.get(), other.get()});
  if (const auto known = differences_.find(key); known != differences_.end()) return known->second;
  if (differences_.size() >= kMostDifferences) differences_.clear();
  return differences_[key] = {one, other, differing_macros(*one, *other)};
}

std::vector<std::shared_ptr<const CachedReply>> VariantReplies::find(const Unit& unit, bool fragments) {
  std::vector<std::shared_ptr<const CachedReply>> entries;
  if (!unit.model) return entries;
  const std::lock_guard lock(mutex_);
  const auto found = variants_.find(key_of(unit, fragments));
  if (found == variants_.end()) return entries;
  for (auto variant = found->second.rbegin(); variant != found->second.rend(); ++variant) {
    auto entry = variant->entry.lock();
    if (!entry) continue;
    if (variant->model != unit.model) {  // otherwise the commands differ in their outputs only
      if (variant->asked && variant->model->profile->id != unit.profile->id) continue;
      const auto& macros = difference(variant->model, unit.model).macros;
      if (!macros || std::any_of(macros->begin(), macros->end(), is_mentioned)) continue;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

void VariantReplies::store(const Unit& unit, const std::shared_ptr<const CachedReply>& entry, bool asked) {
  if (!unit.model) return;
  const std::lock_guard lock(mutex_);
  if (variants_.size() >= sweep_at_) sweep();
  std::vector<Variant>& variants = variants_[key_of(unit, entry->fragments)];
  std::erase_if(variants, [&](const Variant& variant) {
    return variant.model == unit.model || variant.entry.expired();
  });
  if (variants.size() >= kMostVariants) variants.erase(variants.begin());
  variants.push_back({unit.model, entry, asked});
}

void VariantReplies::sweep() {
  for (auto i = variants_.begin(); i != variants_.end();) {
    std::erase_if(i.value(), [](const Variant& variant) { return variant.entry.expired(); });
    i = i->second.empty() ? variants_.erase(i) : std::next(i);
  }
  if (variants_.size() >= kMostSources) variants_.clear();
  sweep_at_ = std::max(kSourcesBeforeSweep, variants_.size() * 2);
}

}  // namespace pump::include_server
