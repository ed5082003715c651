#include "tests/tools/same_outputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "pump/compilation/command.h"
#include "pump/compilation/pass_through.h"
#include "pump/os/file_io.h"
#include "pump/os/process.h"

namespace pump::tools {
namespace {

using compilation::Option;

/// Two runs may differ by chance: clang 14 lists unused variables in no certain order.
constexpr int kLocalRuns = 3;
constexpr std::size_t kShownBytes = 1200;

struct Run {
  int exit_code = 0;
  std::string messages;
  std::optional<std::string> object, dependencies;
  bool operator==(const Run&) const = default;
};

std::optional<std::string> take(const std::string& path) {
  auto content = os::read_file(path);
  ::unlink(path.c_str());
  if (!content) return {};
  return *std::move(content);
}

Run run(const SameCommand& command, const std::string& launcher, const os::Environment& environment) {
  os::SpawnOptions options;
  if (!launcher.empty()) options.argv.push_back(launcher);
  options.argv.insert(options.argv.end(), command.argv.begin(), command.argv.end());
  const auto program = os::find_program(options.argv.front(), environment.get_or("PATH", ""));
  if (!program) throw std::runtime_error(options.argv.front() + " was not found");
  options.program = *program;
  options.directory = command.directory;
  options.environment = environment;
  const auto done = os::run(std::move(options), std::chrono::minutes(10));
  if (!done) throw std::runtime_error(done.error().message);
  Run result;
  result.exit_code = done->status.signal != 0 ? 128 + done->status.signal : done->status.code;
  result.messages = done->err;
  result.object = take(command.object);
  result.dependencies = take(command.dependencies);
  return result;
}

std::string shown(std::string_view text) {
  return std::string(text.substr(0, kShownBytes)) + (text.size() > kShownBytes ? "…" : "");
}

/// The first line in which two texts differ, from both.
std::string first_difference(const std::string& local, const std::string& remote) {
  std::istringstream here(local), there(remote);
  std::string a, b;
  for (int line = 1;; ++line) {
    const bool more_here = static_cast<bool>(std::getline(here, a));
    const bool more_there = static_cast<bool>(std::getline(there, b));
    if (!more_here && !more_there) return "only in line ends";
    if (more_here != more_there || a != b)
      return fmt::format("line {}:\n    here:   {}\n    remote: {}", line, more_here ? shown(a) : "(end)",
                         more_there ? shown(b) : "(end)");
  }
}

std::vector<std::string> differences(const Run& local, const Run& remote) {
  std::vector<std::string> found;
  if (local.exit_code != remote.exit_code)
    found.push_back(fmt::format("exit code {}, remote {}", local.exit_code, remote.exit_code));
  if (local.messages != remote.messages)
    found.push_back("messages, " + first_difference(local.messages, remote.messages));
  if (local.dependencies != remote.dependencies)
    found.push_back("dependency file, " + first_difference(local.dependencies.value_or("(none)"),
                                                           remote.dependencies.value_or("(none)")));
  if (local.object != remote.object)
    found.push_back(local.object && remote.object ? "object"
                    : local.object                ? "no object, remote"
                                                  : "an object, remote only");
  return found;
}

bool is_named(const compilation::Argument& argument) {
  switch (argument.option) {
    case Option::Input:
    case Option::IncludeDirectory:
    case Option::QuoteDirectory:
    case Option::SystemDirectory:
    case Option::AfterDirectory:
    case Option::ForcedInclude:
    case Option::ForcedMacros:
      return true;
    default:
      return false;
  }
}

compilation::CommandLine parsed(const std::vector<std::string>& argv) {
  auto command = compilation::parse(argv, [](const std::string&) { return std::nullopt; });
  if (!command) throw std::runtime_error(command.error().message);
  return *std::move(command);
}

}  // namespace

SameCommand with_outputs(std::vector<std::string> argv, const std::string& directory,
                         const std::string& stem) {
  SameCommand command{{}, directory, stem + ".o", stem + ".d"};
  bool requests_dependencies = false;
  command.argv.push_back(argv.front());
  command.argv.insert(command.argv.end(), {"-o", command.object});
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (word == "-o") {
      ++i;
    } else if (word == "-MF" && i + 1 < argv.size()) {
      command.argv.insert(command.argv.end(), {word, command.dependencies});
      ++i;
    } else {
      requests_dependencies = requests_dependencies || word.starts_with("-M") || word.starts_with("-Wp,-M");
      command.argv.push_back(word);
    }
  }
  if (!requests_dependencies)
    command.argv.insert(command.argv.begin() + 3, {"-MD", "-MF", command.dependencies, "-MT", "target.o"});
  return command;
}

std::vector<std::string> with_absolute_names(const std::vector<std::string>& argv,
                                             const std::string& directory) {
  std::vector<std::string> words = argv;
  for (const compilation::Argument& argument : parsed(argv).arguments) {
    if (!is_named(argument) || argument.value.empty() || argument.value.find_first_of("/=-") == 0) continue;
    std::string name = argument.value;
    while (name.starts_with("./")) name.erase(0, 2);
    if (name == ".") name.clear();
    const std::string absolute = name.empty() ? directory : fmt::format("{}/{}", directory, name);
    const bool joined = !argument.separate && argument.option != Option::Input;
    words.at(argument.value_word) = joined ? argument.spelling + absolute : absolute;
  }
  return words;
}

SameResult compare_outputs(const SameCommand& command, const std::string& launcher,
                           const os::Environment& environment) {
  const Run local = run(command, {}, environment);
  const Run remote = run(command, launcher, environment);
  SameResult result;
  result.exit_code = local.exit_code;
  result.messages = local.messages;
  result.defects = differences(local, remote);
  for (int i = 1; i < kLocalRuns && !result.defects.empty() && !result.unstable; ++i) {
    const Run again = run(command, {}, environment);
    result.unstable = again != local;
  }
  if (result.unstable) result.defects.clear();
  return result;
}

}  // namespace pump::tools
