// The include server's log, in a bounded file (spdlog's rotation: 4 MiB and one old file) or on stderr. One
// per process; any thread.
//
// The bits of `-d` select what is logged, as in include_server(1). A line is one event. A request that could
// not be answered is one warning line with its reason. Never throws; blocks only for the write itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pump/os/format.h"

namespace pump::include_server {

/// The bits of `-d`.
enum class Topic : std::uint8_t {
  Warning = 1,
  Trace = 2,
  SearchPath = 4,
  Closure = 8,
  Data = 16,
  Everything = 32
};

/// Sets where lines go from now on. If `file` is empty: to stderr. If it cannot be opened: to stderr, with a
/// line that gives the reason.
void open_log(const std::string& file, unsigned debug_bits);
[[nodiscard]] bool log_enabled(Topic topic) noexcept;
/// Logs a line whatever the bits are, for example statistics.
void log_always(std::string_view line) noexcept;

template <typename... Arguments>
void log_line(Topic topic, fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
  if (!log_enabled(topic)) return;
  try {
    log_always(os::format(format, std::forward<Arguments>(arguments)...));
  } catch (...) {  // out of memory; the line is lost
  }
}

}  // namespace pump::include_server
