// The include server's log: to a bounded file (spdlog's rotation) or to stderr. One per process; any thread.
//
// What is logged is chosen by the bits of `-d`, as in include_server(1). A line is one event; a request that
// could not be answered is always one warning line with its reason. Never throws, never blocks on anything
// but the write itself.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace pump::include_server {

enum class Topic : std::uint8_t {
  Warning = 1,
  Trace = 2,
  SearchPath = 4,
  Closure = 8,
  Data = 16,
  Everything = 32
};

/// Where lines go from now on; `file` empty: stderr. A file that cannot be opened: stderr, and a line that
/// says so.
void open_log(const std::string& file, unsigned debug_bits);
[[nodiscard]] bool log_enabled(Topic topic) noexcept;
/// One line, whatever the bits (statistics that were asked for, the end of the server).
void log_always(std::string_view line) noexcept;

template <typename... Arguments>
void log_line(Topic topic, fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
  if (!log_enabled(topic)) return;
  try {
    log_always(fmt::format(format, std::forward<Arguments>(arguments)...));
  } catch (...) {  // out of memory while formatting: the event is lost, the server is not
  }
}

}  // namespace pump::include_server
