// The messages between a launcher and the scheduler (docs/scheduler.md).
//
// The socket is of type SOCK_SEQPACKET: one message is one packet of at most kMostBytes. A packet is a list of
// fields, each ended by NUL; the first is the message's name. Numbers are decimal. Strings are bytes without
// NUL. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pump/os/error.h"

namespace pump::scheduler {

inline constexpr std::size_t kMostBytes = 128U << 10U;

/// What happened to a unit on a host.
enum class Outcome {
  Ok,
  CompileError,     ///< the compiler ran and reported an error: a fact of the unit
  Refused,          ///< connection refused
  Unreachable,      ///< no route, name not found, connect timed out
  Reset,            ///< the connection ended while the job was sent or its reply read
  Closed,           ///< the host read the job, and closed the connection without a reply
  Stalled,          ///< no byte for DISTCC_IO_TIMEOUT
  NoSpace,          ///< the server's disk is full
  NoMemory,         ///< the server is out of memory, or killed the compiler
  CompilerRefused,  ///< the host says that it has no such compiler, or not all of it
  CompilerDiffers,  ///< the host has another version of it
  CompilerCrashed,  ///< by a signal, or an internal compiler error
  ProtocolError,    ///< not a reply of distccd
  Moved,            ///< after a `Move`
};
/// "ok", "compile-error", "refused" …: also in records.
std::string_view name(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view name);

/// Launcher: asks for a host.
struct Want {
  std::string hosts;       ///< as in DISTCC_HOSTS
  std::string compiler;    ///< the name by which distccd finds it, and its version here
  std::string unit;        ///< the same for the same unit in the next build: working directory and object
  std::uint64_t size = 0;  ///< the number of files it reads; 0: not known
  std::string build;       ///< the same for all units of one build
  std::string distcc_directory;     ///< of lock files and state files; empty: none
  std::string source;               ///< for people
  std::vector<std::string> failed;  ///< Host::text of hosts that failed this unit
};
/// Launcher: the connection to the host is made.
struct Connected {
  std::string address;  ///< the one of Grant::addresses that accepted it, unless it was the first; else empty
};
/// Launcher: the grant is no longer needed.
struct Done {
  Outcome outcome = Outcome::Ok;
  std::string detail;                                                ///< the server's words, for people
  double connecting = 0, sending = 0, compiling = 0, receiving = 0;  ///< seconds
};
/// Launcher or anyone: asks for the state as JSON.
struct StatusRequest {};
/// Scheduler: a granted slot.
struct Grant {
  std::string host;  ///< distcc::Host::text
  unsigned slot = 0;
  double predicted = 0;                ///< seconds; 0: not known
  std::vector<std::string> addresses;  ///< numeric, IPv4 or IPv6, in the order to try; empty for ssh
};
/// Scheduler: compile locally.
struct Local {
  std::string reason;  ///< "hosts-down", "compiler-refused", "compiler-differs", "hosts-failed"
  std::string detail;
};
enum class MoveCause {
  Faster,    ///< another host is: no fault
  NoAnswer,  ///< a fault of the host
  Stopped,   ///< the launcher was: no fault
};
/// Scheduler: give up the host and ask again.
struct Move {
  MoveCause cause = MoveCause::Faster;
  std::string reason;  ///< for people
};
struct StatusReply {
  std::string json;
};

using Message = std::variant<Want, Connected, Done, StatusRequest, Grant, Local, Move, StatusReply>;

std::string encode(const Message& message);
/// Error: not a message.
Expected<Message> decode(std::string_view packet);

}  // namespace pump::scheduler
