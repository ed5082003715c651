// The three-valued walk of one translation unit: the loop over directives, branches and includes.
//
// If a condition is known, one branch is walked. If it is unknown, each branch is walked from the same state,
// and the states are joined: macros become sets of alternatives, facts about files become Certainty::Maybe. A
// branch that certainly ends in #error or in a missing header is left out of the join, because a compilation
// that takes it fails. So the closure may be too large, but not too small.
//
// A computed #include is expanded with each combination of the possible definitions of its macros
// (header_operand.h). If that gives several headers, each is included in an unknown branch of its own.
//
// A file that was found is entered, except if
// - it, or the same file under another path, was entered before and is entered at most once: #pragma once,
//   #import (file_states.h);
// - its include guard is certainly defined;
// - includes are nested deeper than Budget::nesting.
//
// Part of one Preprocessor; not thread-safe. It keeps scans, lookups and cached results between units. The
// caller of Preprocessor::run() holds the Snapshot of the file tree.
//
// Rejected: one state per path through the unknown conditions. It is exact, but the number of states doubles
// with each condition. Joining keeps the work linear, and loses only what depends on two unknown conditions
// at once.
#pragma once

#include <functional>
#include <optional>

#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/closure_recorder.h"
#include "pump/include_server/preprocessor/compiler_answers.h"
#include "pump/include_server/preprocessor/condition_evaluator.h"
#include "pump/include_server/preprocessor/evaluation_cache.h"
#include "pump/include_server/preprocessor/file_states.h"
#include "pump/include_server/preprocessor/include_stack.h"
#include "pump/include_server/preprocessor/predefined_macros.h"
#include "pump/include_server/preprocessor/preprocessor.h"

namespace pump::include_server {

class Walker {
 public:
  Walker(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget);

  /// True if the closure is complete, or gives up; false if the path-insensitive walk must complete it.
  bool run(const Unit& unit, Closure& closure);

  // For the path-insensitive walk, which completes a closure.
  [[nodiscard]] ClosureRecorder& recorder() { return recorder_; }
  [[nodiscard]] PredefinedMacros& predefined() { return predefined_; }
  [[nodiscard]] CompilerAnswers& answers() { return answers_; }

 private:
  /// The state after one branch, as a difference from the state before it.
  struct Branch {
    MacroTable::Branch macros;
    FileStates::Changes files;
    bool dead = false;  ///< a compilation that takes the branch fails
  };

  bool begin(const Unit& unit, Closure& closure);
  void walk_unit();
  void walk_command_line();
  void walk(DirectiveIndex begin, DirectiveIndex end);
  void directive(const Directive& directive);
  [[nodiscard]] bool name_is_read_whole(Symbol name) const;
  void line_directive(const Directive& directive);
  void check_budget() {
    if (steps_.exhausted()) recorder_.set_incomplete();
  }
  [[nodiscard]] bool stopped() const { return dead_ || recorder_.stopped(); }

  // Conditions and branches.
  DirectiveIndex conditional(DirectiveIndex index);
  void unknown_branch(DirectiveIndex index, const Refinement& refinement);
  void either(const std::function<void()>& one, const std::function<void()>& other);
  Branch branch(const std::function<void()>& walk_it);
  void fatal();

  // Runs of directives that only read and write macros.
  DirectiveIndex run(DirectiveIndex start);
  DirectiveIndex walk_run(DirectiveIndex start);
  std::optional<DirectiveIndex> conditional_in_run(DirectiveIndex index);
  void forget_runs();

  // Includes.
  void include(const Directive& directive);
  void include_computed(const Directive& directive);
  void include_header(const Directive& directive, HeaderName header);
  void include_resolved(const Directive& directive, Symbol name, Resolution& resolution);
  void enter_forced(const ForcedFile& file);
  void note_include(const Resolution& resolution);
  Resolution& resolve(const Directive& directive);
  [[nodiscard]] bool certainly_skipped(const Resolution& resolution) const;
  void enter(Resolution& resolution, bool import);
  Certainty skipped_as_seen(SourceFile& file, bool import);
  void walk_file(Resolution& resolution, WalkedScan& walked);

  const Budget budget_;
  StepCounter steps_;
  IncludeStack stack_;
  MacroTable macros_;
  FileStates states_;
  ClosureRecorder recorder_;
  CompilerAnswers answers_;
  PredefinedMacros predefined_;
  ConditionEvaluator conditions_;
  ResultStore runs_;
  RunRecorder run_recorder_;

  // The unit being walked.
  const Unit* unit_ = nullptr;
  bool clang_ = false;
  bool dead_ = false;                ///< the present branch ends in an error
  unsigned branches_ = 0;            ///< unknown branches around the present directive
  bool has_included_ = false;        ///< certainly, -include counts
  PredefinedMacros::Scans initial_;  ///< kept: definitions point into them
};

}  // namespace pump::include_server
