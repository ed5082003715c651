#include "pump/scheduler/policy/speed.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pump::scheduler {
namespace {

const double kStep = std::log(1.25);
constexpr int kMiddle = kLevels / 2;  // pace 1
constexpr double kGainOfOverhead = 1.0 / 8;

}  // namespace

void LogAverage::add(double log_sample, double least_gain) {
  known_ = true;
  const double gain = std::max(least_gain, 1 / (weight_ + 1));
  const double deviation = log_sample - value_;
  value_ += gain * (weight_ == 0 ? deviation : std::clamp(deviation, -kMostDeviation, kMostDeviation));
  weight_ += 1;
}

double pace_of_level(int level) {
  static const auto kPaces = [] {
    std::array<double, kAllLevels> paces{};
    for (int i = 0; i < kAllLevels; ++i)
      paces.at(static_cast<std::size_t>(i)) = std::exp((i - kMiddle) * kStep);
    return paces;
  }();
  return kPaces.at(static_cast<std::size_t>(level));
}

void Speed::assume(double log_pace, double typical_work) {
  log_pace_ = LogAverage(log_pace, 1);
  pace_ = std::exp(log_pace);
  update_level(typical_work);
}

void Speed::learn_pace(double log_ratio, double least_gain) {
  log_pace_.add(log_ratio, least_gain);
  pace_ = std::exp(log_pace_.value());
}

void Speed::learn_overhead(double seconds) {
  // One slow transfer says little.
  constexpr double kMostGrowth = 4, kLeast = 0.05;
  if (overhead_known_) seconds = std::min(seconds, kMostGrowth * overhead_ + kLeast);
  overhead_ += (overhead_known_ ? kGainOfOverhead : 1) * (seconds - overhead_);
  overhead_known_ = true;
}

bool Speed::update_level(double typical_work) {
  const double pace = pace_ + (typical_work > 0 ? overhead_ / typical_work : 0);
  const double place = std::log(pace) / kStep + kMiddle;
  // Half a level more than rounding asks for, so that noise does not move it to and fro.
  constexpr double kHysteresis = 0.75;
  if (std::abs(place - level_) <= kHysteresis) return false;
  const int before =
      std::exchange(level_, static_cast<int>(std::clamp(std::round(place), 0.0, kLevels - 1.0)));
  return level_ != before;
}

}  // namespace pump::scheduler
