#include "pump/distcc/backoff.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

#include "pump/distcc/hosts.h"
#include "pump/os/format.h"
#include "pump/os/unique_fd.h"

namespace pump::distcc {
namespace {

constexpr std::time_t kPeriod = 60;  // seconds; distcc's own default period for avoiding a host
constexpr off_t kMostMarks = 8;      // removed within a period

/// Counts in bytes of the file `counter`. False if there were kMostMarks already.
bool may_remove_mark(const std::string& counter) {
  const os::UniqueFd file(
      ::open(counter.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0) return false;
  if (info.st_size > 0 && std::time(nullptr) - info.st_mtime >= kPeriod) {
    if (::ftruncate(file.get(), 0) != 0) return false;
    info.st_size = 0;
  }
  return info.st_size < kMostMarks && ::write(file.get(), ".", 1) == 1;
}

}  // namespace

std::string backoff_file(const os::Environment& environment, const std::string& host) {
  const auto list = parse_hosts(host);
  if (!list || list->hosts.size() != 1) return {};
  const Host& tcp = list->hosts.front();
  if (tcp.ssh || tcp.name.find(':') != std::string::npos) return {};
  std::string directory(environment.get_or("DISTCC_DIR", ""));
  if (directory.empty()) directory = std::string(environment.get_or("HOME", "")) + "/.distcc";
  return os::format("{}/lock/backoff_tcp_{}_{}_0", directory, tcp.name, tcp.port);
}

void lift_backoff(const os::Environment& environment, const std::string& host,
                  const std::string& session_directory) {
  const std::string file = backoff_file(environment, host);
  if (file.empty() || session_directory.empty()) return;
  const std::size_t slash = file.rfind('/');
  if (may_remove_mark(session_directory + "/lifted-" + file.substr(slash + 1))) ::unlink(file.c_str());
}

}  // namespace pump::distcc
