#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cmath>

#include "pump/os/format.h"
#include "pump/os/shell_quote.h"
#include "pump/session/session.h"

namespace pump::session {
namespace {

Expected<std::chrono::milliseconds> parse_linger(std::string_view text) {
  constexpr double kMostSeconds = 30.0 * 24 * 3600;
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stopped != end || !std::isfinite(seconds) || seconds < 0)
    return fail(os::format("PUMP_LINGER must be a number of seconds, 0 or more, not '{}'", text), EINVAL);
  return std::chrono::milliseconds(std::llround(std::min(seconds, kMostSeconds) * 1000));
}

Expected<std::string> parse_backend(std::string_view text) {
  if (text.empty()) return std::string("native");
  if (text == "native" || text == "python") return std::string(text);
  return fail(os::format("PUMP_INCLUDE_SERVER must be native or python, not '{}'", text), EINVAL);
}

/// False if `directory` belongs to another user. `su` and `sudo` may keep XDG_RUNTIME_DIR of the calling
/// user; root would then leave directories in it that its owner cannot open.
bool is_ours(std::string_view directory) {
  struct stat info {};
  return directory.starts_with('/') && ::stat(std::string(directory).c_str(), &info) == 0 &&
         S_ISDIR(info.st_mode) && info.st_uid == ::geteuid();
}

}  // namespace

Expected<std::string> runtime_directory(const os::Environment& environment) {
  if (environment.has("PUMP_RUNTIME_DIR")) {
    std::string chosen(environment.get_or("PUMP_RUNTIME_DIR", {}));
    if (!chosen.starts_with('/'))
      return fail(os::format("PUMP_RUNTIME_DIR must be an absolute path, not '{}'", chosen), EINVAL);
    while (chosen.size() > 1 && chosen.ends_with('/')) chosen.pop_back();
    return chosen;
  }
  const std::string_view xdg = environment.get_or("XDG_RUNTIME_DIR", {});
  if (is_ours(xdg)) return std::string(xdg) + "/distcc-pump";
  return os::format("/tmp/distcc-pump-{}", ::geteuid());
}

Expected<Settings> read_settings(const os::Environment& environment) {
  Settings settings;
  PUMP_TRY(settings.backend, parse_backend(environment.get_or("PUMP_INCLUDE_SERVER", {})));
  auto arguments = os::split_shell_words(environment.get_or("INCLUDE_SERVER_ARGS", {}));
  if (!arguments) return fail("INCLUDE_SERVER_ARGS: " + arguments.error().message, EINVAL);
  settings.server_args = *std::move(arguments);
  settings.client_tmp = environment.get_or("DISTCC_CLIENT_TMP", {});
  settings.name = environment.get_or("PUMP_SESSION", {});
  PUMP_TRY(settings.runtime_directory, runtime_directory(environment));
  if (environment.has("PUMP_LINGER")) {
    PUMP_TRY(settings.linger, parse_linger(environment.get_or("PUMP_LINGER", {})));
  }
  settings.distcc_directory = environment.get_or("DISTCC_LOCATION", {});
  return settings;
}

}  // namespace pump::session
