// Compiles units of a compile_commands.json here and through pump-launch, and compares object, messages, dependency file and
// exit code of each (same_outputs.h).
//   same_units LAUNCHER compile_commands.json SCRATCH [--sample N] [--jobs N] [--add WORD]... [--remove WORD]...
// --sample: only N units, evenly spread. Prints each difference, then one line. Exits with 1 if there was a difference.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <exception>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/tools/compile_commands.h"
#include "tests/tools/same_outputs.h"

namespace {

using namespace pump::tools;

struct Settings {
  std::string launcher, commands, scratch;
  std::size_t sample = 0;
  unsigned jobs = 2;
  std::vector<std::string> added, removed;
};

std::vector<CompileCommand> chosen(const Settings& settings) {
  std::vector<CompileCommand> all = read_compile_commands(settings.commands);
  if (settings.sample == 0 || settings.sample >= all.size()) return all;
  std::vector<CompileCommand> some;
  for (std::size_t i = 0; i < settings.sample; ++i) some.push_back(all[i * all.size() / settings.sample]);
  return some;
}

struct Summary {
  std::mutex mutex;
  std::size_t units = 0, with_messages = 0, unstable = 0, different = 0, failed = 0;
  std::size_t lines = 0;
};

void check(const CompileCommand& unit, std::size_t number, const Settings& settings, Summary& summary) {
  std::vector<std::string> argv = unit.argv;
  for (const std::string& word : settings.removed) std::erase(argv, word);
  argv.insert(argv.end(), settings.added.begin(), settings.added.end());
  const SameCommand command =
      with_outputs(std::move(argv), unit.directory, fmt::format("{}/{}", settings.scratch, number));
  const SameResult result = compare_outputs(command, settings.launcher, pump::os::Environment::current());
  const std::lock_guard lock(summary.mutex);
  ++summary.units;
  if (!result.messages.empty()) ++summary.with_messages;
  summary.lines += static_cast<std::size_t>(std::count(result.messages.begin(), result.messages.end(), '\n'));
  if (result.unstable) ++summary.unstable;
  if (result.exit_code != 0) ++summary.failed;
  if (result.defects.empty()) return;
  ++summary.different;
  for (const std::string& defect : result.defects) fmt::print("{}: {}\n", unit.file, defect);
  std::fflush(stdout);
}

int run(const Settings& settings) {
  const std::vector<CompileCommand> units = chosen(settings);
  std::filesystem::create_directories(settings.scratch);
  Summary summary;
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned j = 0; j < settings.jobs; ++j)
    threads.emplace_back([&] {
      for (std::size_t i = 0; (i = next++) < units.size();) check(units[i], i, settings, summary);
    });
  for (std::thread& thread : threads) thread.join();
  fmt::print(
      "{} units compared, {} different; {} with messages ({} lines), {} that fail, {} whose local results "
      "vary\n",
      summary.units, summary.different, summary.with_messages, summary.lines, summary.failed,
      summary.unstable);
  return summary.different == 0 && summary.units > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares units of a project compiled here and through pump-launch");
  Settings settings;
  app.add_option("launcher", settings.launcher)->required();
  app.add_option("commands", settings.commands, "compile_commands.json")->required();
  app.add_option("scratch", settings.scratch)->required();
  app.add_option("--sample", settings.sample);
  app.add_option("--jobs", settings.jobs);
  app.add_option("--add", settings.added)->allow_extra_args(false);
  app.add_option("--remove", settings.removed)->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(settings);
  } catch (const std::exception& error) {
    fmt::print(stderr, "same_units: {}\n", error.what());
    return 2;
  }
}
