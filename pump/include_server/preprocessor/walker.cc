#include "pump/include_server/preprocessor/walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pump/include_server/compiler/compiler_query.h"

namespace pump::include_server {
namespace {

std::string directive_text(const MacroAction& action) {
  return (action.undefine ? "#undef " : "#define ") + action.text + "\n";
}

/// It takes an argument: __has_builtin, __is_target_os, __building_module, …
bool asks_something(std::string_view builtin) {
  return builtin.starts_with("__has_") || builtin.starts_with("__is_") || builtin == "__building_module";
}

}  // namespace

Walker::Walker(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget)
    : tree_(tree),
      scans_(scans),
      ask_(std::move(ask)),
      budget_(budget),
      expander_(macros_, *this, steps_),
      evaluator_(macros_, expander_),
      lookup_(tree) {}

bool Walker::run(const Unit& unit, Closure& closure) {
  begin(unit, closure);
  if (!gave_up()) walk_all();
  frame_ = nullptr;
  closure.steps += steps_.steps;
  room_for_files_ = closure.files.size() + 32;  // the next unit's are about as many
  return gave_up() || !incomplete_;
}

void Walker::begin(const Unit& unit, Closure& closure) {
  unit_ = &unit;
  closure_ = &closure;
  mode_ = ScanMode{unit.lex};
  clang_ = unit.profile->clang;
  mode_bits_ = mode_.bits() + 1;
  steps_ = StepCounter{0, budget_.steps};
  macros_.reset();
  expander_.set_language(unit.lex, unit.profile->clang, unit.profile->dialect.keeps_lone_comma);
  lookup_.begin_unit(unit);
  frame_ = nullptr;
  dead_ = incomplete_ = stopped_ = false;
  branches_ = 0;
  pushed_.clear();
  volatile_.clear();
  once_files_.clear();
  once_keys_.clear();
  file_trail_.clear();
  directory_names_.clear();
  met_through_link_.clear();
  entered_from_.clear();
  first_names_.clear();
  closure.files.reserve(room_for_files_);
  closure.consulted.reserve(room_for_files_ * 2);
  source_ = &lookup_.path(unit.source);
  if (source_->file == nullptr) {
    lookup_.put_into(closure, *source_);
    give_up(GiveUp::SourceMissing, unit.source);
    return;
  }
  record(*source_, true);
}

void Walker::walk_all() {
  record_extra_inputs();
  if (unit_->preprocessed) return;
  define_builtins(macros_);
  initial_ = initial_scans();
  for (const auto& scan : initial_)
    for (const MacroTable::Change& change : initial_macros(*scan)) macros_.set(change.name, change.state);
  walk_forced_files();
  if (stopped_) return;
  WalkedScan* const walked = scan_of(*source_->file);
  if (walked == nullptr) return;
  set_file_state(*source_->file, {current(*source_->file).once, Certainty::Yes});
  walk_file(*source_, *walked);
}

/// What comes before the source's first line: the command line's values and the files that it includes.
void Walker::walk_forced_files() {
  Frame outside{nullptr, nullptr, source_, 0};
  frame_ = &outside;
  for (auto scan = initial_.begin() + 1; scan != initial_.end(); ++scan)  // the first is the compiler's own
    for (const Directive& one : (*scan)->directives)
      if (one.kind != DirectiveKind::Define && one.kind != DirectiveKind::Undef) command_line_directive(one);
  for (const ForcedFile& file : unit_->forced)
    if (file.macros_only) enter(forced(file), false);
  if (unit_->profile->preincludes_stdc_predef) {
    static const Symbol kPredefined = intern("stdc-predef.h");
    Resolution& predefined = lookup_.include(known::kEmpty, kPredefined, true);
    record(predefined, predefined.found);
    if (predefined.found) enter(predefined, false);
  }
  for (const ForcedFile& file : unit_->forced)
    if (!file.macros_only) enter(forced(file), false);
  frame_ = nullptr;  // `outside` ends here
}

std::vector<std::shared_ptr<const Scan>> Walker::initial_scans() {
  if (texts_.size() > 4096) forget_texts();
  InitialScans& last = last_initial_;
  if (last.profile == unit_->profile && last.mode == mode_.bits() && last.macros == unit_->macros)
    return last.scans;
  const auto scan = [this](const std::string& text) {
    std::shared_ptr<const Scan>& known = texts_[std::to_string(mode_.bits()) + text];
    if (!known) known = scan_given_macros(text, mode_);
    return known;
  };
  std::vector<std::shared_ptr<const Scan>> scans;
  scans.push_back(scan(unit_->profile->predefined));
  for (const MacroAction& action : unit_->macros) scans.push_back(scan(directive_text(action)));
  last = {unit_->profile, unit_->macros, mode_.bits(), scans};
  return scans;
}

void Walker::define_builtins(MacroTable& macros) {
  const auto define_one = [&](const std::string& name, Builtin builtin) {
    const Definition*& definition = builtin_of_[name];
    if (definition == nullptr) definition = &builtins_.emplace_back(intern(name), builtin);
    macros.set(definition->name(), MacroState(definition));
  };
  static const std::vector<std::pair<std::string, Builtin>> kAlways = {
      {"__LINE__", Builtin::Line},
      {"__FILE__", Builtin::File},
      {"__BASE_FILE__", Builtin::BaseFile},
      {"__INCLUDE_LEVEL__", Builtin::IncludeLevel},
      {"__COUNTER__", Builtin::Unknown},
      {"__DATE__", Builtin::Unknown},
      {"__TIME__", Builtin::Unknown},
      {"__TIME"
       "STAMP__",
       Builtin::Unknown},
  };
  for (const auto& [name, builtin] : kAlways) define_one(name, builtin);
  for (const std::string& name : unit_->profile->builtin_names) {
    const bool always =
        std::any_of(kAlways.begin(), kAlways.end(), [&](const auto& one) { return one.first == name; });
    if (always) continue;
    define_one(name, name == "_Pragma"              ? Builtin::Unknown
                     : name == "__has_include"      ? Builtin::HasInclude
                     : name == "__has_include_next" ? Builtin::HasIncludeNext
                     : name == "__has_embed"        ? Builtin::HasEmbed
                     : name == "__FILE_NAME__"      ? Builtin::FileName
                     : asks_something(name)         ? Builtin::Query
                                                    : Builtin::Unknown);  // __FLT_EVAL_METHOD__, …
  }
}

/// What a -D brings besides the macro, for every place where that is expanded. check_macros() has refused what must not
/// be sent.
void Walker::command_line_directive(const Directive& one) {
  if (one.kind != DirectiveKind::LocalValue) directive(one);
}

/// `scan` is one of texts_, as are the definitions that stand for equal ones.
const std::vector<MacroTable::Change>& Walker::initial_macros(const Scan& scan) {
  const auto [known, added] = initial_macros_.try_emplace(&scan);
  std::vector<MacroTable::Change>& changes = known->second;
  if (!added) return changes;
  for (const Directive& directive : scan.directives) {
    if (directive.kind == DirectiveKind::Undef) changes.push_back({directive.name, MacroState()});
    if (directive.kind != DirectiveKind::Define) continue;
    const Definition& definition = scan.definitions[directive.slot];
    const std::uint64_t mode = scan.mode.bits();
    const auto first =
        definition_of_.try_emplace({directive.name, mode, definition.text()}, &definition).first;
    changes.push_back({directive.name, MacroState(first->second)});
  }
  return changes;
}

/// What conditions came to goes with them: their reads are compared by address.
void Walker::forget_texts() {
  texts_.clear();
  last_initial_ = {};
  initial_macros_.clear();
  definition_of_.clear();
  lookup_.forget_conditions(conditions_);
  forget_runs();
}

void Walker::walk(DirectiveIndex begin, DirectiveIndex end) {
  const WalkedScan& walked = *frame_->walked;
  const Directive* const directives = walked.directives;
  const bool whole = budget_.remember && branches_ == 0 && end == walked.size;
  DirectiveIndex index = begin;
  if (whole && index == 0 && walked.begins_plain && volatile_.empty()) {
    index = run(0);
    if (stopped_) return;
  }
  while (index < end) {
    const Directive& next = directives[index];
    if (whole && is_plain(next.kind) && volatile_.empty()) {
      index = run(index);
      if (stopped_) return;
      continue;
    }
    steps_.add(1);
    if (ends_branch(next.kind)) {  // of the one that was taken
      index = next.behind(index);
      continue;
    }
    switch (next.kind) {
      case DirectiveKind::Define:
        define(next.name, MacroState(&walked.scan->definitions[next.slot]));
        ++index;
        continue;
      case DirectiveKind::Undef:
        define(next.name, MacroState());
        ++index;
        continue;
      case DirectiveKind::If:
      case DirectiveKind::Ifdef:
      case DirectiveKind::Ifndef:
        index = conditional(index);
        break;
      case DirectiveKind::Include:
      case DirectiveKind::IncludeNext:
        frame_->stand_at(next);
        include(next);
        ++index;
        break;
      default:
        frame_->stand_at(next);
        directive(next);
        ++index;
    }
    take_no_longer();
    if (stopped_) return;
  }
}

void Walker::directive(const Directive& directive) {
  switch (directive.kind) {
    case DirectiveKind::Import:
    case DirectiveKind::Embed:
      include(directive);
      break;
    case DirectiveKind::Line:
      line_directive(directive);
      break;
    case DirectiveKind::Error:
      fatal();
      break;
    case DirectiveKind::PragmaOnce:
      // In the source itself only gcc heeds it.
      if (frame_->level != 0 || !clang_) {
        SourceFile& file = current(*frame_->resolution->file);
        set_file_state(file, {Certainty::Yes, file.entered});
      }
      break;
    case DirectiveKind::SystemHeader:
      if (frame_->level != 0) frame_->system_header = true;
      break;
    case DirectiveKind::PushMacro:
      if (!is_name_for_pragma(directive.name)) return stop_incomplete();
      push_macro(directive.name);
      break;
    case DirectiveKind::PopMacro:
      if (!is_name_for_pragma(directive.name)) return stop_incomplete();
      pop_macro(directive.name);
      break;
    case DirectiveKind::HiddenPragma:
      if (directive.name == 0 || !is_name_for_pragma(directive.name)) return stop_incomplete();
      volatile_.insert(directive.name);
      macros_.set_anything(directive.name);
      break;
    case DirectiveKind::TargetPragma:
      // gcc then has other macros (__AVX2__, __OPTIMIZE__): which, it does not tell with -E. Headers like
      // <immintrin.h> restore the options that they change.
      if (!frame_->resolution->system_headers && macro_pragma(directive.name, location())) stop_incomplete();
      break;
    case DirectiveKind::Refused:
      give_up(GiveUp::NotSendable, fmt::format("{}: {}", location(), spelling(directive.name)));
      break;
    case DirectiveKind::LocalValue:
      local_value(location(), directive.name);
      break;
    case DirectiveKind::AssemblerFile:
      assembler_file(directive.name, location());
      break;
    default:
      break;
  }
}

/// In C++ they do so since gcc 14 (target) and 16 (optimize): the compiler is asked.
bool Walker::pragma_changes_macros(Symbol pragma) {
  if (clang_) return false;
  if (!unit_->lex.cplusplus) return true;
  return query(pragma_query(spelling(pragma))).value_or(1) != 0;
}

/// Notes it, if it is one.
bool Walker::macro_pragma(Symbol pragma, const std::string& place) {
  if (!pragma_changes_macros(pragma)) return false;
  if (closure_->macro_pragma.empty()) closure_->macro_pragma = place;
  return true;
}

/// gcc reads the name in push_macro("café") up to the first letter beyond ASCII, and changes the macro caf.
bool Walker::is_name_for_pragma(Symbol name) const {
  const std::string_view text = spelling(name);
  return clang_ || std::all_of(text.begin(), text.end(), [](char c) {
           return is_ascii_identifier_byte(static_cast<unsigned char>(c));
         });
}

void Walker::push_macro(Symbol name) {
  pushed_[name].push_back(macros_.get(name));
}

void Walker::pop_macro(Symbol name) {
  const auto stack = pushed_.find(name);
  if (stack == pushed_.end()) return;
  const MacroState saved = stack->second.back();
  stack->second.pop_back();
  if (stack->second.empty()) pushed_.erase(stack);  // join() compares the maps
  define(name, saved);
}

void Walker::line_directive(const Directive& directive) {
  std::vector<Token> tokens;
  tokenize(frame_->walked->scan->operand(directive), unit_->lex, HeaderNames::None, tokens);
  // Macros are expanded in it: what is not plain is not known from here on.
  frame_->line_known = false;
  frame_->presumed = 0;
  frame_->file_known = tokens.size() == 1 && tokens[0].kind == TokenKind::Number;
  if (tokens.empty() || tokens[0].kind != TokenKind::Number || tokens.size() > 6) return;
  const ExpressionValue line = literal_value(
      Token{intern("1" + std::string(spelling(tokens[0].text))), TokenKind::Number}, unit_->profile->dialect);
  if (!line.known || spelling(tokens[0].text).size() > 9) return;
  // Decimal even with a leading zero, hence the digit put before.
  std::int64_t power = 1;
  for (std::size_t i = 0; i < spelling(tokens[0].text).size(); ++i) power *= 10;
  frame_->line_known = true;
  frame_->line_shift = static_cast<std::int64_t>(line.bits) - power - directive.line - 1;
  if (tokens.size() > 1 && tokens[1].kind == TokenKind::String) {
    frame_->presumed = tokens[1].text;
    frame_->file_known = true;
  }
}

}  // namespace pump::include_server
