#include "pump/include_server/answer/verify.h"

#include <fmt/format.h>
#include <tsl/robin_set.h>

#include <chrono>

#include "pump/compilation/command.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

constexpr std::chrono::minutes kPatience{2};

bool replaced(compilation::Option option) {
  using compilation::Option;
  switch (option) {
    case Option::Output:
    case Option::Compile:
    case Option::Assemble:
    case Option::DependencyFile:
    case Option::DependencyFileName:
    case Option::DependencyTarget:
      return true;
    default:
      return false;
  }
}

}  // namespace

Expected<std::vector<std::string>> dependency_command(const std::vector<std::string>& argv) {
  const auto keep_response_files = [](const std::string&) { return std::nullopt; };
  PUMP_TRY(const compilation::CommandLine command, compilation::parse(argv, keep_response_files));
  std::vector<std::string> words{command.compiler, "-M"};
  for (const compilation::Argument& argument : command.arguments) {
    if (replaced(argument.option)) continue;
    for (std::size_t i = 0; i < argument.words; ++i) words.push_back(command.words[argument.first + i]);
  }
  return words;
}

std::vector<std::string> parse_make_rule(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  const auto finish = [&] {
    if (!name.empty()) names.push_back(std::move(name));
    name.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\' && (next == '\n' || next == ' ' || next == '#' || next == '\t')) {
      ++i;
      next == '\n' ? finish() : name.push_back(next);
    } else if (c == '$' && next == '$') {
      ++i;
      name.push_back('$');
    } else if (c == ':' && names.empty() && (next == ' ' || next == '\n' || next == '\0')) {
      name.clear();  // that was the target
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      finish();
    } else {
      name.push_back(c);
    }
  }
  finish();
  return names;
}

Expected<Comparison> compare_with_compiler(FileTree& tree, const Unit& unit, const Closure& closure,
                                           const std::vector<std::string>& argv,
                                           const os::Environment& environment) {
  os::SpawnOptions spawn;
  spawn.program = unit.profile->compiler;
  PUMP_TRY(spawn.argv, dependency_command(argv));
  spawn.environment = environment;
  spawn.directory = unit.cwd;
  spawn.close_others = true;
  PUMP_TRY(const os::Captured captured, os::run(std::move(spawn), kPatience));
  if (!captured.status.success())
    return fail(fmt::format("the compiler's -M failed: {}", captured.err.substr(0, 500)));

  Trace trace;
  DefaultDirectories defaults(tree, unit, trace.consulted);
  tsl::robin_set<const Entry*> ours;
  for (const ClosureFile& file : closure.files) ours.insert(file.entry);

  Comparison comparison;
  tsl::robin_set<const Entry*> theirs;
  for (const std::string& name : parse_make_rule(captured.out)) {
    const Entry* entry = tree.walk(unit.cwd_directory, name, trace);
    if (!theirs.insert(entry).second || defaults.holding(entry->parent) != nullptr) continue;
    if (!ours.contains(entry)) comparison.missing.push_back(entry->path());
  }
  for (const ClosureFile& file : closure.files) {
    if (!file.entered || theirs.contains(file.entry) || defaults.holding(file.entry->parent) != nullptr)
      continue;
    comparison.surplus.push_back(file.entry->path());
  }
  return comparison;
}

}  // namespace pump::include_server
