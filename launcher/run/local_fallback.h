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

  /// True with DISTCC_FALLBACK=0: a failed distcc command must stay visible, so the caller must not compile
  /// after it. A successful one may still be followed by compile_again().
  [[nodiscard]] bool is_forbidden() const;
  /// Compiles because distcc was not run or failed itself.
  [[noreturn]] void compile(FallbackReason reason, const std::string& detail);
  /// Compiles in place of a remote result that cannot be used. If the compiler succeeds, the command is set
  /// aside one step further than `level`.
  [[noreturn]] void compile_again(FallbackReason reason, SetAside::Level level, const std::string& detail);
  /// Sets the command aside one step further than `level` until one of its inputs changes, for 24 hours at
  /// most; for one hour if the compiler does not list the inputs.
  void set_aside(SetAside::Level level, const std::string& detail);
  /// Sets aside all commands with -g by this compiler, if it is clang, until the compiler changes, for 24
  /// hours at most.
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
