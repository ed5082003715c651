#include "launcher/run/inputs.h"

#include <algorithm>
#include <chrono>

#include "launcher/decide/wrappers.h"
#include "pump/compilation/command.h"
#include "pump/os/process.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

constexpr std::chrono::seconds kPatience(60);

bool says_what_to_write(const Argument& argument) {
  switch (argument.option) {
    case Option::Compile:
    case Option::Assemble:
    case Option::Output:
    case Option::DependencyFile:
    case Option::DependencyFileName:
    case Option::DependencyTarget:
      return true;
    case Option::ToPreprocessor: {
      // -Wp,-MD,FILE
      const auto words = compilation::passed_words(argument);
      return std::any_of(words.begin(), words.end(),
                         [](const std::string& word) { return word.starts_with("-M"); });
    }
    default:
      return false;
  }
}

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
  options.argv = {argv.front(), "-M"};
  for (const Argument& argument : command.arguments) {
    if (says_what_to_write(argument)) continue;
    for (std::size_t i = 0; i < argument.words; ++i)
      options.argv.push_back(command.words[argument.first + i]);
  }
  PUMP_TRY(const os::Captured answer, os::run(std::move(options), kPatience));
  if (!answer.status.success()) return fail("the compiler does not list the files it reads");
  return prerequisites(answer.out);
}

std::vector<std::string> prerequisites(std::string_view rule) {
  std::vector<std::string> names;
  std::string name;
  const auto finish = [&] {
    if (!name.empty()) names.push_back(std::move(name));
    name.clear();
  };
  const std::size_t colon = rule.find(": ");
  rule.remove_prefix(colon == std::string_view::npos ? rule.size() : colon + 2);
  for (std::size_t i = 0; i < rule.size(); ++i) {
    const char next = i + 1 < rule.size() ? rule[i + 1] : '\n';
    if (rule[i] == '\\' && (next == ' ' || next == '#')) {
      name += rule[++i];
    } else if (rule[i] == '$' && next == '$') {
      name += rule[++i];
    } else if (rule[i] == '\\' && next == '\n') {
      finish();
      ++i;
    } else if (rule[i] == ' ') {
      finish();
    } else if (rule[i] == '\n') {
      break;
    } else {
      name += rule[i];
    }
  }
  finish();
  return names;
}

}  // namespace pump::launcher
