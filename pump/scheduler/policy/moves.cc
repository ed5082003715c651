#include "pump/scheduler/policy/moves.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::scheduler {
namespace {

/// Seconds that a unit still needs where it is, and that it would need elsewhere.
struct Comparison {
  double here = 0;
  double work = 0;  ///< of the unit, for the other host
};

Comparison compare(const Unit& unit, double typical_work, Time now) {
  const Speed& speed = unit.host->speed;
  const double spent = seconds_between(unit.granted, now);
  if (!unit.host->health.proven() || unit.doubtful) {
    const double work = unit.work > 0 ? unit.work : typical_work;
    return {std::max(speed.predict(work), spent), work};
  }
  double all = seconds_between(unit.granted, unit.end);
  // A guess is often too low by half, and what has taken longer than guessed may take as long again. To move a unit that
  // was about to end costs the build nothing: others take as long. To leave one that is not costs it that unit.
  constexpr double kGuess = 2;
  if (!unit.measured) all = kGuess * std::max(speed.predict(unit.work), spent);
  // If it takes longer than predicted here, it does so there.
  return {all - spent, std::max(all - speed.overhead(), 0.0) / speed.pace()};
}

Duration patience(const Unit& unit) {
  const Host& host = *unit.host;
  // While nothing is known about units, a slow one must not be taken for a dead host.
  constexpr double kUnknown = 60, kLeast = 10, kFactor = 4;
  // A host that has worked is trusted for longer, if it has few units, and their durations are guessed from their sizes:
  // at the end of a first build, the last unit often takes much longer than predicted.
  constexpr std::size_t kFew = 2;
  constexpr double kLeastGuessed = 30, kFactorGuessed = 8;
  double seconds = kUnknown;
  if (unit.work > 0) {
    const double predicted = host.speed.predict(unit.work);
    const bool guessed = host.health.proven() && host.units.size() <= kFew && !unit.measured;
    seconds =
        guessed ? std::max(kLeastGuessed, kFactorGuessed * predicted) : std::max(kLeast, kFactor * predicted);
  }
  // After such a move, the unit may simply take so long.
  return from_seconds(std::max(seconds, 2 * unit.spent));
}

}  // namespace

Time expected_end(const Unit& unit, Time now) {
  const Host& host = *unit.host;
  const double predicted = unit.work > 0 ? host.speed.predict(unit.work) : 0;
  constexpr double kLeast = 0.05, kUnknown = 1;
  // A host that has done nothing yet is trusted for no longer than half as much again.
  constexpr double kUnproven = 1.5;
  const double expected = predicted > 0 ? std::max(predicted, kLeast) : kUnknown;
  return now + from_seconds(host.health.proven() ? expected : kUnproven * expected);
}

Time next_expected_end(Unit& unit, Time now) {
  // A prediction is often wrong by a little, so first a quarter is added. But a unit that takes three times as long as
  // predicted takes as long again, for all that is known.
  constexpr std::array<double, 4> kShares{0.25, 0.25, 0.5, 1};
  const double spent = seconds_between(unit.granted, now);
  const double left = kShares.at(std::min<std::size_t>(unit.overruns++, kShares.size() - 1)) * spent;
  // More may be known about the unit now than at the start.
  return now + from_seconds(std::max(left, unit.host->speed.predict(unit.work) - spent));
}

Time doubtful_at(const Unit& unit) {
  return unit.doubtful ? Time::max() : unit.granted + patience(unit);
}

Time silent_at(const Unit& unit) {
  return std::max(unit.granted, unit.host->last_answer) + patience(unit);
}

std::optional<MoveToFaster> find_move(Pool& pool, double typical_work, Time now) {
  Host* const host = pool.best_proven();
  if (host == nullptr || !pool.running.any_slower(host->speed.level())) return std::nullopt;
  // Faster hosts than this one finish what they have in about that time.
  constexpr double kSoon = 2;
  const double soon = kSoon * host->speed.predict(typical_work);
  std::optional<Time> idle_since;
  const auto may_leave = [&](int level) {
    idle_since = pool.idle_since(level, now, typical_work);
    return idle_since.has_value();
  };
  // The longest unit gets the fastest host.
  const auto worth = [&](const Unit& unit) -> double {
    if (unit.host == host || std::binary_search(unit.failed.begin(), unit.failed.end(), host->number))
      return 0;
    const Comparison comparison = compare(unit, typical_work, now);
    const double there = host->speed.predict(comparison.work);
    // What is lost at the old host, and the files that are sent again. More each time, so that a unit does not move on
    // and on.
    constexpr double kMargin = 1.2, kLeastMargin = 0.1;
    if (std::pow(kMargin, unit.moves_to_faster + 1) * there + kLeastMargin >= comparison.here) return 0;
    const Time wait_until = *idle_since + from_seconds(soon);
    if (now < wait_until && there - comparison.work * pool.fastest_pace() > soon) {
      pool.again = std::min(pool.again, wait_until);
      return 0;
    }
    return comparison.work;
  };
  Unit* const unit = pool.running.find(host->speed.level(), may_leave, worth);
  return unit == nullptr ? std::nullopt : std::optional(MoveToFaster{unit, host});
}

}  // namespace pump::scheduler
