#include "pump/include_server/preprocessor/path_insensitive_walk.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "pump/include_server/preprocessor/header_operand.h"
#include "pump/include_server/preprocessor/walker.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// Expansions of one computed name, and names that are taken from it.
constexpr unsigned kMostTries = 4096;
constexpr std::size_t kMostNames = 1024;

class PathInsensitiveWalk : private ExpansionEnvironment {
 public:
  PathInsensitiveWalk(Walker& walker, const Unit& unit, std::uint64_t limit, Closure& closure)
      : recorder_(walker.recorder()),
        predefined_(walker.predefined()),
        answers_(walker.answers()),
        unit_(unit),
        closure_(closure),
        expander_(macros_, *this, steps_) {
    steps_.limit = limit;
    expander_.set_language(unit.lex, unit.profile->clang, unit.profile->dialect.keeps_lone_comma);
  }

  void run() {
    closure_.approximate = true;
    predefined_.define_builtins(*unit_.profile, macros_);
    initial_ = predefined_.scans_of(unit_);
    for (const auto& scan : initial_) take_definitions(*scan);
    for (const ForcedFile& file : unit_.forced) reach(recorder_.forced(file), Resolution::kNoChain);
    if (unit_.profile->preincludes_stdc_predef) {
      Resolution& predefined = recorder_.lookup().include(0, intern("stdc-predef.h"), true);
      recorder_.record(predefined, false);
      reach(predefined, Resolution::kNoChain);
    }
    reach(recorder_.source(), Resolution::kNoChain);
    do {
      while (!pending_.empty() && !is_over()) {
        const Visit visit = pending_.back();
        pending_.pop_back();
        read(visit);
      }
      // New files may define macros that the names of earlier computed includes are made of.
      for (std::size_t i = 0; i < computed_.size() && !is_over(); ++i) follow(computed_[i]);
    } while (!pending_.empty() && !is_over());
    closure_.steps += steps_.steps;
    if (steps_.exhausted()) recorder_.give_up(GiveUp::Budget, unit_.source);
  }

 private:
  struct Visit {
    Resolution* where;
    int found_at;  ///< ClosureRecorder::chain_position()
  };
  /// A header name that must be expanded.
  struct Computed {
    Visit visit;
    const std::vector<Token>* tokens;
    std::size_t begin;  ///< index of the operand in `tokens`
    enum class Use { Include, Embed, Probe } use;
    bool next;
    std::uint32_t line;
    std::uint64_t tried_with = 0;  ///< number of definitions at the last try
  };

  [[nodiscard]] bool is_over() const { return steps_.exhausted() || recorder_.gave_up(); }

  /// `includer`: chain_position() of the includer.
  void reach(Resolution& resolution, int includer) {
    if (resolution.file == nullptr) return;
    recorder_.record(resolution, true);
    const int found_at = recorder_.chain_position(resolution, includer);
    if (!visited_.emplace(resolution.file, resolution.directory, found_at).second) return;
    pending_.push_back({&resolution, found_at});
  }

  void read(const Visit& visit) {
    const WalkedScan* const walked = recorder_.scan_of(*visit.where->file);
    if (walked == nullptr) return;
    const Scan& scan = *walked->scan;
    if (unit_.converts_text) recorder_.check_charset(scan, *visit.where);
    recorder_.open(*visit.where);
    steps_.add(scan.directives.size());
    take_definitions(scan);
    for (const Directive& directive : scan.directives) {
      if (is_over()) return;
      read_directive(visit, scan, directive);
    }
  }

  void read_directive(const Visit& visit, const Scan& scan, const Directive& directive) {
    switch (directive.kind) {
      case DirectiveKind::Include:
      case DirectiveKind::IncludeNext:
      case DirectiveKind::Import:
      case DirectiveKind::Embed:
        include(visit, scan, directive);
        break;
      case DirectiveKind::AssemblerFile:
        recorder_.assembler_file(directive.name, place(visit, directive.line));
        break;
      case DirectiveKind::Refused:
        not_sendable(visit, directive.line, spelling(directive.name));
        break;
      case DirectiveKind::LocalValue:
        recorder_.check_local_value(directive.name, macros_.peek(directive.name),
                                    place(visit, directive.line));
        break;
      case DirectiveKind::Line: {
        std::vector<Token> tokens;
        tokenize(scan.operand(directive), unit_.lex, HeaderNames::None, tokens);
        recorder_.note_line(tokens, place(visit, directive.line));
        break;
      }
      case DirectiveKind::ChangesBuiltin:
        recorder_.note_builtin(macros_.peek(directive.name));
        break;
      case DirectiveKind::TargetPragma:
        if (!visit.where->system_headers && answers_.pragma_changes_macros(directive.name))
          recorder_.note_macro_pragma(place(visit, directive.line));
        break;
      case DirectiveKind::PragmaOnce:
        recorder_.mark_pragma_once(*visit.where->file);
        break;
      case DirectiveKind::Define:
        if (const Definition& macro = scan.definitions[directive.slot]; macro.mentions_probe())
          add_probes(visit, macro.parsed().body, true, directive.line);
        break;
      case DirectiveKind::If:
      case DirectiveKind::Elif:
        add_probes(visit, scan.expressions[directive.slot].get(scan), false, directive.line);
        break;
      default:
        break;
    }
  }

  void include(const Visit& visit, const Scan& scan, const Directive& directive) {
    const bool embed = directive.kind == DirectiveKind::Embed;
    const bool next = directive.kind == DirectiveKind::IncludeNext;
    if ((directive.flags & kComputed) != 0) {
      computed_.push_back({visit, &scan.expressions[directive.slot].get(scan), 0,
                           embed ? Computed::Use::Embed : Computed::Use::Include, next, directive.line});
      return;
    }
    if ((directive.flags & kAbsolute) != 0)
      recorder_.note_name(directive.name, embed ? nullptr : visit.where->file->entry,
                          place(visit, directive.line));
    Resolution& resolution = target(visit, directive.name, (directive.flags & kAngled) != 0, next);
    if (embed)
      recorder_.record_embedded(resolution);
    else
      reach(resolution, visit.found_at);
  }

  static std::string place(const Visit& visit, std::uint32_t line) {
    return os::format("{}:{}", visit.where->text, line);
  }

  void not_sendable(const Visit& visit, std::uint32_t line, std::string_view what) {
    recorder_.give_up(GiveUp::NotSendable, os::format("{}: {}", place(visit, line), what));
  }

  /// The __has_includes in an expression, or in the body of a macro that an expression may contain.
  void add_probes(const Visit& visit, const std::vector<Token>& tokens, bool body, std::uint32_t line) {
    const auto operands = probe_operands(tokens, body);
    if (!operands)
      return not_sendable(visit, line, "the operand of __has_include comes from a macro's argument");
    for (const ProbeOperand& operand : *operands)
      computed_.push_back({visit, &tokens, operand.begin, Computed::Use::Probe, operand.next, line});
  }

  Resolution& target(const Visit& visit, Symbol name, bool angled, bool next) {
    if (next) recorder_.check_next(*visit.where, visit.found_at);
    Resolution& resolution =
        recorder_.resolve(*visit.where, visit.found_at, visit.where->system_headers, name, angled, next);
    if (!resolution.found && resolution.only_precompiled)
      recorder_.give_up(GiveUp::NotSendable, os::format("{} exists only precompiled", spelling(name)));
    recorder_.record(resolution, false);
    return resolution;
  }

  /// A macro may have any of its definitions seen so far, or be undefined.
  void take_definitions(const Scan& scan) {
    for (const Directive& directive : scan.directives) {
      if (directive.kind != DirectiveKind::Define) continue;
      std::vector<const Definition*>& seen = definitions_[directive.name];
      const Definition* const definition = &scan.definitions[directive.slot];
      const bool known = std::any_of(seen.begin(), seen.end(), [&](const Definition* one) {
        return one == definition || one->text() == definition->text();
      });
      if (known) continue;
      seen.push_back(definition);
      ++definition_count_;
      std::vector<const Definition*> choices = seen;
      choices.push_back(nullptr);
      macros_.set(directive.name, macros_.several(std::move(choices)));
    }
  }

  /// Tries a computed name, unless no definition was added since the last try.
  void follow(Computed& computed) {
    if (computed.tried_with == definition_count_) return;
    computed.tried_with = definition_count_;
    const std::vector<Token> operand(computed.tokens->begin() + static_cast<std::ptrdiff_t>(computed.begin),
                                     computed.tokens->end());
    const Visit visit = computed.visit;
    std::set<HeaderName> names;
    unsigned tries = kMostTries;
    if (!possible_headers(expander_, macros_, unit_.profile->clang, operand, names, tries) ||
        names.size() > kMostNames) {
      recorder_.give_up(GiveUp::Budget, place(visit, computed.line) + ": computed include");
      return;
    }
    for (const auto& [name, angled] : names) {
      Resolution& resolution = target(visit, name, angled, computed.next);
      recorder_.note_name(name, nullptr, place(visit, computed.line));
      if (computed.use == Computed::Use::Include) reach(resolution, visit.found_at);
      if (computed.use == Computed::Use::Embed) recorder_.record_embedded(resolution);
    }
  }

  Token value_of(Builtin /*builtin*/) override { return Token{0, TokenKind::Unknown, 0, 0}; }
  std::optional<bool> has_include(Builtin, std::string_view, bool) override { return std::nullopt; }
  std::optional<std::int64_t> query(const std::string&) override { return std::nullopt; }

  ClosureRecorder& recorder_;
  PredefinedMacros& predefined_;
  CompilerAnswers& answers_;
  const Unit& unit_;
  Closure& closure_;
  StepCounter steps_;
  MacroTable macros_;
  Expander expander_;
  PredefinedMacros::Scans initial_;  ///< kept: definitions point into them
  std::unordered_map<Symbol, std::vector<const Definition*>> definitions_;
  std::uint64_t definition_count_ = 0;
  std::set<std::tuple<SourceFile*, Symbol, int>> visited_;
  std::vector<Visit> pending_;
  std::vector<Computed> computed_;
};

}  // namespace

void walk_path_insensitively(Walker& walker, const Unit& unit, std::uint64_t step_limit, Closure& closure) {
  PathInsensitiveWalk(walker, unit, step_limit, closure).run();
}

}  // namespace pump::include_server
