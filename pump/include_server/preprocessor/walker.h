// The three-valued walk of one translation unit over the scans of its files.
//
// Where a condition is known, one branch is walked. Where it is not, each is walked from the same state, and
// the states are joined: macros become sets of alternatives, "was entered" becomes maybe. A branch that
// certainly ends in #error or in a missing header contributes nothing to the join, because a compilation that
// takes it fails. One per worker. Parts: walker.cc (units, files, directives), walker_branches.cc
// (conditions), walker_includes.cc (includes), walker_closure.cc (what goes into the closure),
// walker_values.cc (what expansion asks).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/evaluation_cache.h"
#include "pump/include_server/preprocessor/expansion.h"
#include "pump/include_server/preprocessor/expression.h"
#include "pump/include_server/preprocessor/include_lookup.h"
#include "pump/include_server/preprocessor/preprocessor.h"

namespace pump::include_server {

/// What clang knows a file by: device and inode.
using FileId = std::pair<std::uint64_t, std::uint64_t>;
struct HashFileId {
  std::size_t operator()(const FileId& id) const {
    return (id.second ^ id.first << 48U) * 0x9E3779B97F4A7C15U >> 16U;
  }
};

class Walker : private ExpansionHost {
 public:
  Walker(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget);

  /// True where the closure is complete (or gives up); false where only the path-insensitive walk can tell.
  bool run(const Unit& unit, Closure& closure);

  // Shared with the path-insensitive walk.
  [[nodiscard]] IncludeLookup& lookup() { return lookup_; }
  /// nullptr where it cannot be read: the closure says why.
  [[nodiscard]] WalkedScan* scan_of(SourceFile& file);
  void record(Resolution& resolution, bool entered);
  void give_up(GiveUp reason, std::string detail);
  [[nodiscard]] bool gave_up() const { return closure_->give_up != GiveUp::None; }
  [[nodiscard]] Resolution* source() { return source_; }
  [[nodiscard]] Resolution& forced(const ForcedFile& file);
  void record_extra_inputs();
  /// The predefined macros and -D, -U, as scans to be walked in order.
  [[nodiscard]] std::vector<std::shared_ptr<const Scan>> initial_scans();
  void define_builtins(MacroTable& macros);
  /// Where in the search path an #include_next goes on in a file that was found so, by an includer with that
  /// position. A file beside its includer has its includer's position for clang; gcc begins anew.
  [[nodiscard]] int chain_position(const Resolution& found, int includer) const;
  /// `found_at`: the includer's position. `system`: the includer counts as a system header.
  Resolution& resolve(const Resolution& includer, int found_at, bool system, Symbol name, bool angled,
                      bool next);
  /// A text asks for `name`, which may be absolute. `in`: where the copy of that text can be made to name it
  /// otherwise; nullptr where it stands in a macro, in __has_include or #embed.
  void note_name(Symbol name, const Entry* in, const std::string& place);
  /// `name`: of .incbin or .include; 0: computed.
  void assembler_file(Symbol name, const std::string& place);
  bool macro_pragma(Symbol pragma, const std::string& place);
  /// Gives up where -finput-charset changes what the directives of a file say.
  void check_charset(const Scan& scan, const Resolution& where);
  /// Gives up where `macro`, one of is_local_value(), says something else on a server; `place`: where it is
  /// used.
  void local_value(const std::string& place, Symbol macro);

 private:
  struct Frame {
    const Frame* includer;
    WalkedScan* walked;  ///< nullptr: outside of all files
    const Resolution* resolution;
    unsigned level;           ///< 0: the source itself
    std::uint32_t line = 0;   ///< of the directive being walked
    bool many_lines = false;  ///< that one ends on another line
    std::int64_t line_shift = 0;
    bool line_known = true, file_known = true;
    Symbol presumed = 0;  ///< __FILE__ by #line
    bool system_header = false;
    int found_at = Resolution::kNoChain;  ///< chain_position()
    bool servers_own = false;             ///< the server's compiler reads its own file there

    void stand_at(const Directive& directive) {
      line = directive.line;
      many_lines = (directive.flags & kManyLines) != 0;
    }
  };
  struct Refinement {
    Symbol name = 0;
    MacroState if_true, if_false;
  };
  struct FileState {
    Certainty once, entered;
  };
  struct BranchResult {
    std::vector<MacroTable::Change> macros;
    std::vector<std::pair<SourceFile*, FileState>> files;
    std::map<Symbol, std::vector<MacroState>> pushed;
    bool dead = false;
  };

  void begin(const Unit& unit, Closure& closure);
  void walk_all();
  void walk_forced_files();
  const std::vector<MacroTable::Change>& initial_macros(const Scan& scan);
  void forget_texts();
  void walk(DirectiveIndex begin, DirectiveIndex end);
  void directive(const Directive& directive);
  void command_line_directive(const Directive& one);
  [[nodiscard]] bool pragma_changes_macros(Symbol pragma);
  void define(Symbol name, MacroState state) {
    if (!volatile_.empty() && volatile_.count(name) != 0) {
      macros_.set_anything(name);
    } else {
      macros_.set(name, state);
    }
  }
  [[nodiscard]] bool is_name_for_pragma(Symbol name) const;
  void push_macro(Symbol name);
  void pop_macro(Symbol name);
  void line_directive(const Directive& directive);
  void take_no_longer() {
    if (steps_.exhausted()) stop_incomplete();
  }
  void stop_incomplete() {
    incomplete_ = stopped_ = true;
    not_exact("too much to follow exactly");
  }
  void not_exact(const char* why);

  // walker_branches.cc
  DirectiveIndex conditional(DirectiveIndex index);
  /// What most conditions come to: Unknown where condition() must tell.
  [[nodiscard]] Truth known_condition(const Directive& directive) const {
    if (directive.kind != DirectiveKind::If && directive.kind != DirectiveKind::Elif)
      return known_definedness(directive);
    const CachedCondition* const cached =
        conditions_.find(frame_->walked->conditions[directive.slot], *unit_->profile, macros_);
    return cached != nullptr ? cached->truth : Truth::Unknown;
  }
  [[nodiscard]] Truth known_definedness(const Directive& directive) const {
    const MacroState state = macros_.peek(directive.name);
    if (!state.certain()) return Truth::Unknown;
    const bool negated = directive.kind == DirectiveKind::Ifndef || directive.kind == DirectiveKind::Elifndef;
    return state.undefined() == negated ? Truth::True : Truth::False;
  }
  DirectiveIndex run(DirectiveIndex start);
  DirectiveIndex walk_run(DirectiveIndex start);
  std::optional<DirectiveIndex> known_group(DirectiveIndex index);
  void forget_runs();
  Truth condition(const Directive& directive, Refinement& refinement);
  Truth evaluate(const std::vector<Token>& tokens, Refinement& refinement);
  Truth definedness(const Directive& directive, Refinement& refinement);
  void probe_everything(const std::vector<Token>& expression);
  Truth expression(const std::vector<Token>& tokens, unsigned& tries, Refinement* refinement);
  void unknown_branch(DirectiveIndex index, const Refinement& refinement);
  BranchResult branch(const std::function<void()>& walk_it);
  void join(const BranchResult& one, const BranchResult& other);
  void apply(const BranchResult& only);
  void either(const std::function<void()>& one, const std::function<void()>& other);

  // walker_includes.cc
  void include(const Directive& directive);
  static void prefetch(const CachedInclude& cached);
  void include_computed(const Directive& directive);
  void include_name(const Directive& directive, Symbol name, bool angled);
  void include_found(const Directive& directive, Symbol name, Resolution& resolution);
  void enter(Resolution& resolution, bool import);
  [[nodiscard]] bool being_read(const SourceFile& file);
  void opened(Resolution& resolution);
  void name_walked(Resolution& resolution);
  void walk_file(Resolution& resolution, WalkedScan& walked);
  Resolution& resolve_remembered(const Directive& directive);
  [[nodiscard]] bool certainly_skipped(const Resolution& resolution) const;
  void look_for_twin(SourceFile& file);
  void take_for_first_name(const SourceFile& file, const Resolution& resolution);
  Symbol working_directory();
  [[nodiscard]] const Entry* first_name_of(const SourceFile& file) const;
  [[nodiscard]] std::vector<const SourceFile*> twins_once(const SourceFile& file) const;
  Certainty already_seen(SourceFile& file, bool import);
  [[nodiscard]] std::uint64_t once_key(const SourceFile& file) const;
  void set_file_state(SourceFile& file, FileState state);
  SourceFile& current(SourceFile& file);
  [[nodiscard]] bool is_servers_own(const Resolution& resolution) const {
    if (resolution.found_at >= 0)
      return unit_->search->directories[static_cast<std::size_t>(resolution.found_at)].system;
    return resolution.found_at == Resolution::kBeside && frame_ != nullptr && frame_->servers_own;
  }
  [[nodiscard]] Symbol name_of_directory(const Resolution& file);
  [[nodiscard]] std::string_view name_of_file() const;
  void missing(const Resolution& resolution, Symbol name);
  void fatal();
  void note_absolute(const Directive& directive);
  [[nodiscard]] std::string location() const;

  /// What a __has_include asks for: found or not, it is in the closure.
  Resolution& probe(Symbol name, bool angled, bool next);
  // ExpansionHost
  Token value_of(Builtin builtin) override;
  std::optional<bool> has_include(Builtin which, std::string_view name, bool angled) override;
  std::optional<std::int64_t> query(const std::string& text) override;

  FileTree& tree_;
  ScanCache& scans_;
  AskCompiler ask_;
  Budget budget_;
  StepCounter steps_;
  MacroTable macros_;
  Expander expander_;
  ExpressionEvaluator evaluator_;
  IncludeLookup lookup_;

  // The unit being walked.
  const Unit* unit_ = nullptr;
  Closure* closure_ = nullptr;
  bool clang_ = false;
  ScanMode mode_;
  std::uint32_t mode_bits_ = 0;
  Resolution* source_ = nullptr;
  Frame* frame_ = nullptr;
  bool dead_ = false;        ///< inside an unknown branch: it ends in an error
  bool stopped_ = false;     ///< dead_, incomplete_ or gave_up()
  bool incomplete_ = false;  ///< this walk cannot tell, or takes too long
  unsigned branches_ = 0;
  std::map<Symbol, std::vector<MacroState>> pushed_;
  std::set<Symbol> volatile_;                         ///< macros that a _Pragma in some macro's body changes
  std::vector<std::shared_ptr<const Scan>> initial_;  ///< kept: definitions point into them
  std::vector<SourceFile*> once_files_;
  std::vector<std::uint64_t> once_keys_;  ///< of once_files_: equal for files that could be the same
  std::vector<std::pair<SourceFile*, FileState>> file_trail_;
  tsl::robin_map<const Directory*, Symbol> directory_names_;  ///< clang: the first each was met by
  tsl::robin_map<const Entry*, Symbol>
      entered_from_;  ///< clang: by first_names_, the directory it was entered from first
  tsl::robin_map<const Entry*, const Directory*> met_through_link_;  ///< clang: where the link to it stands
  tsl::robin_map<FileId, const Entry*, HashFileId> first_names_;     ///< clang: of each file

  /// The condition being evaluated depends on more than its reads; it asked the compiler with all its flags.
  bool unrepeatable_ = true, asked_compiler_ = false;

  // Kept between units.
  std::size_t room_for_files_ = 0;  ///< in a closure
  ConditionStore conditions_;
  RunStore runs_;
  RunNotes notes_;
  tsl::robin_map<std::uint64_t, SourceFile*> file_of_content_;  ///< the first file of each ContentHash::low
  /// What initial_scans() answered last, and to which question: the next unit's is the same, as a rule.
  struct InitialScans {
    std::shared_ptr<const CompilerProfile> profile;
    std::vector<MacroAction> macros;
    std::uint64_t mode = 0;
    std::vector<std::shared_ptr<const Scan>> scans;
  };
  InitialScans last_initial_;
  std::map<std::string, std::shared_ptr<const Scan>> texts_;  ///< scans of predefined macros and of -D, -U
  /// What each of texts_ defines. Equal definitions of different texts are one, or what was remembered under
  /// -O2 would not hold under -O2 -fPIC.
  std::map<const Scan*, std::vector<MacroTable::Change>> initial_macros_;
  std::map<std::tuple<Symbol, std::uint64_t, std::string_view>, const Definition*> definition_of_;
  std::deque<Definition> builtins_;
  std::map<std::string, const Definition*> builtin_of_;
  std::uint64_t known_answers_ = 0;  ///< CompilerProfile::answers_id of answers_
  std::map<std::string, std::int64_t> answers_;
  std::uint64_t asked_profile_ = 0;
  std::map<std::string, std::optional<std::int64_t>> asked_;
};

}  // namespace pump::include_server
