// Sends the commands of a compile_commands.json to a running include server and measures times. The client of
// the benchmarks.
//   replay SOCKET compile_commands.json [--passes N] [--jobs N] [--limit N] [--cpu-of PID]
// Prints one line per pass: units, seconds, requests per second, latency quantiles (connect to last byte),
// replies with n = 0, entries per reply, and with --cpu-of the CPU time that the process PID used, per
// request.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/tools/compile_commands.h"
#include "tests/tools/wire_client.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string socket, database;
  unsigned passes = 2, jobs = 1;
  std::size_t limit = SIZE_MAX;
  int cpu_of = 0;
};

Arguments parse(int argc, char** argv) {
  if (argc < 3)
    throw std::runtime_error("usage: replay SOCKET compile_commands.json [--passes N] [--jobs N] ...");
  Arguments out{argv[1], argv[2]};
  for (int i = 3; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const unsigned long value = std::stoul(argv[i + 1]);
    if (name == "--passes") {
      out.passes = static_cast<unsigned>(value);
    } else if (name == "--jobs") {
      out.jobs = static_cast<unsigned>(value);
    } else if (name == "--limit") {
      out.limit = value;
    } else if (name == "--cpu-of") {
      out.cpu_of = static_cast<int>(value);
    } else {
      throw std::runtime_error("unknown option " + name);
    }
  }
  return out;
}

/// CPU seconds that a process and its threads have used, in steps of 10 ms.
double cpu_seconds(int pid) {
  if (pid == 0) return 0;
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(in)), {});
  unsigned long long user = 0, system = 0;
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos ||
      std::sscanf(text.c_str() + end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
                  &system) != 2)
    throw std::runtime_error(fmt::format("no process {}", pid));
  return static_cast<double>(user + system) / 100.0;  // USER_HZ, proc(5)
}

void one_pass(const Arguments& arguments, const std::vector<std::string>& requests, unsigned number) {
  std::vector<double> latencies;
  std::size_t entries = 0, gave_up = 0;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  const double cpu_before = cpu_seconds(arguments.cpu_of);
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (unsigned j = 0; j < arguments.jobs; ++j)
    threads.emplace_back([&] {
      for (std::size_t i = 0; (i = next++) < requests.size();) {
        const auto before = Clock::now();
        const std::string reply = pump::tools::exchange(arguments.socket, requests[i]);
        const std::chrono::duration<double> spent = Clock::now() - before;
        const std::size_t count = reply.size() < 12 ? 0 : std::stoul(reply.substr(4, 8), nullptr, 16);
        const std::lock_guard lock(mutex);
        latencies.push_back(spent.count());
        entries += count;
        gave_up += count == 0 ? 1U : 0U;
      }
    });
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> total = Clock::now() - start;
  std::sort(latencies.begin(), latencies.end());
  const auto count = static_cast<double>(requests.size());
  const auto quantile = [&](double q) { return latencies[static_cast<std::size_t>(q * (count - 1))] * 1e3; };
  fmt::print(
      "pass {} units {} seconds {:.3f} rate {:.1f} p50_ms {:.3f} p99_ms {:.3f} gave_up {} entries {:.1f} "
      "cpu_us {:.1f}\n",
      number, requests.size(), total.count(), count / total.count(), quantile(0.5), quantile(0.99), gave_up,
      static_cast<double>(entries) / count, (cpu_seconds(arguments.cpu_of) - cpu_before) * 1e6 / count);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments = parse(argc, argv);
    std::vector<std::string> requests;
    for (const auto& command : pump::tools::read_compile_commands(arguments.database)) {
      if (requests.size() >= arguments.limit) break;
      requests.push_back(pump::tools::encode_request(command.directory, command.argv));
    }
    if (requests.empty()) throw std::runtime_error("no commands in " + arguments.database);
    for (unsigned pass = 1; pass <= arguments.passes; ++pass) one_pass(arguments, requests, pass);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "replay: {}\n", error.what());
    return 2;
  }
}
