// What compilers report about themselves, cached: a profile per compiler, flags, language and environment,
// and the answers to single queries. A profile stays valid until the compiler, or a directory it looked for,
// changes.
//
// Any thread. When several threads need the same new profile, one runs the compiler and the others wait for
// it. A compiler that failed is run again after 3 seconds at the earliest.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_probe.h"
#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/compiler/find_compiler.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/os/environment.h"

namespace pump::include_server {

struct ProfileRequest {
  FoundCompiler compiler;
  std::vector<std::string> flags;
  std::string language;                          ///< a -x name of a language that is preprocessed
  Directory* directory = nullptr;                ///< set if the flags name paths relative to it
  const os::Environment* environment = nullptr;  ///< the client's; never nullptr
};

/// True if the profiles differ in nothing but `predefined`, `id` and `answers_id`.
bool same_but_for_macros(const CompilerProfile& a, const CompilerProfile& b);

/// The values of the environment variables that change what a compiler finds or defines, each followed by a
/// NUL. Any command gives the same result under two environments with equal values.
std::string compiler_variables(const os::Environment& environment);

class CompilerCache {
 public:
  explicit CompilerCache(FileTree& tree);
  ~CompilerCache();

  struct CachedProfile {
    std::shared_ptr<const CompilerProfile> profile;
    std::vector<const Entry*> consulted;  ///< what it depends on besides the compiler's own path
  };
  /// Error: the compiler does not run, or does not report its defaults.
  Expected<CachedProfile> profile(const FileTree::Snapshot& snapshot, const ProfileRequest& request);

  /// The value of a __has_… query (compiler_query.h) under a profile of this cache. Runs the compiler for a
  /// new query. Returns nothing if the compiler gives no value, or for a profile that this cache did not
  /// make.
  std::optional<std::int64_t> ask(const CompilerProfile& profile, const std::string& query);
  /// True once ask() has been called for the profile.
  [[nodiscard]] bool was_asked(const CompilerProfile& profile) const;
  /// The search lists that the compiler prints under the profile's flags and `options`, run in `directory`.
  /// Not cached.
  Expected<SearchListing> list(const CompilerProfile& profile, const std::vector<std::string>& options,
                               const std::string& directory);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
