// The scheduler against one that knows everything, on a large cluster.
//
// 1,000 hosts with 10,000 slots, whose speeds differ by a factor of eight, compile 1,000,000 units of four builds. The
// lengths of units have a heavy tail, and the scheduler has seen none of them before. Hosts die, vanish, fill up and
// return. The reference is a list scheduler with perfect knowledge: each unit, in the order of arrival, goes to where it
// ends first, with true speeds and lengths, and never to a host that dies before the unit ends. Times are simulated.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <queue>
#include <random>

#include "tests/unit/scheduler/simulation.h"

namespace pump::scheduler {
namespace {

// A sanitizer makes it fifteen times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
constexpr std::size_t kScale = 10;
#else
constexpr std::size_t kScale = 1;
#endif

using Random = std::mt19937_64;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

/// `hosts` hosts of ten slots on average; paces from 1 to 8, of 64 different values.
std::vector<SimulatedHost> random_hosts(std::size_t hosts, Random& random) {
  std::vector<SimulatedHost> result(hosts);
  for (std::size_t i = 0; i < hosts; ++i) {
    result[i].slots = static_cast<unsigned>(i % 2 == 0 ? 10 + random() % 7 : 20 - result[i - 1].slots);
    result[i].pace = std::exp2(3 * static_cast<double>(random() % 64) / 63);
  }
  return result;
}

void add_troubles(std::vector<SimulatedHost>& hosts, double seconds, Random& random) {
  constexpr std::array<Trouble::Kind, 4> kKinds{Trouble::Kind::Dead, Trouble::Kind::Dead,
                                                Trouble::Kind::Vanished, Trouble::Kind::Full};
  for (SimulatedHost& host : hosts) {
    if (uniform(random, 0, 1) > 0.06) continue;
    const double from = uniform(random, 0, seconds);
    host.troubles.push_back({kKinds.at(random() % kKinds.size()), from, from + uniform(random, 10, 60)});
  }
}

/// Pareto from one second (alpha 2), at most 40 seconds, where the pace is 1. The bytes are off by a factor of 1.65, on average.
std::vector<SimulatedUnit> heavy_tailed_units(std::size_t count, std::uint64_t first_key, Random& random) {
  std::lognormal_distribution<double> noise(0, 0.5);
  std::vector<SimulatedUnit> units(count);
  for (std::size_t i = 0; i < count; ++i) {
    units[i].work = std::min(1 / std::sqrt(uniform(random, 1e-9, 1)), 40.0);
    units[i].size = static_cast<std::uint64_t>(units[i].work * noise(random) * 1e5) + 1;
    units[i].key = first_key + i;
  }
  return units;
}

class ListScheduler {
 public:
  explicit ListScheduler(const std::vector<SimulatedHost>& hosts) {
    // Hosts that are equal make one group.
    std::map<double, std::size_t> by_pace;
    for (const SimulatedHost& host : hosts) {
      std::size_t group = groups_.size();
      if (host.troubles.empty()) group = by_pace.emplace(host.pace, group).first->second;
      if (group == groups_.size()) groups_.push_back({host.pace, host.troubles, {}});
      for (unsigned i = 0; i < host.slots; ++i) groups_[group].free.push(0);
    }
  }

  /// When the unit ends.
  double place(double work) {
    Group* best = nullptr;
    double best_end = 0;
    for (Group& group : groups_) {
      const double end = group.end_of(work);
      if (best == nullptr || end < best_end) {
        best = &group;
        best_end = end;
      }
    }
    best->free.pop();
    best->free.push(best_end);
    return best_end;
  }

 private:
  struct Group {
    double pace = 1;
    std::vector<Trouble> troubles;
    std::priority_queue<double, std::vector<double>, std::greater<>> free;  ///< when each slot is free
    [[nodiscard]] double end_of(double work) const {
      double begin = free.top();
      for (const Trouble& trouble : troubles)
        if (begin < trouble.until && begin + work * pace > trouble.from) begin = trouble.until;
      return begin + work * pace;
    }
  };
  std::vector<Group> groups_;
};

double reference_seconds(const std::vector<SimulatedHost>& hosts, const std::vector<SimulatedBuild>& builds) {
  ListScheduler scheduler(hosts);
  double last = 0;
  for (std::size_t i = 0; i < builds.front().units.size(); ++i)
    for (const SimulatedBuild& build : builds)
      if (i < build.units.size()) last = std::max(last, scheduler.place(build.units[i].work));
  return last;
}

double work_of(const std::vector<SimulatedBuild>& builds) {
  double work = 0;
  for (const SimulatedBuild& build : builds)
    for (const SimulatedUnit& unit : build.units) work += unit.work;
  return work;
}

void print(const char* name, const Simulation::Result& result, double reference, double ideal) {
  std::printf("%s: %.1f s; list scheduler that knows all %.1f s (ratio %.3f); divisible work %.1f s\n", name,
              result.seconds, reference, result.seconds / reference, ideal);
  std::printf(
      "  %zu grants, %zu moves, %zu faults, %zu probes, %zu local, longest wait %.1f s, overtaken %.2f "
      "times\n",
      result.grants, result.moves, result.faults, result.probes, result.local, result.most_wait,
      result.most_overtaken);
  std::printf("  %.2f us of the scheduler for each grant\n",
              result.scheduler_seconds / static_cast<double>(result.grants) * 1e6);
}

TEST(Model, ALargeClusterIsUsedAsWellAsWithPerfectKnowledge) {
  Random random(17);
  std::vector<SimulatedHost> hosts = random_hosts(1000 / kScale, random);
  std::vector<SimulatedBuild> builds;
  for (const unsigned jobs : {4000U, 4000U, 6000U, 10000U})
    builds.push_back({jobs / static_cast<unsigned>(kScale),
                      heavy_tailed_units(250000 / kScale, 1 + builds.size() * 1000000, random)});
  add_troubles(hosts, Simulation(hosts).ideal(0, work_of(builds)), random);
  Simulation simulation(hosts);
  const double reference = reference_seconds(hosts, builds);
  const Simulation::Result result = simulation.run(builds);
  print("large cluster", result, reference, simulation.ideal(0, work_of(builds)));
  EXPECT_LE(result.seconds, 1.05 * reference);
  EXPECT_LE(result.most_overtaken, 2);  // 1: builds take turns, and each keeps its order
  EXPECT_EQ(result.local, 0U);
}

TEST(Model, ASecondBuildKnowsTheLengthsOfItsUnits) {
  Random random(18);
  const std::vector<SimulatedHost> hosts = random_hosts(60, random);
  const std::vector<SimulatedBuild> builds{{1200, heavy_tailed_units(60000, 1, random)}};
  Simulation simulation(hosts);
  const double reference = reference_seconds(hosts, builds);
  print("first build", simulation.run(builds), reference, simulation.ideal(0, work_of(builds)));
  const Simulation::Result result = simulation.run(builds);
  print("second build", result, reference, simulation.ideal(0, work_of(builds)));
  EXPECT_LE(result.seconds, 1.05 * reference);
}

TEST(Model, AGrantCostsTheSameOnAnyNumberOfHosts) {
  // Figures for people: a test must not depend on the machine's load.
  for (const std::size_t count : {10U, 100U, 1000U}) {
    Random random(19);
    const std::vector<SimulatedHost> hosts = random_hosts(count, random);
    const auto jobs = static_cast<unsigned>(20 * count);
    Simulation simulation(hosts);
    const Simulation::Result result =
        simulation.run({{jobs, heavy_tailed_units(100000 / kScale, 1, random)},
                        {jobs, heavy_tailed_units(100000 / kScale, 1000000, random)}});
    std::printf("%4zu hosts, -j%u twice: %.2f us of the scheduler for each grant\n", count, jobs,
                result.scheduler_seconds / static_cast<double>(result.grants) * 1e6);
  }
}

}  // namespace
}  // namespace pump::scheduler
