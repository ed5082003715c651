#include "launcher/report/record.h"

#include <chrono>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

double now() {
  using Seconds = std::chrono::duration<double>;
  return std::chrono::duration_cast<Seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void add_line(std::string& lines, std::string_view line) {
  if (!lines.empty()) lines += '\n';
  lines += line.substr(0, line.find('\n'));
}

}  // namespace

CommandRecord::CommandRecord(const Decision& decision, const CommandContext& context) : context_(context) {
  record_.time = now();
  record_.source = decision.source;
  record_.object = decision.output;
  record_.directory = context.cwd;
}

void CommandRecord::set_session(const std::string& directory) {
  record_.session = os::basename(directory);
}

template <typename Reason>
void CommandRecord::explain(Reason reason, std::string_view detail) {
  if (has_reason()) return;
  record_.reason = name(reason);
  record_.text = text(reason);
  record_.remedy = remedy(reason);
  record_.detail = detail;
}

void CommandRecord::set_reason(FallbackReason reason, std::string_view detail) {
  explain(reason, detail);
}

void CommandRecord::set_reason(LocalReason reason, std::string_view detail) {
  explain(reason, detail);
}

void CommandRecord::begin_waiting() {
  waiting_since_ = now();
}

void CommandRecord::end_waiting() {
  waiting_ += now() - waiting_since_;
}

void CommandRecord::set_result(const RemoteResult& result) {
  record_.phases =
      insight::Phases{waiting_, result.connecting, result.sending, result.compiling, result.receiving};
  record_.bytes_sent = result.bytes_sent;
  record_.bytes_received = result.bytes_received;
}

void CommandRecord::add_fault(std::string_view host, std::string_view kind, std::string_view detail) {
  add_line(record_.faults, os::format("{}: {}: {}", host, kind, detail));
}

void CommandRecord::add_move(std::string_view host, std::string_view reason) {
  add_line(record_.moves, os::format("{}: {}", host, reason));
}

void CommandRecord::write(insight::Outcome outcome, bool finished) {
  const auto directory = insight::records_directory(context_.environment);
  if (!directory) return;
  const auto file = insight::RecordFile::open(*directory);
  if (!file) return;
  record_.outcome = outcome;
  if (finished) record_.seconds = now() - record_.time;
  (void)file->append(record_);
}

void record_local(const Decision& decision, const CommandContext& context) {
  if (!decision.local || !is_compilation(*decision.local)) return;
  CommandRecord record(decision, context);
  record.set_reason(*decision.local, decision.detail);
  record.write(insight::Outcome::Local, false);
}

}  // namespace pump::launcher
