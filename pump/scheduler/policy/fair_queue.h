// The units that wait for a host of one pool (pool.h): which of them is next.
//
// The build with the fewest running units is next; of several, the one that waited longest for a grant. So a build gets
// its share of the slots however many units the others have. Within a build, first those that failed elsewhere, then the
// one that came first. A unit may be passed over, because it is too long for the slot that is free: units are sorted
// into classes by their work, so that finding one that is short enough takes no search.
//
// push(), remove() and reorder() cost O(log n) in the builds. Walking over the lines costs O(1) for each. A unit belongs
// to at most one queue. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "pump/scheduler/policy/unit.h"

namespace pump::scheduler {

/// Classes of work: factors of the square root of two, from a millisecond to 50 minutes.
inline constexpr unsigned kClasses = 64;
unsigned class_of(double work);
double work_of_class(unsigned number);
/// Classes up to `number` as a set of bits.
constexpr std::uint64_t classes_up_to(unsigned number) {
  return number >= 63 ? ~std::uint64_t{0} : (std::uint64_t{2} << number) - 1;
}

class FairQueue;

/// The units of one build.
struct Line {
  struct Order {
    unsigned running = 0;
    std::uint64_t last_grant = 0, build = 0;
    friend bool operator<(const Order& a, const Order& b) {
      return std::tie(a.running, a.last_grant, a.build) < std::tie(b.running, b.last_grant, b.build);
    }
  };

  FairQueue* queue = nullptr;
  Build* build = nullptr;
  Order order;
  std::size_t size = 0;
  std::uint64_t classes = 0;  ///< a bit for each that is not empty
  std::array<std::list<Unit*>, kClasses> fresh;
  /// Those that must not go to some hosts, by these hosts.
  std::map<std::vector<HostNumber>, std::list<Unit*>> retries;

  /// Of the given classes, the unit that came first; null: none.
  [[nodiscard]] Unit* first(std::uint64_t of_classes) const;
};

class FairQueue {
 public:
  FairQueue() = default;
  ~FairQueue();
  FairQueue(const FairQueue&) = delete;
  FairQueue& operator=(const FairQueue&) = delete;

  void push(Unit& unit);
  void remove(Unit& unit);
  /// Build::running or last_grant has changed.
  static void reorder(const Build& build);
  /// The build is forgotten; none of its units is queued.
  static void forget(const Build& build);

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The number of hosts that some queued unit must not go to, at most. May be too high.
  [[nodiscard]] std::size_t most_failed() const { return most_failed_; }

  /// Lines that are not empty, the next one first.
  using Lines = std::map<Line::Order, Line*>;
  [[nodiscard]] const Lines& lines() const { return lines_; }

  /// All of them, in no order.
  [[nodiscard]] std::vector<Unit*> units() const;
  /// Those that must not go to some hosts.
  [[nodiscard]] std::vector<Unit*> retries() const;

 private:
  Line& line_of(Build& build);

  std::unordered_map<const Build*, std::unique_ptr<Line>> all_lines_;
  Lines lines_;
  std::size_t size_ = 0;
  std::size_t retries_ = 0;
  std::size_t most_failed_ = 0;
};

}  // namespace pump::scheduler
