// Sends a request for every command of a compile_commands.json to a running include server and compares the
// replies with the compiler's -M: every file outside the compiler's default directories must be in the reply.
//   closure_check SOCKET compile_commands.json
// Prints one line per defect and a summary: translation units, missing files, empty replies, forced
// directories, needless ones of them (no path has ".." after them, or a sent file implies them), entries sent
// / files needed (mean, worst). Exits with 1 if a file is missing, a reply is empty or a forced directory is
// needless.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>

#include "tests/tools/compile_commands.h"
#include "tests/tools/wire_client.h"

namespace {

using pump::tools::CompileCommand;

struct Totals {
  std::mutex mutex;
  std::size_t units = 0, missing = 0, empty = 0, errors = 0, forced = 0, needless = 0;
  double ratio_sum = 0, worst = 0;
  std::string worst_file;
};

namespace fs = std::filesystem;
constexpr std::string_view kForced = "/forcing_technique_271828";

/// The directories before a ".." in the paths of the files that the compiler read.
std::set<std::string> left_by_dots(const CompileCommand& command, const std::vector<std::string>& names) {
  std::set<std::string> left;
  for (const std::string& name : names) {
    fs::path at = name.starts_with('/') ? fs::path("/") : fs::path(command.directory);
    for (const fs::path& part : fs::path(name)) {
      if (part == "..") left.insert(fs::weakly_canonical(at).string());
      at /= part;
    }
  }
  return left;
}

/// Forced directories in the reply that the compilation does not need.
std::vector<std::string> needless_directories(const std::set<std::string>& sent,
                                              const std::set<std::string>& left) {
  std::vector<std::string> needless;
  for (const std::string& name : sent) {
    if (!name.ends_with(kForced)) continue;
    const std::string directory = name.substr(0, name.size() - kForced.size());
    const bool implied = std::any_of(sent.begin(), sent.end(), [&](const std::string& other) {
      return !other.ends_with(kForced) && other.starts_with(directory + "/");
    });
    if (implied || !left.contains(directory)) needless.push_back(directory);
  }
  return needless;
}

void check(const std::string& socket, const CompileCommand& command, Totals& totals) {
  const auto reply = pump::tools::decode_reply(
      pump::tools::exchange(socket, pump::tools::encode_request(command.directory, command.argv)));
  std::set<std::string> sent;
  for (const std::string& path : reply) sent.insert(pump::tools::original_name(path));
  const auto defaults = pump::tools::default_directories(command);
  std::set<std::string> needed;
  const std::vector<std::string> dependencies = pump::tools::dependencies_of(command);
  for (const std::string& name : dependencies) {
    const fs::path path = fs::path(command.directory) / name;
    const std::string real = fs::weakly_canonical(path).string(), spelled = path.lexically_normal().string();
    // Some of Debian 13's headers in /usr/include are links; the server has their targets itself.
    if (std::none_of(defaults.begin(), defaults.end(),
                     [&](const std::string& d) { return real.starts_with(d) || spelled.starts_with(d); }))
      needed.insert(real);
  }
  const double ratio =
      static_cast<double>(reply.size()) / static_cast<double>(std::max<std::size_t>(needed.size(), 1));
  const auto needless = needless_directories(sent, left_by_dots(command, dependencies));
  const auto forced =
      std::count_if(sent.begin(), sent.end(), [](const std::string& s) { return s.ends_with(kForced); });
  const std::lock_guard lock(totals.mutex);
  ++totals.units;
  totals.forced += static_cast<std::size_t>(forced);
  totals.needless += needless.size();
  for (const std::string& directory : needless)
    fmt::print("NEEDLESS directory {} for {}\n", directory, command.file);
  if (reply.empty()) {
    ++totals.empty;
    fmt::print("EMPTY {}\n", command.file);
    return;
  }
  for (const std::string& name : needed) {
    if (sent.contains(name)) continue;
    ++totals.missing;
    fmt::print("MISSING {} for {}\n", name, command.file);
  }
  totals.ratio_sum += ratio;
  if (ratio > totals.worst) totals.worst = ratio, totals.worst_file = command.file;
  if (ratio > 1.5) {
    fmt::print("RATIO {:.2f} ({} sent, {} needed) {}\n", ratio, reply.size(), needed.size(), command.file);
    int shown = 0;
    for (const std::string& name : sent)
      if (!needed.contains(name) && shown++ < 8) fmt::print("  surplus {}\n", name);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: closure_check SOCKET compile_commands.json\n");
    return 2;
  }
  try {
    const auto commands = pump::tools::read_compile_commands(argv[2]);
    Totals totals;
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < std::max(2U, std::thread::hardware_concurrency()); ++t)
      threads.emplace_back([&] {
        for (std::size_t i = 0; (i = next++) < commands.size();) {
          try {
            check(argv[1], commands[i], totals);
          } catch (const std::exception& error) {
            const std::lock_guard lock(totals.mutex);
            ++totals.errors;
            fmt::print("ERROR {}: {}\n", commands[i].file, error.what());
          }
        }
      });
    for (std::thread& thread : threads) thread.join();
    const std::size_t answered = totals.units - totals.empty;
    fmt::print(
        "units {} missing {} empty {} errors {} forced directories {} needless {} sent/needed mean {:.3f} "
        "worst {:.2f} {}\n",
        totals.units, totals.missing, totals.empty, totals.errors, totals.forced, totals.needless,
        answered == 0 ? 0.0 : totals.ratio_sum / static_cast<double>(answered), totals.worst,
        totals.worst_file);
    // For each corpus the mean is at most 1.05, and no unit is above 1.5.
    const bool exact =
        answered > 0 && totals.ratio_sum <= 1.05 * static_cast<double>(answered) && totals.worst <= 1.5;
    return totals.missing + totals.empty + totals.errors + totals.needless == 0 && exact ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "closure_check: {}\n", error.what());
    return 2;
  }
}
