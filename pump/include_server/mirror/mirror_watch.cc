#include "pump/include_server/mirror/mirror_watch.h"

#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace pump::include_server {

MirrorWatch::MirrorWatch(std::size_t most)
    : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), most_(most) {}

void MirrorWatch::add(const std::string& directory) {
  if (!inotify_) return;
  const std::lock_guard lock(mutex_);
  if (directories_.size() >= most_) return;
  const int watch =
      ::inotify_add_watch(inotify_.get(), directory.c_str(),
                          IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
  if (watch >= 0) directories_[watch] = directory;
}

void MirrorWatch::remove_own(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (::unlink(path.c_str()) == 0 && inotify_) removed_.insert(path);
}

bool MirrorWatch::lost_something() {
  int waiting = 0;  // usually nothing: an ioctl is cheaper than a read, which is a cancellation point
  if (!inotify_ || ::ioctl(inotify_.get(), FIONREAD, &waiting) != 0 || waiting == 0) return false;
  bool lost = false;
  alignas(inotify_event) std::array<char, 4096> buffer;  // NOLINT: filled by read
  const std::lock_guard lock(mutex_);
  for (;;) {
    const ssize_t length = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      // All are reported; the kernel reports two equal ones in a row once.
      removed_.clear();
      return lost;
    }
    for (const char* at = buffer.data(); at < buffer.data() + length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      const std::string_view name = event->len > 0 ? std::string_view(event->name) : std::string_view();
      if (name.starts_with(kTemporary)) continue;
      const auto directory = directories_.find(event->wd);
      const bool ours = !name.empty() && directory != directories_.end() &&
                        !removed_.extract(directory->second + '/' + std::string(name)).empty();
      lost = lost || !ours;
    }
  }
}

}  // namespace pump::include_server
