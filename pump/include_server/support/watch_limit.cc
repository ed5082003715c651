#include "pump/include_server/support/watch_limit.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kFormerDefault = 8192;  // before Linux 5.11

std::optional<std::size_t> number_in(const char* path) {
  const auto text = os::read_file(path, 64);
  std::size_t number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
    return {};
  return number;
}

}  // namespace

std::size_t user_watch_limit() {
  const auto limit = number_in("/proc/sys/fs/inotify/max_user_watches");
  const auto in_namespace = number_in("/proc/sys/user/max_inotify_watches");
  if (limit && in_namespace) return std::min(*limit, *in_namespace);
  return limit ? *limit : in_namespace.value_or(kFormerDefault);
}

std::size_t most_file_watches() {
  return user_watch_limit() / 16 * 3;
}
std::size_t most_mirror_watches() {
  return user_watch_limit() / 16;
}

}  // namespace pump::include_server
