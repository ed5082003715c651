// What the launcher does once distcc has ended: it reads distcc's result, repairs the object's debug
// information, sets aside what works here only, and writes the record.
//
// Whatever distcc could not do is done here, by the compiler itself; DISTCC_FALLBACK=0 forbids that only for
// failures of distcc. An object that would name the server's directory is never left behind. Main thread.
#pragma once

#include <string>
#include <vector>

#include "launcher/decide/decide.h"
#include "launcher/report/record.h"
#include "launcher/report/session_notes.h"
#include "launcher/run/set_aside.h"
#include "pump/distcc/distcc_log.h"
#include "pump/os/process.h"

namespace pump::launcher {

class DistccOutcome {
 public:
  struct Command {
    const Decision& decision;
    const std::vector<std::string>& argv;  ///< the caller's own words
    const CommandContext& context;
    std::string session_directory;  ///< empty: there is none
  };
  DistccOutcome(const Command& command, const SessionNotes& notes, const SetAside& set_aside,
                CommandRecord& record)
      : command_(command), notes_(notes), set_aside_(set_aside), record_(record) {}

  /// Compiles here, as the caller wrote it, and ends as the compiler does. Also for failures before distcc
  /// ran.
  [[noreturn]] void compile_here(FallbackReason fallback, const std::string& why);
  /// After a command with relative names: shows what distcc wrote to `messages`. Ends the process if the
  /// compiler does not know the options that this needs.
  void name_absolutely(const os::ExitStatus& status, int messages, SetAside::Level level);
  /// Ends the process with what the caller is to see. `pump_mode`: distcc had an include server to ask;
  /// `level`: how far the command had been set aside.
  [[noreturn]] void follow(const os::ExitStatus& status, const distcc::DistccResult& result, bool pump_mode,
                           SetAside::Level level);

 private:
  [[nodiscard]] bool distcc_failed(const os::ExitStatus& status) const;
  [[nodiscard]] bool fallback_forbidden() const;
  /// Compiles here; true where that worked.
  os::ExitStatus run_here();
  /// What came back is not what is made here.
  [[noreturn]] void compile_again(FallbackReason fallback, SetAside::Level level, const std::string& why);
  void set_aside(SetAside::Level level, const std::string& why);
  void set_compiler_aside(const std::string& why);
  void explain(const distcc::DistccResult& result);
  /// Makes the dependency file the local one. Error: it did not come back, or is another rule.
  [[nodiscard]] Status correct_dependencies() const;
  [[nodiscard]] bool reworded(bool pump_mode) const;
  /// What distcc made before it failed: the compiler here may leave none.
  void remove_new_dependencies() const;
  [[nodiscard]] std::string why_unknown(const distcc::DistccResult& result) const;
  [[nodiscard]] insight::Outcome outcome(const os::ExitStatus& status, const distcc::DistccResult& result,
                                         bool pump_mode) const;

  const Command& command_;
  const SessionNotes& notes_;
  const SetAside& set_aside_;
  CommandRecord& record_;
};

}  // namespace pump::launcher
