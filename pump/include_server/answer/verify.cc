#include "pump/include_server/answer/verify.h"

#include <tsl/robin_set.h>

#include <chrono>

#include "pump/compilation/command.h"
#include "pump/compilation/make_rule.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/os/format.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

constexpr std::chrono::minutes kPatience{2};

Expected<std::vector<std::string>> dependency_command(const std::vector<std::string>& argv) {
  const auto keep_response_files = [](const std::string&) { return std::nullopt; };
  PUMP_TRY(const compilation::CommandLine command, compilation::parse(argv, keep_response_files));
  return compilation::dependency_command(command);
}

}  // namespace

Expected<Comparison> compare_with_compiler(const FileTree::Snapshot& /*snapshot*/, FileTree& tree,
                                           const Unit& unit, const Closure& closure,
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
    return fail(os::format("the compiler's -M failed: {}", captured.err.substr(0, 500)));

  Trace trace;
  DefaultDirectories defaults(tree, unit, trace.consulted);
  tsl::robin_set<const Entry*> ours;
  for (const ClosureFile& file : closure.files) ours.insert(file.entry);

  Comparison comparison;
  tsl::robin_set<const Entry*> theirs;
  for (const std::string& name : compilation::parse_make_rule(captured.out)) {
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
