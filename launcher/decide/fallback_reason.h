// Why a compilation that could be distributed was not compiled on another machine in pump mode. Each reason
// has a name for records, a text and a remedy for people. Any thread; no I/O.
#pragma once

#include <string_view>

namespace pump::launcher {

enum class FallbackReason {
  // plain mode from the start: preprocessed here, compiled there
  Preprocessed,          ///< .i, .ii: nothing to include
  LinkTimeOptimisation,  ///< bytecode names the directory it was made in, and cannot be repaired
  DebugAssembly,         ///< -S with -g: so does assembler text
  NoPumpHost,            ///< no host has ",cpp"
  NoIncludeServer,
  SetAside,  ///< failed in pump mode before; see set_aside.h
  // found while distcc ran, or after it
  IncludesUnknown,  ///< the include server answered "cannot"
  ByHostsList,      ///< the hosts name this machine
  HostHungUp,    ///< the host took the job and closed the connection: this is how distccd refuses a compiler
  HostsFailed,   ///< distcc found no host that took the job
  RemoteFailed,  ///< failed on the host, then succeeded here
  DebugUnrepairable,   ///< the object names the server's directory, which could not be replaced
  DependenciesUnlike,  ///< the dependency file did not come back as the compiler writes it
  DistccFailed,        ///< distcc failed itself, or could not be started
};

/// Stable identifier, as in records: "includes-unknown".
std::string_view name(FallbackReason reason);
/// One clause for people.
std::string_view text(FallbackReason reason);
/// What to change.
std::string_view remedy(FallbackReason reason);

}  // namespace pump::launcher
