// Three-valued preprocessing: which files does this translation unit open?
//
// Walks compact directive lists (scan.h) with real macro semantics. What cannot be known (`__has_builtin` of
// something the compiler was not asked about, `__COUNTER__`) is unknown: both branches are walked and the
// macro states joined, so the result is never too small. Over the step budget the path-insensitive walk
// (path_insensitive_walk.h) answers instead.
//
// One Preprocessor per worker thread (it keeps its tables between units); the caches it is given are shared.
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
  std::uint64_t steps = 20'000'000;               ///< directives walked + tokens expanded before tier 3
  std::uint64_t reachability_steps = 20'000'000;  ///< of tier 3, before giving up
  unsigned nesting = 200;                         ///< include depth, gcc's -fmax-include-depth default
  bool remember = true;                           ///< what directives came to: evaluation_cache.h
};

/// Asks the compiler for the value of e.g. `__has_builtin(__builtin_foo)` under a profile; nothing: unknown.
using AskCompiler =
    std::function<std::optional<std::int64_t>(const CompilerProfile&, const std::string& query)>;

class Preprocessor {
 public:
  Preprocessor(FileTree& tree, ScanCache& scans, AskCompiler ask, Budget budget = {});
  ~Preprocessor();
  /// The caller holds a Snapshot of the tree. Never throws but std::bad_alloc.
  Closure run(const Unit& unit);
  /// True where a new one serves better: much of what this one keeps is of versions of files that have been
  /// replaced.
  [[nodiscard]] bool worn_out();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server
