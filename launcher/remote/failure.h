// Why a unit could not be compiled on a host, as a value. Any thread; no I/O.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "pump/scheduler/messages.h"

namespace pump::launcher {

struct Failure {
  scheduler::Outcome outcome = scheduler::Outcome::ProtocolError;
  std::string detail;  ///< for people
  bool here = false;   ///< this machine is at fault, not the host; `outcome` is then Moved
};

template <typename T>
using Attempt = tl::expected<T, Failure>;

inline tl::unexpected<Failure> fail_with(scheduler::Outcome outcome, std::string detail) {
  return tl::unexpected<Failure>(Failure{outcome, std::move(detail), false});
}
inline tl::unexpected<Failure> fail_here(std::string detail) {
  return tl::unexpected<Failure>(Failure{scheduler::Outcome::Moved, std::move(detail), true});
}

/// The outcome for an errno of connect, send or recv.
scheduler::Outcome outcome_of_errno(int code);

/// What a complete reply says: Ok, CompileError, or which fault of the host made the compiler fail. The status is as
/// from waitpid(); the messages are the compiler's, and distccd's own. detail: the line that shows it, or else the
/// first one; empty if Ok.
///
/// Compilers and assemblers tell no cause other than by words, so this looks for the words of gcc, clang, GNU as and
/// distccd in English; in other languages a fault is taken for a compile error. The words count only in lines that
/// compilers write about themselves, and not in lines that quote the source.
Failure judge_reply(int wait_status, std::string_view messages);

}  // namespace pump::launcher
