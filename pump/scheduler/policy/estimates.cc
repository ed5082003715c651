#include "pump/scheduler/policy/estimates.h"

#include <algorithm>
#include <cmath>

namespace pump::scheduler {
namespace {

// After many units. A unit's last duration says more about a host than its size.
constexpr double kGainOfKnown = 1.0 / 24;
constexpr double kGainOfBytes = 1.0 / 64;
constexpr double kGainOfAverages = 1.0 / 128;
constexpr double kLeastSeconds = 0.001;

}  // namespace

double RecentWork::find(std::uint64_t key) const {
  if (entries_.empty()) return 0;
  const auto* const set = &entries_[key % (entries_.size() / kWays) * kWays];
  const auto* const found = std::find_if(
      set, set + kWays, [&](const Entry& entry) { return entry.key == key && entry.seconds > 0; });
  return found == set + kWays ? 0 : static_cast<double>(found->seconds);
}

void RecentWork::store(std::uint64_t key, double seconds) {
  if (entries_.empty()) entries_.resize(kMostUnits);
  ++stores_;
  auto* const set = &entries_[key % (entries_.size() / kWays) * kWays];
  auto* place = std::find_if(set, set + kWays, [&](const Entry& entry) { return entry.key == key; });
  if (place == set + kWays)  // as differences, for the count may wrap around
    place = std::max_element(set, set + kWays, [this](const Entry& a, const Entry& b) {
      return stores_ - a.used < stores_ - b.used;
    });
  *place = {key, static_cast<float>(seconds), stores_};
}

double Estimates::work(const Unit& unit) const {
  if (const double known = recent_.find(unit.key); known > 0) return known;
  if (unit.size == 0) return typical_work_;
  const auto found = per_size_.find(unit.compiler);
  const LogAverage& per_size = found != per_size_.end() ? found->second : any_per_size_;
  if (!per_size.known()) return typical_work_;
  return std::exp(per_size.value()) * static_cast<double>(unit.size);
}

double Estimates::typical_work() const {
  return typical_work_;
}

void Estimates::learn(const Unit& unit, double compiling, double overhead, Speed& speed) {
  const double log_seconds = std::log(std::max(compiling, kLeastSeconds));
  speed.learn_overhead(overhead);
  const double known = recent_.find(unit.key);
  if (const double predicted = known > 0 ? known : work(unit); predicted > 0)
    speed.learn_pace(log_seconds - std::log(predicted), known > 0 ? kGainOfKnown : kGainOfBytes);

  const double log_work = log_seconds - speed.log_pace();
  if (unit.size > 0) {
    if (per_size_.size() >= kMostCompilers) per_size_.clear();
    const double log_per_size = log_work - std::log(static_cast<double>(unit.size));
    per_size_[std::string(unit.compiler)].add(log_per_size, kGainOfAverages);
    any_per_size_.add(log_per_size, kGainOfAverages);
  }
  log_work_.add(log_work, kGainOfAverages);
  log_pace_.add(speed.log_pace(), kGainOfAverages);
  typical_work_ = std::exp(log_work_.value());
  recent_.store(unit.key, std::exp(log_work));
  speed.update_level(typical_work_);
}

}  // namespace pump::scheduler
