// Compiles a command on this machine after all: distcc failed, or what it produced cannot be used.
//
// The compiler gets the caller's own words, and the process ends as the compiler ends. A command that only
// fails in pump mode can be set aside (set_aside.h), so that the next build does not try the same again. Main
// thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"
#include "launcher/report/record.h"
#include "launcher/report/session_notes.h"
#include "launcher/run/set_aside.h"
#include "pump/os/process.h"

namespace pump::launcher {

/// One command that is distributed. All that is referenced must outlive it.
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

  /// True with DISTCC_FALLBACK=0: a failure of distcc must be visible, and compile() must not follow it. It does
  /// not concern compile_again().
  [[nodiscard]] bool is_forbidden() const;
  /// Compiles and ends the process.
  [[noreturn]] void compile(FallbackReason reason, const std::string& detail);
  /// The same in place of a result that differs from a local one. If the compiler succeeds, the command is
  /// set aside one step further than `level`.
  [[noreturn]] void compile_again(FallbackReason reason, SetAside::Level level, const std::string& detail);
  /// Sets the command aside one step further than `level` until one of its inputs changes, for 24 hours at
  /// most; for one hour if the compiler does not list the inputs.
  void set_aside(SetAside::Level level, const std::string& detail);
  /// Sets aside all commands with -g by this compiler until the compiler changes.
  void set_compiler_aside(const std::string& detail);

 private:
  os::ExitStatus run_compiler_here();
  [[noreturn]] void end(const os::ExitStatus& status);

  const DistributedCommand& command_;
  const SessionNotes& notes_;
  const SetAside& set_aside_;
  CommandRecord& record_;
};

}  // namespace pump::launcher
