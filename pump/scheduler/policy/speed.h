// How fast a host is, from the units that it has done.
//
// Speeds are relative: a host of pace 2 takes two seconds for one second of work. What a second of work is does not
// matter, as long as hosts and units (estimates.h) agree; there is no reference machine. Pure; one thread.
#pragma once

namespace pump::scheduler {

/// A mean of logarithms. It follows changes, but a single outlier moves it by a few percent at most: each sample
/// counts as at most kMostDeviation away from the mean.
class LogAverage {
 public:
  static constexpr double kMostDeviation = 1.5;  ///< a factor of 4.5

  /// `weight`: of the value `start`, in samples.
  explicit LogAverage(double start = 0, double weight = 0) : value_(start), weight_(weight) {}
  /// `least_gain`: how much of the deviation the mean follows after many samples.
  void add(double log_sample, double least_gain);
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool known() const { return known_; }

 private:
  double value_;
  double weight_;
  bool known_ = false;
};

/// Steps of speed. Hosts of one level count as equally fast: estimates are no better than that, and a queue that
/// compares them exactly would always fill the same host first. Lower is faster.
inline constexpr int kLevels = 48;
inline constexpr int kLastLevel = kLevels;  ///< for hosts that may not answer at all
inline constexpr int kAllLevels = kLevels + 1;
/// Hosts within one level of each other may be equal. From this distance on one is slower, by a quarter at least.
inline constexpr int kSlower = 2;
/// Of the middle of the level.
double pace_of_level(int level);

class Speed {
 public:
  [[nodiscard]] double pace() const { return pace_; }
  [[nodiscard]] double log_pace() const { return log_pace_.value(); }
  /// Seconds for each unit in addition: connecting, sending, receiving.
  [[nodiscard]] double overhead() const { return overhead_; }
  [[nodiscard]] bool known() const { return log_pace_.known(); }
  [[nodiscard]] double predict(double work) const { return overhead_ + work * pace_; }
  [[nodiscard]] int level() const { return level_; }

  /// What is assumed until the host has done a unit.
  void assume(double log_pace, double typical_work);
  /// A unit took `log_ratio` (a logarithm) times its work. `least_gain`: as for LogAverage.
  void learn_pace(double log_ratio, double least_gain);
  void learn_overhead(double seconds);
  /// Adjusts level() to a unit of `typical_work` seconds; 0: not known. True if it has changed.
  bool update_level(double typical_work);

 private:
  LogAverage log_pace_{0, 1};
  double pace_ = 1;
  double overhead_ = 0;
  bool overhead_known_ = false;
  int level_ = kLevels / 2;
};

}  // namespace pump::scheduler
