// A launcher's connection to the scheduler. It holds the launcher's grant, so it must end with the unit: destroy it, or
// let the process end.
//
//   PUMP_TRY(SchedulerClient scheduler, SchedulerClient::connect(directory.scheduler()));
//   PUMP_TRY(const Answer answer, scheduler.ask(want));
//   // a Grant: connect to the host, scheduler.connected(…), run the unit, scheduler.done(…); ask again after a fault
//
// One thread. The descriptor is not inherited by programs that this process starts.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"
#include "pump/scheduler/messages.h"

namespace pump::scheduler {

class SchedulerClient {
 public:
  using Answer = std::variant<Grant, Local>;

  /// Errors: nothing listens at `path`; ENAMETOOLONG.
  static Expected<SchedulerClient> connect(const std::string& path);

  /// Waits in the scheduler's queue, for as long as it takes. Error: the scheduler has ended.
  Expected<Answer> ask(const Want& want);

  /// Readable when poll_move() has something to read. -1 once the scheduler has ended.
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// The Move that the scheduler has sent, if it has. Also notices that the scheduler has ended: then fd() is -1. Does not
  /// wait.
  std::optional<Move> poll_move();

  // These report to the scheduler. If it has ended, there is nobody to tell, and the next ask() fails.
  void connected(const Connected& connected);
  void done(const Done& done);

  /// The scheduler's state, a JSON object (StatusReply). Waits for at most five seconds.
  static Expected<std::string> status(const std::string& path);

 private:
  explicit SchedulerClient(os::UniqueFd fd) : fd_(std::move(fd)) {}
  Status send(const Message& message);
  /// Nothing: no packet is there, and `flags` has MSG_DONTWAIT. Error: the scheduler has ended.
  Expected<std::optional<Message>> receive(int flags);

  os::UniqueFd fd_;
};

}  // namespace pump::scheduler
