// Compiler profiles: what each compiler, under the flags that matter, does by itself. Asked once, remembered
// until the compiler or a directory it looked for changes.
//
// Any thread; the caller holds a Snapshot. When several threads need the same new profile, one runs the
// compiler and the others wait for it. A compiler that failed is tried again after a few seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pump/include_server/compiler/compiler_find.h"
#include "pump/include_server/compiler/compiler_probe.h"
#include "pump/include_server/compiler/compiler_profile.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/os/environment.h"

namespace pump::include_server {

struct ProfileRequest {
  FoundCompiler compiler;
  std::vector<std::string> flags;
  std::string language;                          ///< one that the compiler preprocesses
  Directory* directory = nullptr;                ///< set where the flags name paths relative to it
  const os::Environment* environment = nullptr;  ///< the client's
};

/// True where two profiles may differ in `predefined` only, numbers aside.
bool same_but_for_macros(const CompilerProfile& a, const CompilerProfile& b);

/// The values of the variables that change what a compiler finds or defines, each ended by a NUL. Where it is
/// the same, any command gets the same answer.
std::string compiler_variables(const os::Environment& environment);

class Compilers {
 public:
  explicit Compilers(FileTree& tree);
  ~Compilers();

  struct Known {
    std::shared_ptr<const CompilerProfile> profile;
    std::vector<const Entry*> consulted;  ///< what it depends on besides the compiler's own path
  };
  /// `generation`: of the caller's Snapshot.
  Expected<Known> profile(const ProfileRequest& request, std::uint64_t generation);

  /// A __has_… query under a profile made here; remembered, failures too.
  std::optional<std::int64_t> ask(const CompilerProfile& profile, const std::string& query);
  /// True once ask() has been called for the profile.
  [[nodiscard]] bool was_asked(const CompilerProfile& profile) const;
  /// The compiler's own listing under further search options.
  Expected<SearchListing> list(const CompilerProfile& profile, const std::vector<std::string>& options,
                               const std::string& directory);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pump::include_server
