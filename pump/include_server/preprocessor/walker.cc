#include "pump/include_server/preprocessor/walker.h"

#include <algorithm>
#include <utility>

#include "pump/include_server/preprocessor/expression_value.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// Headers that one computed include may name. If there are more, the path-insensitive walk takes over.
constexpr std::size_t kMostHeaders = 16;
/// Nested unknown branches. Each uses stack.
constexpr unsigned kDeepestBranch = 400;
/// Memory for the cached runs of one walker. If they use more, all are dropped.
constexpr std::size_t kMostRunBytes = 16U << 20U;

}  // namespace

Walker::Walker(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget)
    : budget_(budget),
      recorder_(tree, scans, stack_),
      answers_(std::move(ask)),
      conditions_(macros_, recorder_, answers_, stack_, steps_, budget.cache_results) {}

bool Walker::run(const Unit& unit, Closure& closure) {
  if (begin(unit, closure)) walk_unit();
  for (const SourceFile* file : states_.once_files()) recorder_.mark_pragma_once(*file);
  recorder_.end_unit();
  closure.steps += steps_.steps;
  return recorder_.gave_up() || !recorder_.incomplete();
}

bool Walker::begin(const Unit& unit, Closure& closure) {
  unit_ = &unit;
  clang_ = unit.profile->clang;
  steps_ = StepCounter{0, budget_.steps};
  dead_ = false;
  branches_ = 0;
  has_included_ = false;
  if (predefined_.is_full()) {
    predefined_.clear();
    conditions_.forget_results();
    forget_runs();
  }
  macros_.reset();
  states_.begin_unit(clang_);
  answers_.begin_unit(unit);
  conditions_.begin_unit(unit);
  return recorder_.begin_unit(unit, closure);
}

void Walker::walk_unit() {
  recorder_.record_extra_inputs();
  if (unit_->preprocessed) return;
  predefined_.define_builtins(*unit_->profile, macros_);
  initial_ = predefined_.scans_of(*unit_);
  for (const auto& scan : initial_) predefined_.define(*scan, macros_);
  walk_command_line();
  if (stopped()) return;
  SourceFile& source = *recorder_.source().file;
  WalkedScan* const walked = recorder_.scan_of(source);
  if (walked == nullptr) return;
  states_.set_entered(source);
  walk_file(recorder_.source(), *walked);
}

/// What comes before the first line of the source: -D, -imacros, stdc-predef.h, -include.
void Walker::walk_command_line() {
  Frame outside{nullptr, nullptr, &recorder_.source(), 0};
  const IncludeStack::Scope scope(stack_, outside);
  // The macro of a -D may have an effect wherever it is expanded, for example a _Pragma. The first scan is
  // the compiler's own. Values that must not be sent were refused before (check_macros()).
  for (auto scan = initial_.begin() + 1; scan != initial_.end(); ++scan)
    for (const Directive& one : (*scan)->directives)
      if (one.kind != DirectiveKind::Define && one.kind != DirectiveKind::Undef &&
          one.kind != DirectiveKind::LocalValue)
        directive(one);
  for (const ForcedFile& file : unit_->forced)
    if (file.macros_only) enter_forced(file);
  if (unit_->profile->preincludes_stdc_predef) {
    static const Symbol kPredefined = intern("stdc-predef.h");
    Resolution& predefined = recorder_.lookup().include(known::kEmpty, kPredefined, true);
    recorder_.record(predefined, predefined.found);
    if (predefined.found) enter(predefined, false);
  }
  for (const ForcedFile& file : unit_->forced)
    if (!file.macros_only) enter_forced(file);
}

void Walker::enter_forced(const ForcedFile& file) {
  Resolution& resolution = recorder_.forced(file);
  note_include(resolution);
  enter(resolution, false);
}

void Walker::note_include(const Resolution& resolution) {
  if (has_included_) return;
  recorder_.note_first_include(resolution);
  has_included_ = branches_ == 0;
}

void Walker::walk(DirectiveIndex begin, DirectiveIndex end) {
  Frame& frame = stack_.top();
  const WalkedScan& walked = *frame.walked;
  const Directive* const directives = walked.scan->directives.data();
  const bool use_runs = budget_.cache_results && branches_ == 0 && end == walked.size;
  for (DirectiveIndex index = begin; index < end;) {
    const Directive& next = directives[index];
    if (use_runs && is_plain(next.kind) && !macros_.has_unpredictable()) {
      index = run(index);
      if (stopped()) return;
      continue;
    }
    steps_.add(1);
    if (ends_branch(next.kind)) {  // of the branch that was walked
      index = next.after_branch(index);
      continue;
    }
    switch (next.kind) {
      case DirectiveKind::Define:
        macros_.define(next.name, MacroState(&walked.scan->definitions[next.slot]));
        ++index;
        continue;
      case DirectiveKind::Undef:
        macros_.define(next.name, MacroState());
        ++index;
        continue;
      case DirectiveKind::If:
      case DirectiveKind::Ifdef:
      case DirectiveKind::Ifndef:
        index = conditional(index);
        break;
      case DirectiveKind::Include:
      case DirectiveKind::IncludeNext:
        frame.stand_at(next);
        include(next);
        ++index;
        break;
      default:
        frame.stand_at(next);
        directive(next);
        ++index;
    }
    check_budget();
    if (stopped()) return;
  }
}

void Walker::directive(const Directive& directive) {
  Frame& frame = stack_.top();
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
      // In the source itself it has an effect for gcc only.
      if (frame.level != 0 || !clang_) states_.set_once(recorder_.files().in_unit(*frame.resolution->file));
      break;
    case DirectiveKind::SystemHeader:
      if (frame.level != 0) frame.system_header = true;
      break;
    case DirectiveKind::PushMacro:
      if (!name_is_read_whole(directive.name)) return recorder_.set_incomplete();
      macros_.push(directive.name);
      break;
    case DirectiveKind::PopMacro:
      if (!name_is_read_whole(directive.name)) return recorder_.set_incomplete();
      macros_.pop(directive.name);
      break;
    case DirectiveKind::HiddenPragma:
      if (directive.name == 0 || !name_is_read_whole(directive.name)) return recorder_.set_incomplete();
      macros_.make_unpredictable(directive.name);
      break;
    case DirectiveKind::TargetPragma:
      // gcc then has other macros (__AVX2__, __OPTIMIZE__), but does not list them with -E. Headers like
      // <immintrin.h> restore the options that they change.
      if (frame.resolution->system_headers || !answers_.pragma_changes_macros(directive.name)) break;
      recorder_.note_macro_pragma(recorder_.location());
      recorder_.set_incomplete();
      break;
    case DirectiveKind::Refused:
      recorder_.give_up(GiveUp::NotSendable,
                        os::format("{}: {}", recorder_.location(), spelling(directive.name)));
      break;
    case DirectiveKind::LocalValue:
      recorder_.check_local_value(directive.name, macros_.get(directive.name), recorder_.location());
      break;
    case DirectiveKind::ChangesBuiltin:
      recorder_.note_builtin(macros_.get(directive.name));
      break;
    case DirectiveKind::AssemblerFile:
      recorder_.assembler_file(directive.name, recorder_.location());
      break;
    default:
      break;
  }
}

/// gcc reads the name in push_macro("café") up to the first letter beyond ASCII, and changes the macro caf.
bool Walker::name_is_read_whole(Symbol name) const {
  const std::string_view text = spelling(name);
  return clang_ || std::all_of(text.begin(), text.end(), [](char c) {
           return is_ascii_identifier_byte(static_cast<unsigned char>(c));
         });
}

/// #line expands macros. A line or file name that is not a plain literal is unknown from here on.
void Walker::line_directive(const Directive& directive) {
  Frame& frame = stack_.top();
  std::vector<Token> tokens;
  tokenize(frame.walked->scan->operand(directive), unit_->lex, HeaderNames::None, tokens);
  recorder_.note_line(tokens, recorder_.location());
  frame.line_known = false;
  frame.presumed = 0;
  frame.file_known = tokens.size() == 1 && tokens[0].kind == TokenKind::Number;
  if (tokens.empty() || tokens[0].kind != TokenKind::Number || tokens.size() > 6) return;
  // The number is decimal even with a leading zero. A digit put before it makes it so for literal_value().
  const std::string digits(spelling(tokens[0].text));
  const ExpressionValue line =
      literal_value(Token{intern("1" + digits), TokenKind::Number}, unit_->profile->dialect);
  if (!line.known || digits.size() > 9) return;
  std::int64_t power = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) power *= 10;
  frame.line_known = true;
  frame.line_shift = static_cast<std::int64_t>(line.bits) - power - directive.line - 1;
  if (tokens.size() > 1 && tokens[1].kind == TokenKind::String) {
    frame.presumed = tokens[1].text;
    frame.file_known = true;
  }
}

/// At an #if: walks the group if its condition is unknown. Returns the directive to continue at.
DirectiveIndex Walker::conditional(DirectiveIndex index) {
  Frame& frame = stack_.top();
  const std::vector<Directive>& directives = frame.walked->scan->directives;
  while (index < directives.size()) {
    const Directive& at = directives[index];
    if (at.kind == DirectiveKind::Endif || at.kind == DirectiveKind::Else) return index + 1;
    steps_.add(1);
    Truth truth = conditions_.known_value(at);
    if (truth == Truth::Unknown) {
      frame.stand_at(at);
      Refinement refinement;
      truth = conditions_.evaluate(at, refinement);
      if (truth == Truth::Unknown) {
        unknown_branch(index, refinement);
        return at.end;
      }
    }
    if (truth == Truth::True) return index + 1;  // the branch ends at the next Elif, Else or Endif
    index = at.next;
  }
  return index;
}

void Walker::unknown_branch(DirectiveIndex index, const Refinement& refinement) {
  const Directive& at = stack_.top().walked->scan->directives[index];
  either(
      [&] {
        if (refinement.name != 0) macros_.set(refinement.name, refinement.if_true);
        walk(index + 1, at.next);
      },
      [&] {
        if (refinement.name != 0) macros_.set(refinement.name, refinement.if_false);
        // The rest of the group, up to its end: what follows the group is walked once, after the join.
        const DirectiveIndex rest = conditional(at.next);
        if (!stopped()) walk(rest, at.end);
      });
}

/// Walks both branches from the present state and joins the results.
void Walker::either(const std::function<void()>& one, const std::function<void()>& other) {
  if (branches_ >= kDeepestBranch) return recorder_.set_incomplete();
  const std::size_t files = recorder_.file_count();
  const Branch first = branch(one);
  if (recorder_.stopped()) return;
  const Branch second = branch(other);
  if (recorder_.stopped()) return;
  if (recorder_.file_count() != files) recorder_.not_exact("an unknown condition");
  if (first.dead && second.dead) {
    fatal();
  } else if (first.dead || second.dead) {
    const Branch& taken = first.dead ? second : first;
    macros_.apply(taken.macros);
    states_.apply(taken.files);
  } else {
    macros_.join(first.macros, second.macros);
    states_.join(first.files, second.files);
  }
}

/// Walks a branch, undoes its effects and returns them.
Walker::Branch Walker::branch(const std::function<void()>& walk_it) {
  Frame& frame = stack_.top();
  const Frame before = frame;
  MacroTable::Mark macros = macros_.begin_branch();
  const FileStates::Mark files = states_.begin_branch();
  ++branches_;
  walk_it();
  --branches_;
  frame = before;
  return {macros_.end_branch(std::move(macros)), states_.end_branch(files), std::exchange(dead_, false)};
}

/// The compiler stops here with an error. So an unknown branch that leads here is not taken. A known one is
/// walked to its end.
void Walker::fatal() {
  if (branches_ != 0) dead_ = true;
}

/// From the first directive of a run. Returns the directive to continue at.
DirectiveIndex Walker::run(DirectiveIndex start) {
  const CachedResult* const cached = runs_.find(stack_.top().walked->runs[start], *unit_->profile, macros_);
  if (cached == nullptr) return walk_run(start);
  steps_.add(cached->reads + cached->writes);
  runs_.apply(*cached, macros_);
  return cached->end;
}

/// Walks a run and caches it. It ends before a condition that depends on more than macros.
DirectiveIndex Walker::walk_run(DirectiveIndex start) {
  WalkedScan& walked = *stack_.top().walked;
  const Scan& scan = *walked.scan;
  run_recorder_.begin();
  DirectiveIndex index = start;
  while (index < walked.size && is_plain(scan.directives[index].kind)) {
    const Directive& next = scan.directives[index];
    steps_.add(1);
    check_budget();
    if (stopped()) return index;
    if (ends_branch(next.kind)) {
      index = next.after_branch(index);
      continue;
    }
    if (next.kind == DirectiveKind::Define || next.kind == DirectiveKind::Undef) {
      const MacroState state =
          next.kind == DirectiveKind::Define ? MacroState(&scan.definitions[next.slot]) : MacroState();
      macros_.set(next.name, state);
      run_recorder_.write(next.name, state);
      ++index;
      continue;
    }
    const std::optional<DirectiveIndex> inside = conditional_in_run(index);
    if (!inside) {
      if (index == start) return conditional(start);
      break;
    }
    index = *inside;
  }
  ResultNumber& first = walked.runs[start];
  if (!runs_.worth_caching(first)) return index;
  if (runs_.bytes() > kMostRunBytes) forget_runs();
  macros_.make_room();
  runs_.keep(run_recorder_.evaluation(index), *unit_->profile, first);
  return index;
}

/// At an #if. Returns the directive to continue at; nothing if that depends on more than macros.
std::optional<DirectiveIndex> Walker::conditional_in_run(DirectiveIndex index) {
  const std::vector<Directive>& directives = stack_.top().walked->scan->directives;
  while (index < directives.size()) {
    const Directive& at = directives[index];
    if (at.kind == DirectiveKind::Endif || at.kind == DirectiveKind::Else) return index + 1;
    const std::optional<Truth> truth = conditions_.evaluate_for_run(at, run_recorder_);
    if (!truth) return std::nullopt;
    if (*truth == Truth::True) return index + 1;
    index = at.next;
  }
  return index;
}

void Walker::forget_runs() {
  runs_.clear();
  recorder_.files().forget_runs();
}

void Walker::include(const Directive& directive) {
  if ((directive.flags & kAbsolute) != 0) {
    const SourceFile* const here = stack_.top().resolution->file;
    const bool rewritable = directive.kind != DirectiveKind::Embed && here != nullptr;
    recorder_.note_name(directive.name, rewritable ? here->entry : nullptr, {});
  }
  if ((directive.flags & kComputed) != 0) return include_computed(directive);
  Resolution& resolution = resolve(directive);
  if (directive.kind == DirectiveKind::Import || !certainly_skipped(resolution))
    include_resolved(directive, directive.name, resolution);
}

/// `#include MACRO`: the operand is expanded with each combination of its macros' possible definitions.
/// If that gives several headers, each is included in an unknown branch of its own.
void Walker::include_computed(const Directive& directive) {
  const Scan& scan = *stack_.top().walked->scan;
  const auto headers = conditions_.computed_headers(scan.expressions[directive.slot].get(scan));
  if (!headers || headers->size() > kMostHeaders) return recorder_.set_incomplete();
  if (headers->empty()) return;  // an error for the compiler
  auto remaining = headers->begin();
  const std::function<void()> include_next = [&] {
    const HeaderName header = *remaining++;
    if (remaining == headers->end()) {
      include_header(directive, header);
    } else {
      either([&] { include_header(directive, header); }, include_next);
    }
  };
  include_next();
}

/// One header of a computed include.
void Walker::include_header(const Directive& directive, HeaderName header) {
  const auto [name, angled] = header;
  const Frame& frame = stack_.top();
  const bool next = directive.kind == DirectiveKind::IncludeNext;
  if (next) recorder_.check_next(*frame.resolution, frame.found_at);
  Resolution& resolution =
      recorder_.resolve(*frame.resolution, frame.found_at, frame.system_header, name, angled, next);
  recorder_.record(resolution, false);
  recorder_.note_name(name, nullptr, {});
  include_resolved(directive, name, resolution);
}

void Walker::include_resolved(const Directive& directive, Symbol name, Resolution& resolution) {
  recorder_.record(resolution, false);
  if (directive.kind != DirectiveKind::Embed) note_include(resolution);
  if (!resolution.found) {
    if (!recorder_.give_up_if_precompiled(resolution, name)) fatal();
    return;
  }
  if (directive.kind == DirectiveKind::Embed) return recorder_.record_embedded(resolution);
  enter(resolution, directive.kind == DirectiveKind::Import);
}

/// The header of an #include that names it, from the cache if the circumstances are the same.
Resolution& Walker::resolve(const Directive& directive) {
  const Frame& frame = stack_.top();
  const Resolution& includer = *frame.resolution;
  IncludeLookup& lookup = recorder_.lookup();
  const bool angled = (directive.flags & kAngled) != 0;
  const bool onward = directive.kind == DirectiveKind::IncludeNext && frame.level != 0;
  if (onward) recorder_.check_next(includer, frame.found_at);
  const bool anywhere = angled && !onward;  // the result does not depend on the includer
  const Symbol directory = anywhere ? 0 : recorder_.directory_of(includer);
  const int found_at = onward ? frame.found_at : Resolution::kNoChain;
  CachedInclude& cached = frame.walked->includes[directive.slot];
  if (cached.space == lookup.space() && cached.found_at == found_at &&
      (anywhere || (cached.directory == directory && cached.system == frame.system_header)))
    return lookup.in_force(*cached.resolution);
  Resolution& found =
      recorder_.resolve(includer, found_at, frame.system_header, directive.name, angled, onward);
  if (budget_.cache_results) cached = {lookup.space(), directory, found_at, frame.system_header, &found};
  return found;
}

/// A quick check for most includes of a unit: the file was found before in this unit, everything about it is
/// recorded, and its guard or #pragma once is in effect. Not for clang: a lookup can give the file another
/// name.
bool Walker::certainly_skipped(const Resolution& resolution) const {
  if (clang_ || resolution.file == nullptr || !recorder_.is_recorded(resolution)) return false;
  const Frame& frame = stack_.top();
  const SourceFile& file = *resolution.file;
  if (file.entered != Certainty::Yes || frame.level >= budget_.nesting) return false;
  if (file.servers_own && resolution.found_at < 0 && !frame.servers_own) return false;
  if (file.once == Certainty::Yes) return true;
  if (!recorder_.files().has_guard(file)) return false;
  const MacroState guard = macros_.peek(file.guard);
  return guard.certain() && !guard.undefined();
}

/// Walks a file that was found and recorded, unless the compiler skips it.
void Walker::enter(Resolution& resolution, bool import) {
  if (resolution.file == nullptr || stopped()) return;
  SourceFile& file = recorder_.files().in_unit(*resolution.file);
  if (stack_.top().level >= budget_.nesting) return fatal();
  const Certainty skipped = skipped_as_seen(file, import);
  if (import) states_.set_once(file);
  if (skipped == Certainty::Yes) return;
  WalkedScan* const walked = recorder_.scan_of(file);
  if (walked == nullptr) return;
  recorder_.open(resolution);
  if (file.guard != 0) {
    const MacroState guard = macros_.get(file.guard);
    const bool defined = guard.certain() ? !guard.undefined() : !guard.alternatives().may_be_undefined();
    if (defined) return;
  }
  if (skipped == Certainty::Maybe) {
    either([&] { walk_file(resolution, *walked); }, [] {});
  } else {
    walk_file(resolution, *walked);
  }
}

/// Whether the compiler skips the file because it, or the same file under another path, was entered before
/// and is entered at most once (file_states.h). Records that other path in the closure.
Certainty Walker::skipped_as_seen(SourceFile& file, bool import) {
  Certainty skipped = skips({import ? Certainty::Yes : file.once, file.entered});
  if (skipped == Certainty::Yes || states_.once_files().empty()) return skipped;
  if (recorder_.scan_of(file) == nullptr) return skipped;  // its content is compared
  for (const SourceFile* other : states_.same_files(file)) {
    const Certainty as_other = skips({other->once, other->entered});
    if (as_other == Certainty::No) continue;
    skipped = std::max(skipped, as_other);
    recorder_.skip_as(file, *other);
  }
  return skipped;
}

void Walker::walk_file(Resolution& resolution, WalkedScan& walked) {
  recorder_.walk_under_name(resolution);
  states_.set_entered(*resolution.file);
  const Frame* const includer = stack_.top_or_null();
  Frame frame{includer, &walked, &resolution, includer == nullptr ? 0 : includer->level + 1};
  frame.system_header = recorder_.is_system_header(resolution);
  if (includer != nullptr) frame.found_at = recorder_.chain_position(resolution, includer->found_at);
  frame.servers_own = recorder_.is_servers_own(resolution);
  if (unit_->converts_text) recorder_.check_charset(*walked.scan, resolution);
  const IncludeStack::Scope scope(stack_, frame);
  walk(0, walked.size);
}

}  // namespace pump::include_server
