// What became of a command, as a record for `pump --why` and its relatives (pump/insight/records.h). Failures
// to write are ignored: there is nobody to tell. Main thread.
#pragma once

#include <optional>
#include <string>

#include "launcher/decide/decide.h"
#include "launcher/decide/fallback_reason.h"
#include "pump/insight/records.h"

namespace pump::launcher {

/// One command's record, begun when the launcher starts.
class CommandRecord {
 public:
  CommandRecord(const Decision& decision, const CommandContext& context);
  void set_session(const std::string& directory);
  void set_host(std::string host) { record_.host = std::move(host); }
  /// The first reason counts: what comes later follows from it.
  void set_reason(FallbackReason fallback, std::string_view detail = {});
  void set_reason(LocalReason reason, std::string_view detail);
  [[nodiscard]] bool has_reason() const { return !record_.reason.empty(); }
  /// Opens what write() writes to, while there is time.
  void prepare();
  /// Writes it. `finished`: the command has ended, so its time is known.
  void write(insight::Outcome outcome, bool finished = true);

 private:
  template <typename Reason>
  void explain(Reason reason, std::string_view detail);

  const CommandContext& context_;
  insight::Record record_;
  std::optional<insight::RecordFile> file_;
};

/// For a command that the compiler takes over. What is no compilation (linking, queries, configuration
/// checks) is not recorded.
void record_local(const Decision& decision, const CommandContext& context);

}  // namespace pump::launcher
