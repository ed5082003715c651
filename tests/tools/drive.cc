// Runs every command of a compile_commands.json through a launcher, JOBS at once, with objects in
// OUTPUT_DIRECTORY. Measures the client: wall time, and CPU time of all processes that it starts.
//   drive LAUNCHER compile_commands.json OUTPUT_DIRECTORY JOBS [LIMIT]       LAUNCHER: e.g. distcc, or "-" for none
// Prints: units N failed F seconds S units_per_second R cpu_ms_per_unit C
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "pump/os/process.h"
#include "tests/tools/compile_commands.h"

namespace {

double children_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<std::string> with_output(const pump::tools::CompileCommand& command, const std::string& launcher,
                                     const std::string& object) {
  std::vector<std::string> words;
  if (launcher != "-") words.push_back(launcher);
  for (std::size_t i = 0; i < command.argv.size(); ++i) {
    words.push_back(command.argv[i]);
    if (command.argv[i] == "-o" && i + 1 < command.argv.size()) words.push_back(object), ++i;
    if (command.argv[i] == "-MF" && i + 1 < command.argv.size()) words.push_back(object + ".d"), ++i;
  }
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 5)
      throw std::runtime_error("usage: drive LAUNCHER compile_commands.json OUTPUT_DIRECTORY JOBS [LIMIT]");
    auto commands = pump::tools::read_compile_commands(argv[2]);
    if (argc > 5) commands.resize(std::min<std::size_t>(commands.size(), std::stoul(argv[5])));
    const std::string output = argv[3];
    std::filesystem::create_directories(output);
    std::atomic<std::size_t> next{0}, failed{0};
    std::mutex print;
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int j = 0; j < std::stoi(argv[4]); ++j)
      threads.emplace_back([&] {
        for (std::size_t i = 0; (i = next++) < commands.size();) {
          pump::os::SpawnOptions options;
          options.argv = with_output(commands[i], argv[1], fmt::format("{}/{}.o", output, i));
          options.program = pump::os::find_program(options.argv.front(), std::getenv("PATH"))
                                .value_or(options.argv.front());
          options.directory = commands[i].directory;
          const auto result = pump::os::run(options, std::chrono::minutes(10));
          if (result && result->status.success()) continue;
          const std::lock_guard lock(print);
          if (failed++ == 0)
            fmt::print(stderr, "{} failed: {}\n", commands[i].file,
                       result ? result->err : result.error().message);
        }
      });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    const auto count = static_cast<double>(commands.size());
    fmt::print("units {} failed {} seconds {:.3f} units_per_second {:.1f} cpu_ms_per_unit {:.2f}\n",
               commands.size(), failed.load(), spent.count(), count / spent.count(),
               children_cpu_seconds() * 1e3 / count);
    return failed == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "drive: {}\n", error.what());
    return 2;
  }
}
