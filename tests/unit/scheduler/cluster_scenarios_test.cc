// The rows of tests/bench/cluster.sh as simulations: achieved rate over that of hosts that are never idle.
#include <gmock/gmock.h>

#include <cstdio>
#include <numeric>

#include "tests/unit/scheduler/simulation.h"

namespace pump::scheduler {
namespace {

using Kind = Trouble::Kind;

double work_of(const std::vector<SimulatedUnit>& units) {
  return std::accumulate(units.begin(), units.end(), 0.0,
                         [](double sum, const SimulatedUnit& unit) { return sum + unit.work; });
}

struct Scenario {
  const char* name = "";
  std::vector<SimulatedHost> hosts;
  unsigned jobs = 48;
  std::size_t units = 1440;
  double work = 2;
  double jitter = 0.1;
  bool warm = false;  ///< after a build of the same units
};

Simulation::Result run(const Scenario& scenario, double& ratio) {
  Simulation simulation(scenario.hosts);
  const std::vector<SimulatedUnit> units = equal_units(scenario.units, scenario.work, scenario.jitter);
  if (scenario.warm) simulation.run({{scenario.jobs, units}});
  const double begin = simulation.now();
  simulation.delay_troubles(begin);
  Simulation::Result result = simulation.run({{scenario.jobs, units}});
  ratio = simulation.ideal(begin, work_of(units)) / result.seconds;
  std::printf("%-44s -j%-3u %s ratio %.3f  %6.1f s  local %zu moves %zu faults %zu probes %zu lost %.0f s\n",
              scenario.name, scenario.jobs, scenario.warm ? "warm" : "cold", ratio, result.seconds,
              result.local, result.moves, result.faults, result.probes, result.lost_work);
  for (const std::string& reason : result.reasons) std::printf("    %s\n", reason.c_str());
  return result;
}

void expect(Scenario scenario, double least) {
  for (const bool warm : {false, true})
    for (const unsigned jobs : {48U, 96U}) {
      scenario.jobs = jobs;
      scenario.warm = warm;
      double ratio = 0;
      const Simulation::Result result = run(scenario, ratio);
      EXPECT_GE(ratio, least) << scenario.name << " -j" << jobs << (warm ? " warm" : " cold");
      EXPECT_EQ(result.local, 0U);
    }
}

TEST(ClusterScenarios, EqualHosts) {
  expect({"4 x 12 equal", {{}, {}, {}, {}}}, 0.95);
}

TEST(ClusterScenarios, EqualHostsAndUnitsOfAllLengths) {
  expect({"4 x 12 equal, units 0.2 to 3.8 s", {{}, {}, {}, {}}, 48, 1440, 2, 0.9}, 0.95);
}

TEST(ClusterScenarios, OneHostIsFourTimesSlower) {
  expect({"one 4 x slower", {{}, {}, {12, 4, {}}, {}}}, 0.93);
}

TEST(ClusterScenarios, OneHostIsFourTimesSlowerInAShortBuild) {
  expect({"one 4 x slower, 480 units", {{}, {}, {12, 4, {}}, {}}, 48, 480}, 0.85);
}

TEST(ClusterScenarios, OneHostNeverAnswers) {
  expect({"one never answers", {{}, {12, 1, {{Kind::Silent}}}, {}, {}}}, 0.90);
}

TEST(ClusterScenarios, OneHostDiesAndReturns) {
  // Later than a build of the same units, for the warm rows.
  for (const double from : {10.0})
    expect({"one dies and returns after 10 s", {{}, {12, 1, {{Kind::Dead, from, from + 10}}}, {}, {}}}, 0.90);
}

TEST(ClusterScenarios, OneHostVanishesAndReturns) {
  for (const double from : {10.0})
    expect(
        {"one vanishes and returns after 10 s", {{}, {12, 1, {{Kind::Vanished, from, from + 10}}}, {}, {}}},
        0.85);
}

TEST(ClusterScenarios, OneHostIsFullForTenSeconds) {
  for (const double from : {10.0})
    expect({"one full for 10 s", {{}, {12, 1, {{Kind::Full, from, from + 10}}}, {}, {}}}, 0.90);
}

TEST(ClusterScenarios, TwoBuildsShareTheHosts) {
  for (const unsigned other : {48U, 500U}) {
    Simulation simulation({{}, {}, {}, {}});
    const auto result =
        simulation.run({{48, equal_units(2000, 2, 0.5)}, {other, equal_units(2000, 2, 0.5, 10000)}});
    const double share = result.contended[0] / (result.contended[0] + result.contended[1]);
    std::printf("two builds, -j48 and -j%u: %.1f %% of the slots\n", other, 100 * share);
    EXPECT_GE(share, 0.45);
    EXPECT_LE(share, 0.55);
  }
}

TEST(ClusterScenarios, ASingleUnitGoesNext) {
  Simulation simulation({{}, {}, {}, {}});
  SimulatedBuild interactive{1, equal_units(20, 2, 0.1, 5000), 5};
  const auto result = simulation.run({{500, equal_units(2000, 2)}, interactive});
  // Its units take 2 s each; a slot becomes free every 40 ms.
  EXPECT_LE(result.build_seconds[1], 20 * 2.2);
}

TEST(ClusterScenarios, AColdStartCostsOneRoundTrip) {
  for (const double round_trip : {0.001, 0.1}) {
    SimulationOptions options;
    options.round_trip = round_trip;
    Simulation simulation({{}, {}, {}, {}}, options);
    const auto cold = simulation.run({{48, equal_units(48, 2, 0)}});
    const auto warm = simulation.run({{48, equal_units(48, 2, 0)}});
    std::printf("48 units of 2 s, round trip %.3f s: cold %.3f s, warm %.3f s\n", round_trip, cold.seconds,
                warm.seconds);
    EXPECT_NEAR(cold.seconds, warm.seconds + round_trip, 1e-6);
  }
}

}  // namespace
}  // namespace pump::scheduler
