// Compiles a command on this machine after all: distcc failed, or what it produced cannot be used.
//
// The compiler gets the caller's own words. [[noreturn]] functions end the process as the compiler ends. A
// unit that fails only remotely, or whose remote result cannot be used, is set aside (set_aside.h): the next
// build does not try pump mode with it. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"
#include "launcher/report/record.h"
#include "launcher/report/session_notes.h"
#include "launcher/run/set_aside.h"
#include "pump/os/process.h"

namespace pump::launcher {

/// One command that is distributed. What the references refer to must outlive it.
struct DistributedCommand {
  const Decision& decision;
  const std::vector<std::string>& argv;  ///< the caller's own words, compiler first
  const CommandContext& context;
  std::string session_directory;  ///< empty: there is no session
};

class LocalFallback {
 public:
  /// All arguments must outlive the object.
  LocalFallback(const DistributedCommand& command, const SessionNotes& notes, const SetAside& set_aside,
                CommandRecord& record)
      : command_(command), notes_(notes), set_aside_(set_aside), record_(record) {}

  /// True with DISTCC_FALLBACK=0: hosts that fail must not be hidden by a local compilation. Units that are compiled
  /// here by decision are not concerned.
  [[nodiscard]] bool is_forbidden() const;
  /// Compiles a unit that was not compiled on a host.
  [[noreturn]] void compile(FallbackReason reason, const std::string& detail);
  [[noreturn]] void compile(LocalReason reason, const std::string& detail);
  /// Compiles in place of a remote result that cannot be used. If the compiler succeeds, the unit is set aside. If it
  /// fails, too, the unit itself is at fault.
  [[noreturn]] void compile_again(FallbackReason reason, const std::string& detail);
  /// Sets aside all commands with -g by this clang until it changes, for 24 hours at most.
  void set_compiler_aside(const std::string& detail);
  /// The same compiler gets absolute names from now on, as long and with the same end.
  void keep_absolute_names(const std::string& detail);

 private:
  os::ExitStatus run_compiler_here();
  [[noreturn]] void end(const os::ExitStatus& status);
  [[noreturn]] void fail(FallbackReason reason, const std::string& detail);
  /// Until one of the unit's inputs changes, for 24 hours at most; for one hour if the compiler does not list them.
  void set_aside(const std::string& detail);

  const DistributedCommand& command_;
  const SessionNotes& notes_;
  const SetAside& set_aside_;
  CommandRecord& record_;
};

}  // namespace pump::launcher
