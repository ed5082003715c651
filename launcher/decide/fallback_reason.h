// Why a unit that could be distributed was compiled here. Each reason
// has a name for records, a text and a remedy for people. Any thread; no I/O.
#pragma once

#include <string_view>

namespace pump::launcher {

enum class FallbackReason {
  NoPumpHost,          ///< no host has ",cpp,lzo"
  NoIncludeServer,     ///< the session's server cannot be started, or does not answer
  SetAside,            ///< failed remotely before; see set_aside.h
  IncludesUnknown,     ///< the include server answered "cannot"
  HostsFailed,         ///< no host could take it
  HostsClosed,         ///< the last one that tried it closed the connection without a reply
  CompilerRefused,     ///< no host has the compiler, or allows it
  CompilerDiffers,     ///< the hosts have another version of it
  RemoteFailed,        ///< failed on a host, then compiled here
  DebugUnrepairable,   ///< the object names the server's directory, which could not be replaced
  NamesUnlike,         ///< names of files on a host would change the object or the messages
  MessagesUnlike,      ///< its messages cannot be made equal to local ones
  DependenciesUnlike,  ///< the dependency rule did not come back as the compiler writes it
  Misjudged,           ///< the host's compiler read other files than predicted
  OutputNotWritten,    ///< an output could not be written: the compiler reports it
};

/// Stable identifier, as in records: "includes-unknown".
std::string_view name(FallbackReason reason);
/// One clause for people.
std::string_view text(FallbackReason reason);
/// What to change.
std::string_view remedy(FallbackReason reason);

}  // namespace pump::launcher
