#include "launcher/report/session_notes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/ignored_signal.h"
#include "pump/os/text.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

constexpr off_t kLogLimit = 4 << 20;
constexpr std::time_t kSilence = 3600;  // seconds between two equal notes

/// True for one caller per kSilence. The time of the file `marker` is that of the last one.
bool claim_turn(const std::string& marker) {
  const os::UniqueFd fresh(
      ::open(marker.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fresh) return true;
  const os::UniqueFd old(::open(marker.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (!old || ::fstat(old.get(), &status) != 0) return false;
  if (std::time(nullptr) - status.st_mtime < kSilence) return false;
  return ::futimens(old.get(), nullptr) == 0;
}

}  // namespace

void SessionNotes::add(std::string_view subject, std::string_view text) const {
  if (log_.empty()) return;
  const os::UniqueFd log(::open(log_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat status {};
  if (!log || ::fstat(log.get(), &status) != 0 || status.st_size > kLogLimit) return;
  const os::IgnoredSignal ignored(SIGXFSZ);  // the log may be larger than this process may make a file
  (void)os::write_all(log.get(), os::format("pump-launch[{}] {}: {}\n", ::getpid(), os::printable(subject),
                                            os::printable(text)));
}

void SessionNotes::add_once(std::string_view key, std::string_view subject, std::string_view text) const {
  if (directory_.empty() || !claim_turn(os::format("{}/said-{}", directory_, key))) return;
  add(subject, text);
}

}  // namespace pump::launcher
