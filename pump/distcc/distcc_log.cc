#include "pump/distcc/distcc_log.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::distcc {

DistccLog DistccLog::capture(os::Environment& environment) {
  if (environment.has("DISTCC_LOG") || environment.get_or("DISTCC_VERBOSE", "") == "1") return DistccLog({});
  // No FD_CLOEXEC: distcc inherits the descriptor and opens it by its number in /proc.
  os::UniqueFd file(::memfd_create("distcc-log", 0));
  if (file) environment.set("DISTCC_LOG", os::format("/proc/self/fd/{}", file.get()));
  return DistccLog(std::move(file));
}

std::string DistccLog::read() const {
  constexpr std::size_t kLimit = 256U << 10U;
  std::string text;
  std::array<char, 4096> buffer{};
  while (file_ && text.size() < kLimit) {
    const ssize_t got = ::pread(file_.get(), buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < buffer.size()) break;
  }
  return text;
}

namespace {

/// TEXT of "distcc[PID] TEXT"; empty for other lines.
std::string_view body_of(std::string_view line) {
  const std::size_t start = line.starts_with("distcc[") ? line.find("] ") : std::string_view::npos;
  return start == std::string_view::npos ? std::string_view() : line.substr(start + 2);
}

/// PID of "distcc[PID] TEXT".
std::string process_of(std::string_view line) {
  const std::size_t start = line.find('['), end = line.find(']');
  return start < end && end != std::string_view::npos ? std::string(line.substr(start + 1, end - start - 1))
                                                      : "";
}

/// HOST of "[ERROR: ]compile FILE on HOST END". FILE may contain " on ", so the last one counts.
std::string_view host_in(std::string_view body, std::string_view start, std::string_view end) {
  if (!body.starts_with(start) || !body.ends_with(end)) return {};
  body.remove_suffix(end.size());
  const std::size_t on = body.rfind(" on ");
  return on == std::string_view::npos ? std::string_view() : body.substr(on + 4);
}

}  // namespace

DistccResult parse_distcc_log(std::string_view log) {
  DistccResult result;
  result.seen = !log.empty();
  result.complaints = complaints(log);
  os::for_each_line(log, [&](std::string_view line) {
    const std::string_view body = body_of(line);
    if (const auto host = host_in(body, "compile ", " completed ok"); !host.empty()) result.host = host;
    if (const auto host = host_in(body, "ERROR: compile ", " failed"); !host.empty())
      result.failed_host = host;
  });
  for (const std::string& line : result.complaints) {
    const std::string_view body = body_of(line);
    const auto contains = [body](std::string_view text) { return body.find(text) != std::string_view::npos; };
    if (contains("Warning: remote compilation of ") && contains("failed, retrying locally"))
      result.failed_remotely = true;
    if (contains("failed to get includes from include server")) {
      result.includes_unknown = true;
      result.include_client_pid = process_of(line);
    }
    if (contains("failed to distribute")) result.not_distributed = true;
    if (contains("unexpected eof on fd")) result.hung_up = true;
  }
  return result;
}

std::vector<std::string> complaints(std::string_view log) {
  constexpr std::array<std::string_view, 5> kMarks{"EMERGENCY! ", "ALERT! ", "CRITICAL! ",
                                                   "ERROR: ", "Warning: "};
  std::vector<std::string> lines;
  os::for_each_line(log, [&](std::string_view line) {
    // "distcc[PID] (function) MARK text": no file name comes before the mark.
    std::string_view rest = body_of(line);
    if (rest.starts_with('(')) rest = rest.substr(std::min(rest.find(") ") + 2, rest.size()));
    if (std::any_of(kMarks.begin(), kMarks.end(),
                    [rest](std::string_view mark) { return rest.starts_with(mark); }))
      lines.emplace_back(line);
  });
  return lines;
}

}  // namespace pump::distcc
