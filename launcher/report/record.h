// Writes a record of a command for `pump --why` and similar verbs (pump/insight/records.h). Failures to write
// are ignored: the launcher must print nothing of its own. Main thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "launcher/decide/decide.h"
#include "launcher/decide/fallback_reason.h"
#include "launcher/remote/remote_compilation.h"
#include "pump/insight/records.h"

namespace pump::launcher {

/// One command's record. Its time runs from the construction.
class CommandRecord {
 public:
  /// `context` must outlive the object.
  CommandRecord(const Decision& decision, const CommandContext& context);
  void set_session(const std::string& directory);
  void set_host(std::string host) { record_.host = std::move(host); }
  /// Keeps the first reason only: later ones are consequences of it.
  void set_reason(FallbackReason reason, std::string_view detail = {});
  void set_reason(LocalReason reason, std::string_view detail);
  /// What is unusual about a unit, whatever its outcome.
  void set_note(std::string note) { record_.note = std::move(note); }
  [[nodiscard]] bool has_reason() const { return !record_.reason.empty(); }
  /// The time between the two is the unit's wait for a slot. Several waits add up.
  void begin_waiting();
  void end_waiting();
  /// Of the last host.
  void set_result(const RemoteResult& result);
  /// A host that could not do the unit. `kind`: name of a scheduler::Outcome.
  void add_fault(std::string_view host, std::string_view kind, std::string_view detail);
  /// A host that the scheduler took the unit from, without a fault of the host.
  void add_move(std::string_view host, std::string_view reason);
  /// Writes the record. `finished`: the command has ended, so its duration is known.
  void write(insight::Outcome outcome, bool finished = true);

 private:
  template <typename Reason>
  void explain(Reason reason, std::string_view detail);

  const CommandContext& context_;
  insight::Record record_;
  double waiting_since_ = 0;
  double waiting_ = 0;  ///< seconds so far
};

/// Records a command that the compiler runs in place of this process. Commands that do not compile (linking,
/// queries, configuration checks) are not recorded.
void record_local(const Decision& decision, const CommandContext& context);

}  // namespace pump::launcher
