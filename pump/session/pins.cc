#include "pump/session/pins.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/session/boot_clock.h"
#include "pump/session/private_directory.h"

namespace pump::session {
namespace {

constexpr std::string_view kPrefix = "pin-";

/// Where a pin was made. In the file: one field per line, empty if unknown.
struct Origin {
  std::string boot;
  std::string pid_namespace;
  std::string leader;
  std::string leader_start;

  static Origin here() {
    const pid_t leader = ::getsid(0);
    return {.boot = boot_id(),
            .pid_namespace = os::read_link("/proc/self/ns/pid").value_or(std::string()),
            .leader = std::to_string(leader),
            .leader_start = leader > 0 ? process_start_time(leader) : std::string()};
  }

  static Origin parse(std::string_view text) {
    Origin origin;
    for (std::string* field : {&origin.boot, &origin.pid_namespace, &origin.leader, &origin.leader_start}) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      *field = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return origin;
  }

  [[nodiscard]] std::string text() const {
    return boot + "\n" + pid_namespace + "\n" + leader + "\n" + leader_start + "\n";
  }

  /// False if it cannot be known: pids of another PID namespace have no meaning here.
  [[nodiscard]] bool login_has_ended(const Origin& observer) const {
    if (leader_start.empty() || pid_namespace != observer.pid_namespace) return false;
    return process_start_time(static_cast<pid_t>(std::atoi(leader.c_str()))) != leader_start;
  }
};

std::vector<std::string> list_pins(const Directory& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.pins().c_str()), ::closedir);
  if (!stream) return names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    // A pin that is being written has a temporary name. Its writer is still a client, so it need not count
    // yet.
    if (name.starts_with(kPrefix) && !name.ends_with(".tmp")) names.emplace_back(name);
  }
  return names;
}

bool counts(const Origin& pin, const Origin& observer, std::chrono::milliseconds idle) {
  if (!pin.boot.empty() && pin.boot != observer.boot) return false;
  return idle < kPinOutlivesLogin || !pin.login_has_ended(observer);
}

}  // namespace

std::size_t prune_pins(const Directory& directory, std::chrono::milliseconds idle) {
  std::size_t alive = 0;
  const std::vector<std::string> names = list_pins(directory);
  if (names.empty()) return 0;
  const Origin observer = Origin::here();
  for (const std::string& name : names) {
    const std::string path = directory.pins() + "/" + name;
    const auto text = os::read_file(path, 4096);
    if (!text && text.error().code == ENOENT) continue;
    if (!text || counts(Origin::parse(*text), observer, idle))
      ++alive;
    else
      ::unlink(path.c_str());
  }
  return alive;
}

std::size_t count_pins(const Directory& directory) {
  return list_pins(directory).size();
}

Expected<std::string> add_pin(const Client& client) {
  static std::atomic<unsigned> counter{0};
  const Directory& directory = client.directory();
  PUMP_CHECK(make_directory(directory.pins(), Privacy::kPrivate));
  // The name is unique also among processes of several PID namespaces with equal pids: it has the time in
  // nanoseconds.
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  std::string name = os::format("{}{}-{}.{:09}-{}", kPrefix, ::getpid(), now.tv_sec, now.tv_nsec, counter++);
  PUMP_CHECK(os::write_file_atomically(directory.pins() + "/" + name, Origin::here().text()));
  return name;
}

Expected<bool> remove_pin(const std::string& session_directory, const std::string& pin) {
  if (!pin.starts_with(kPrefix) || pin.find('/') != std::string::npos)
    return fail("'" + pin + "' does not name a pin", EINVAL);
  PUMP_TRY(const Directory directory, Directory::at(session_directory));
  const std::string path = directory.pins() + "/" + pin;
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  return fail_errno("cannot remove " + path);
}

}  // namespace pump::session
