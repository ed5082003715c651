#include "pump/include_server/preprocessor/path_insensitive_walk.h"

#include <fmt/format.h>

#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "pump/include_server/preprocessor/header_operand.h"
#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {
namespace {

/// Combinations of definitions tried for one computed name, and names taken from it.
constexpr unsigned kMostTries = 4096;
constexpr std::size_t kMostNames = 1024;

class Reachability : private ExpansionHost {
 public:
  Reachability(Walker& walker, const Unit& unit, std::uint64_t limit, Closure& closure)
      : walker_(walker), unit_(unit), closure_(closure), expander_(macros_, *this, steps_) {
    steps_.limit = limit;
    expander_.set_language(unit.lex, unit.profile->clang, unit.profile->dialect.keeps_lone_comma);
  }

  void run() {
    closure_.approximate = true;
    walker_.define_builtins(macros_);
    initial_ = walker_.initial_scans();
    for (const auto& scan : initial_) take_definitions(*scan);
    for (const ForcedFile& file : unit_.forced) reach(walker_.forced(file), Resolution::kNoChain);
    if (unit_.profile->preincludes_stdc_predef)
      reach(found(walker_.lookup().include(0, intern("stdc-predef.h"), true)), Resolution::kNoChain);
    reach(*walker_.source(), Resolution::kNoChain);
    do {
      while (!pending_.empty() && !over()) {
        const Visit visit = pending_.back();
        pending_.pop_back();
        read(visit);
      }
      // New files may define what computed names are made of.
      for (std::size_t i = 0; i < computed_.size() && !over(); ++i) follow(computed_[i]);
    } while (!pending_.empty() && !over());
    closure_.steps += steps_.steps;
    if (steps_.exhausted()) walker_.give_up(GiveUp::Budget, unit_.source);
  }

 private:
  struct Visit {
    Resolution* where;
    int found_at;  ///< Walker::chain_position()
  };
  struct Computed {
    Visit visit;
    const std::vector<Token>* tokens;  ///< from the operand on
    std::size_t begin;
    bool enters;
    bool next;
    std::uint32_t line;
    std::uint64_t tried_with = 0;  ///< definitions known at the last try
  };

  [[nodiscard]] bool over() const { return steps_.exhausted() || walker_.gave_up(); }

  Resolution& found(Resolution& resolution) {
    walker_.record(resolution, false);
    return resolution;
  }

  /// `includer`: the includer's position.
  void reach(Resolution& resolution, int includer) {
    if (resolution.file == nullptr) return;
    walker_.record(resolution, true);
    const int found_at = walker_.chain_position(resolution, includer);
    if (!visited_.emplace(resolution.file, resolution.directory, found_at).second) return;
    pending_.push_back({&resolution, found_at});
  }

  void read(const Visit& visit) {
    const WalkedScan* const walked = walker_.scan_of(*visit.where->file);
    if (walked == nullptr) return;
    const Scan& scan = *walked->scan;
    if (unit_.converts_text) walker_.check_charset(scan, *visit.where);
    closure_.files[visit.where->file->closure_index].hash = visit.where->file->hash;
    steps_.add(scan.directives.size());
    take_definitions(scan);
    for (const Directive& directive : scan.directives) {
      if (over()) return;
      read_directive(visit, scan, directive);
    }
  }

  void read_directive(const Visit& visit, const Scan& scan, const Directive& directive) {
    switch (directive.kind) {
      case DirectiveKind::Include:
      case DirectiveKind::IncludeNext:
      case DirectiveKind::Import: {
        const bool next = directive.kind == DirectiveKind::IncludeNext;
        if ((directive.flags & kComputed) != 0) {
          computed_.push_back(
              {visit, &scan.expressions[directive.slot].get(scan), 0, true, next, directive.line});
        } else {
          if ((directive.flags & kAbsolute) != 0)
            walker_.note_name(directive.name, visit.where->file->entry, place(visit, directive.line));
          reach(target(visit, directive.name, (directive.flags & kAngled) != 0, next), visit.found_at);
        }
        break;
      }
      case DirectiveKind::Embed:
        if ((directive.flags & kComputed) == 0) {
          walker_.note_name(directive.name, nullptr, place(visit, directive.line));
          target(visit, directive.name, (directive.flags & kAngled) != 0, false);
        } else {
          computed_.push_back(
              {visit, &scan.expressions[directive.slot].get(scan), 0, false, false, directive.line});
        }
        break;
      case DirectiveKind::AssemblerFile:
        walker_.assembler_file(directive.name, place(visit, directive.line));
        break;
      case DirectiveKind::Refused:
        cannot_travel(visit, directive.line, spelling(directive.name));
        break;
      case DirectiveKind::LocalValue:
        walker_.local_value(place(visit, directive.line), directive.name);
        break;
      case DirectiveKind::TargetPragma:
        if (!visit.where->system_headers) walker_.macro_pragma(directive.name, place(visit, directive.line));
        break;
      case DirectiveKind::PragmaOnce:
        closure_.files[visit.where->file->closure_index].pragma_once = true;
        break;
      case DirectiveKind::Define:
        if (const Definition& macro = scan.definitions[directive.slot]; macro.mentions_probe())
          probes(visit, macro.parsed().body, true, directive.line);
        break;
      case DirectiveKind::If:
      case DirectiveKind::Elif:
        probes(visit, scan.expressions[directive.slot].get(scan), false, directive.line);
        break;
      default:
        break;
    }
  }

  static std::string place(const Visit& visit, std::uint32_t line) {
    return fmt::format("{}:{}", spelling(visit.where->spelled), line);
  }

  void cannot_travel(const Visit& visit, std::uint32_t line, std::string_view what) {
    walker_.give_up(GiveUp::NotSendable, fmt::format("{}: {}", place(visit, line), what));
  }

  /// In an expression, or in a macro that may become part of one.
  void probes(const Visit& visit, const std::vector<Token>& tokens, bool body, std::uint32_t line) {
    const auto operands = probe_operands(tokens, body);
    if (!operands)
      return cannot_travel(visit, line, "what __has_include asks for comes from a macro's argument");
    for (const ProbeOperand& operand : *operands)
      computed_.push_back({visit, &tokens, operand.begin, false, operand.next, line});
  }

  Resolution& target(const Visit& visit, Symbol name, bool angled, bool next) {
    Resolution& resolution =
        walker_.resolve(*visit.where, visit.found_at, visit.where->system_headers, name, angled, next);
    if (!resolution.found && resolution.only_precompiled)
      walker_.give_up(GiveUp::NotSendable, std::string(spelling(name)) + " exists only precompiled");
    return found(resolution);
  }

  void take_definitions(const Scan& scan) {
    for (const Directive& directive : scan.directives) {
      if (directive.kind != DirectiveKind::Define) continue;
      std::vector<const Definition*>& seen = definitions_[directive.name];
      const Definition* definition = &scan.definitions[directive.slot];
      bool known = false;
      for (const Definition* one : seen)
        known = known || one == definition || one->text() == definition->text();
      if (known) continue;
      seen.push_back(definition);
      ++definition_count_;
      std::vector<const Definition*> choices = seen;
      choices.push_back(nullptr);
      macros_.set(directive.name, macros_.several(std::move(choices)));
    }
  }

  void follow(Computed& computed) {
    if (computed.tried_with == definition_count_) return;
    computed.tried_with = definition_count_;
    const std::vector<Token> operand(computed.tokens->begin() + static_cast<std::ptrdiff_t>(computed.begin),
                                     computed.tokens->end());
    std::set<HeaderName> names;
    unsigned tries = kMostTries;
    if (!header_names(expander_, macros_, unit_.profile->clang, operand, names, tries) ||
        names.size() > kMostNames) {
      walker_.give_up(GiveUp::Budget, place(computed.visit, computed.line) + ": computed include");
      return;
    }
    for (const auto& [name, angled] : names) {
      Resolution& resolution = target(computed.visit, name, angled, computed.next);
      walker_.note_name(name, nullptr, place(computed.visit, computed.line));
      if (computed.enters) reach(resolution, computed.visit.found_at);
    }
  }

  Token value_of(Builtin /*builtin*/) override { return Token{0, TokenKind::Unknown, 0, 0}; }
  std::optional<bool> has_include(Builtin, std::string_view, bool) override { return std::nullopt; }
  std::optional<std::int64_t> query(const std::string&) override { return std::nullopt; }

  Walker& walker_;
  const Unit& unit_;
  Closure& closure_;
  StepCounter steps_;
  MacroTable macros_;
  Expander expander_;
  std::vector<std::shared_ptr<const Scan>> initial_;
  std::unordered_map<Symbol, std::vector<const Definition*>> definitions_;
  std::uint64_t definition_count_ = 0;
  std::set<std::tuple<SourceFile*, Symbol, int>> visited_;
  std::vector<Visit> pending_;
  std::vector<Computed> computed_;
};

}  // namespace

void reach_everything(Walker& walker, const Unit& unit, std::uint64_t step_limit, Closure& closure) {
  Reachability(walker, unit, step_limit, closure).run();
}

}  // namespace pump::include_server
