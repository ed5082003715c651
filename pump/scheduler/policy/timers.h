// What is to be done later, ordered by time. Setting, cancelling and taking cost O(log n). Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "pump/scheduler/policy/time.h"

namespace pump::scheduler {

template <typename Event>
class Timers {
  using Queue = std::multimap<Time, Event>;

 public:
  /// One timer of an owner. The owner cancels it before it goes.
  class Timer {
   private:
    friend class Timers;
    std::optional<typename Queue::iterator> place_;
  };

  /// Replaces what the timer was set to.
  void set(Timer& timer, Time time, Event event) {
    if (timer.place_) {
      // The node is used again: a timer is set several times for each unit.
      auto node = queue_.extract(*timer.place_);
      node.key() = time;
      node.mapped() = std::move(event);
      timer.place_ = queue_.insert(std::move(node));
      return;
    }
    timer.place_ = queue_.emplace(time, std::move(event));
  }
  void cancel(Timer& timer) {
    if (timer.place_) queue_.erase(*timer.place_);
    timer.place_.reset();
  }
  [[nodiscard]] std::optional<Time> next() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
  }
  /// The first event that is due. Its owner calls fired() on the timer.
  std::optional<Event> take_due(Time now) {
    if (queue_.empty() || queue_.begin()->first > now) return std::nullopt;
    Event event = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    return event;
  }
  static void fired(Timer& timer) { timer.place_.reset(); }

 private:
  Queue queue_;
};

}  // namespace pump::scheduler
