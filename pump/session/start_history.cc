#include "pump/session/start_history.h"

#include <charconv>
#include <cstdint>
#include <vector>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/shell_quote.h"
#include "pump/session/boot_clock.h"

namespace pump::session {
namespace {

constexpr std::size_t kLongest = 1U << 16U;
constexpr std::int64_t kNever = -1;

std::string failure_file(const Directory& directory) {
  return directory.path() + "/start-failed";
}
std::string crash_file(const Directory& directory) {
  return directory.path() + "/crashes";
}

std::int64_t parse_time(std::string_view text) {
  std::int64_t value = kNever;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// True if `moment` is within the next `span`. Other times come from files of an earlier boot, whose clock
/// differs.
bool is_ahead(std::int64_t moment, std::int64_t now, std::chrono::milliseconds span) {
  return moment > now && moment - now <= span.count();
}

std::vector<std::int64_t> recent_crashes(const Directory& directory, std::int64_t now) {
  std::vector<std::int64_t> result;
  const std::string text = os::read_file(crash_file(directory), kLongest).value_or(std::string());
  const std::chrono::milliseconds window = kCrashWindow;
  for (const std::string& word : os::split_blanks(text))
    if (const std::int64_t at = parse_time(word); at <= now && is_ahead(at + window.count(), now, window))
      result.push_back(at);
  return result;
}

}  // namespace

std::optional<std::string> reason_not_to_start(const Directory& directory) {
  const auto text = os::read_file(failure_file(directory), kLongest);
  if (!text) return std::nullopt;
  const std::size_t blank = text->find(' ');
  if (blank == std::string::npos || !is_ahead(parse_time(*text), boot_milliseconds(), kHangMemory))
    return std::nullopt;
  return text->substr(blank + 1);
}

void remember_failure(const Directory& directory, const std::string& message,
                      std::chrono::milliseconds how_long) {
  const std::string text =
      os::format("{} {}", boot_milliseconds() + how_long.count(), message.substr(0, kLongest / 2));
  (void)os::write_file_atomically(failure_file(directory), text);
}

void remember_crash(const StartHold& /*held*/, const Directory& directory) {
  const std::int64_t now = boot_milliseconds();
  std::vector<std::int64_t> crashes = recent_crashes(directory, now);
  crashes.push_back(now);
  std::string text;
  for (const std::int64_t at : crashes) text += os::format("{}\n", at);
  (void)os::write_file_atomically(crash_file(directory), text);
  if (crashes.size() < kMostCrashes) return;
  const std::chrono::milliseconds rest(crashes.front() + std::chrono::milliseconds(kCrashWindow).count() -
                                       now);
  remember_failure(
      directory,
      os::format("the include server died {} times within {} s", crashes.size(), kCrashWindow.count()), rest);
}

}  // namespace pump::session
