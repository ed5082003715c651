// What the launcher does after distcc has ended: it checks what distcc produced, repairs the object's debug
// information and the dependency file, writes the command's record and ends as distcc ended.
//
// If distcc itself failed, or an output cannot be made equal to a local one, LocalFallback compiles instead.
// An object that names the server's directory is never left. Main thread.
#pragma once

#include <string>

#include "launcher/run/local_fallback.h"
#include "pump/distcc/distcc_log.h"

namespace pump::launcher {

class DistccOutcome {
 public:
  /// How distcc ran.
  struct Attempt {
    os::ExitStatus status;
    bool pump_mode = false;  ///< distcc had an include server
    SetAside::Level level = SetAside::Level::Pump;
    distcc::DistccResult result;
  };
  /// All references must outlive the object.
  DistccOutcome(const DistributedCommand& command, Attempt attempt, LocalFallback& fallback,
                const SessionNotes& notes, CommandRecord& record)
      : command_(command),
        attempt_(std::move(attempt)),
        fallback_(fallback),
        notes_(notes),
        record_(record) {}

  /// For a command with relative names: prints what distcc wrote to the file `messages`, with absolute names.
  /// May not return: if the server's compiler rejected the options that such a command has, compiles again
  /// here and ends the process, unless DISTCC_FALLBACK=0.
  void print_messages(int messages);
  /// Checks, repairs and records; ends the process as distcc or the compiler here ended.
  [[noreturn]] void finish();

 private:
  [[nodiscard]] bool compiled_here() const { return attempt_.result.host == "localhost"; }
  /// True if outputs may differ from those of the caller's own command.
  [[nodiscard]] bool needs_repair() const;
  void check_outputs();
  void set_fallback_reason();
  [[nodiscard]] std::string includes_unknown_detail() const;
  [[nodiscard]] insight::Outcome outcome() const;

  const DistributedCommand& command_;
  const Attempt attempt_;
  LocalFallback& fallback_;
  const SessionNotes& notes_;
  CommandRecord& record_;
};

}  // namespace pump::launcher
