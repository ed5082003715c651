// Why a compilation that could be distributed did not come back from another machine in pump mode: one
// enumerator per way, each with a name for records, a text and a remedy for people. Any thread; no I/O.
#pragma once

#include <string_view>

namespace pump::launcher {

enum class FallbackReason {
  // plain mode from the start: preprocessed here, compiled there
  Preprocessed,          ///< .i, .ii: nothing to include
  LinkTimeOptimisation,  ///< bytecode names the directory it was made in, where nothing can repair it
  DebugAssembly,         ///< -S with -g: the same, as text
  NoPumpHost,            ///< no host has ",cpp"
  NoIncludeServer,
  SetAside,  ///< failed in pump mode before; see set_aside.h
  // while it ran
  IncludesUnknown,     ///< the include server answered "cannot"
  ByHostsList,         ///< the hosts name this machine
  HostHungUp,          ///< the host took the job and ended the connection: distccd refuses a compiler so
  HostsFailed,         ///< distcc found no host that took the job
  RemoteFailed,        ///< failed there and passed here
  DebugUnrepairable,   ///< the object names the server's directory, and it stays there
  DependenciesUnlike,  ///< the dependency file did not come back as the compiler writes it
  DistccFailed,        ///< distcc ended by itself, or could not be started
};

/// Stable identifier, as in records: "includes-unknown".
std::string_view name(FallbackReason fallback);
/// One clause for people.
std::string_view text(FallbackReason fallback);
/// What to change.
std::string_view remedy(FallbackReason fallback);

}  // namespace pump::launcher
