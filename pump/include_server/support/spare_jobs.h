// Jobs that a request would do itself, sooner or later, unless a worker without a client of its own does them
// first: copies for the mirror while the walk goes on, files read ahead.
//
// Nobody waits for a job and none may be needed for a right answer: what a job makes (a mirror file, a scan)
// stands where the request looks for it anyway, and whoever comes second finds it there. A single client
// otherwise keeps one processor busy and leaves the others idle; where all workers have clients nothing is
// offered, so nothing is lost.
//
// Rejected: threads of their own, which compete with the workers under load and each bring another heap.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "pump/os/unique_fd.h"

namespace pump::include_server {

/// Any thread.
class SpareJobs {
 public:
  /// Its exceptions are dropped: the request meets the same obstacle and reports it.
  using Job = std::function<void()>;

  SpareJobs();
  /// Readable when a worker is wanted: to be waited for with EPOLLONESHOT, by idle workers only. -1 where
  /// there is none (no descriptors): then nothing is ever offered.
  [[nodiscard]] int fd() const { return event_.get(); }

  /// The calling worker has nothing to do, from construction to destruction.
  class Idle {
   public:
    explicit Idle(SpareJobs& jobs) : jobs_(jobs) {
      ++jobs_.idle_;  // before the look, as an offer is before its look at idle_: one of the two sees the
                      // other
      if (jobs_.waiting_ > 0) jobs_.call_if_wanted();
    }
    ~Idle() { --jobs_.idle_; }
    Idle(const Idle&) = delete;
    Idle& operator=(const Idle&) = delete;

   private:
    SpareJobs& jobs_;
  };

  /// True where an offer would be taken. A guess: it may be wrong a moment later.
  [[nodiscard]] bool wanted() const { return idle_ > 0 || helping_ > 0; }
  /// True where at least `workers` have no client of their own. A guess, too.
  [[nodiscard]] bool without_client(std::size_t workers) const {
    return idle_ + helping_ >= static_cast<int>(workers);
  }
  /// Drops the job where nobody is idle or too many are waiting. With `for_those_who_wait` it is kept all the
  /// same: the caller or another request is about to call help_while().
  void offer(Job job, bool for_those_who_wait = false);
  /// From inside a job: the rest of it, to be done after those that are waiting. Calls nobody.
  void go_on_with(Job job);

  /// For a worker that fd() woke: makes fd() unreadable.
  void answer_call();
  /// Runs jobs until none is left or `going_on()` is false, which is asked before each.
  template <typename GoingOn>
  void help_while(const GoingOn& going_on) {
    ++helping_;
    while (going_on() && run_one()) {
    }
    --helping_;
  }

 private:
  bool run_one();
  /// Calls an idle worker where jobs are waiting.
  void call_if_wanted();

  os::UniqueFd event_;
  std::atomic<int> idle_{0}, helping_{0};
  std::atomic<std::size_t> waiting_{0};  ///< jobs_.size()
  std::mutex mutex_;                     ///< the next two
  std::deque<Job> jobs_;
  bool called_ = false;  ///< event_ is readable
};

}  // namespace pump::include_server
