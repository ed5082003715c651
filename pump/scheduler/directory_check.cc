#include "pump/scheduler/directory_check.h"

#include <fcntl.h>

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "pump/os/unique_fd.h"

namespace pump::scheduler {

struct DirectoryCheck::Answer {
  std::mutex mutex;
  std::condition_variable came;
  bool is_there = false;
};

void DirectoryCheck::open_it(const std::string& directory) {
  const os::UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool DirectoryCheck::answers(const std::string& directory) {
  const auto [place, is_new] = answers_.try_emplace(directory);
  if (is_new) {
    place->second = std::make_shared<Answer>();
    try {
      std::thread([directory, touch = touch_, answer = place->second] {
        touch(directory);
        const std::lock_guard lock(answer->mutex);
        answer->is_there = true;
        answer->came.notify_one();
      }).detach();
    } catch (const std::system_error&) {
      answers_.erase(place);
      return false;  // no thread now; the next unit tries again
    }
  }
  Answer& answer = *place->second;
  std::unique_lock lock(answer.mutex);
  if (is_new && !answer.came.wait_for(lock, patience_, [&] { return answer.is_there; }))
    log_(directory + " does not answer: no lock and state files of distcc are used there until it does");
  return answer.is_there;
}

}  // namespace pump::scheduler
