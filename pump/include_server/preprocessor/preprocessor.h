// Three-valued preprocessing: which files does the compiler open for a translation unit?
//
// Lists of directives (lexer/scan.h) are walked with the macro semantics of the compiler. What cannot be
// known (__COUNTER__, a __has_builtin that the compiler has no answer to) is unknown: both branches are
// walked and the macro states joined, so the closure is never too small. If that takes too many steps, the
// path-insensitive walk (path_insensitive_walk.h) completes the closure.
//
// The folder, from the bottom:
// - macro_table.h, expansion.h, expression_value.h, expression.h: macros and #if expressions;
// - header_operand.h: the headers that a computed #include or a __has_include can name;
// - evaluation_cache.h, source_file.h: scans of files, and cached results of their directives;
// - include_lookup.h, clang_names.h: the file that a header name leads to;
// - include_stack.h, file_states.h: the walk's position, and which files it entered;
// - closure_recorder.h: the closure being built;
// - predefined_macros.h, compiler_answers.h, condition_evaluator.h: macros, builtins and conditions of a
//   unit;
// - walker.h, path_insensitive_walk.h: the two walks.
//
// One Preprocessor per thread at a time, because it keeps tables between units (preprocessor_pool.h). The
// file tree and the scan cache are shared.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class ScanCache;

struct Budget {
  std::uint64_t steps = 20'000'000;                   ///< directives walked and tokens expanded
  std::uint64_t path_insensitive_steps = 20'000'000;  ///< of that walk, before GiveUp::Budget
  unsigned nesting = 200;                             ///< include depth, gcc's default of -fmax-include-depth
  bool cache_results = true;                          ///< keep the results of directives (evaluation_cache.h)
};

/// Runs the compiler of the profile for the value of, for example, `__has_builtin(__builtin_foo)`; nothing:
/// unknown.
using AskCompiler =
    std::function<std::optional<std::int64_t>(const CompilerProfile&, const std::string& query)>;

class Preprocessor {
 public:
  Preprocessor(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget = {});
  ~Preprocessor();
  /// `snapshot`: a view of the tree, held by this thread; `unit` was built under it. Errors are
  /// Closure::give_up. Throws only std::bad_alloc; the Preprocessor is then unusable.
  Closure run(const FileTree::Snapshot& snapshot, const Unit& unit);
  /// True if 32 MiB or more are used for versions of files that have been replaced. They are freed only with
  /// the Preprocessor, so a new one should take its place.
  [[nodiscard]] bool is_outdated();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server
