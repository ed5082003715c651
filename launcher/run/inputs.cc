#include "launcher/run/inputs.h"

#include <chrono>

#include "launcher/decide/wrappers.h"
#include "pump/compilation/command.h"
#include "pump/compilation/make_rule.h"
#include "pump/os/process.h"

namespace pump::launcher {
namespace {

constexpr std::chrono::seconds kPatience(60);

}  // namespace

Expected<std::vector<std::string>> read_inputs(const std::vector<std::string>& argv,
                                               const CommandContext& context) {
  PUMP_TRY(const compilation::CommandLine command, compilation::parse(argv, context.read));
  os::SpawnOptions options;
  options.environment = context.environment;
  const std::string_view path = context.environment.get_or("PATH", "");
  const auto without = path_without_masquerade(path);
  const auto program = os::find_program(argv.front(), without ? *without : path, context.cwd);
  if (!program) return fail(argv.front() + " was not found");
  options.program = *program;
  options.argv = compilation::dependency_command(command);
  PUMP_TRY(const os::Captured answer, os::run(std::move(options), kPatience));
  if (!answer.status.success()) return fail("the compiler does not list the files it reads");
  return compilation::parse_make_rule(answer.out);
}

}  // namespace pump::launcher
