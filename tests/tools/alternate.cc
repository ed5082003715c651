// Measures two commands against each other. They run in turn, so that other load on the machine affects both
// equally.
//   alternate ROUNDS COMMAND_A... -- COMMAND_B...
// Prints medians: a wall W cpu C b wall W cpu C more M percent P. Wall in ms from fork to the end; CPU in ms
// of the process and of all descendants that were waited for; "more" is the median of the differences in wall
// time per round.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "pump/os/process.h"

namespace {

using Words = std::vector<std::string>;

struct Sample {
  double wall_ms = 0;
  double cpu_ms = 0;
};

double children_cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

Sample measure(const Words& words) {
  pump::os::SpawnOptions options;
  options.argv = words;
  options.program = pump::os::find_program(words.front(), std::getenv("PATH")).value_or(words.front());
  const double cpu = children_cpu_ms();
  const auto start = std::chrono::steady_clock::now();
  auto child = pump::os::spawn(options);
  if (!child) throw std::runtime_error(child.error().message);
  const auto status = child->wait();
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  if (!status || !status->success()) throw std::runtime_error(words.front() + " failed");
  return {wall.count(), children_cpu_ms() - cpu};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Words all(argv + 1, argv + argc);
    const auto bar = std::find(all.begin(), all.end(), "--");
    if (all.size() < 4 || bar == all.end() || bar + 1 == all.end() || bar == all.begin() + 1)
      throw std::runtime_error("usage: alternate ROUNDS COMMAND_A... -- COMMAND_B...");
    const Words a(all.begin() + 1, bar);
    const Words b(bar + 1, all.end());
    std::vector<double> a_wall, a_cpu, b_wall, b_cpu, more;
    const int rounds = std::stoi(all.front());
    for (int round = 0; round < rounds; ++round) {
      const bool a_first = round % 2 == 0;  // so that neither always finds the other's warm caches
      const Sample one = measure(a_first ? a : b);
      const Sample two = measure(a_first ? b : a);
      const Sample& of_a = a_first ? one : two;
      const Sample& of_b = a_first ? two : one;
      a_wall.push_back(of_a.wall_ms), a_cpu.push_back(of_a.cpu_ms);
      b_wall.push_back(of_b.wall_ms), b_cpu.push_back(of_b.cpu_ms);
      more.push_back(of_b.wall_ms - of_a.wall_ms);
    }
    const double before = median(a_wall);
    const double difference = median(more);
    fmt::print("a wall {:.2f} cpu {:.2f} b wall {:.2f} cpu {:.2f} more {:.2f} percent {:.0f}\n", before,
               median(a_cpu), median(b_wall), median(b_cpu), difference, 100 * difference / before);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "alternate: {}\n", error.what());
    return 2;
  }
}
