#include "launcher/decide/modules.h"

#include <array>

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

/// The value of an option that the parser represents as one word or as word and value.
std::string value_of(const Argument& argument) {
  if (!argument.value.empty()) return argument.value;
  const std::size_t equals = argument.spelling.find('=');
  return equals == std::string::npos ? std::string() : argument.spelling.substr(equals + 1);
}

/// True if a gcc module map names a module. A line that is not understood counts as one.
bool maps_a_module(std::string_view map) {
  while (!map.empty()) {
    const std::size_t end = std::min(map.find('\n'), map.size());
    std::string_view line = map.substr(0, end);
    map.remove_prefix(std::min(end + 1, map.size()));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    line.remove_prefix(first);
    if (line == "$root" || line.starts_with("$root ") || line.starts_with("$root\t")) continue;
    return true;
  }
  return false;
}

std::optional<Fault> check_mapper(const Argument& argument, const CommandContext& context) {
  const std::string map = mapper_of(argument);
  const Fault fault{LocalReason::Module, "-fmodule-mapper=" + map};
  // These characters mark a host and port, a program, descriptors or a socket. "FILE?IDENT" uses some lines
  // only.
  if (map.empty() || map.find_first_of(":|<>?") != std::string::npos) return fault;
  const auto content = context.read(map);
  if (!content || maps_a_module(*content)) return fault;
  return {};
}

/// Options that enable modules, so that a source could use one without any map.
bool enables_modules(std::string_view word) {
  constexpr std::array kEnabling{std::string_view("-fmodules"), std::string_view("-fmodules-ts"),
                                 std::string_view("-fcxx-modules")};
  for (const std::string_view enabling : kEnabling)
    if (word == enabling) return true;
  // -fmodule-header[=…], -fmodule-only, -fmodule-name=…: the unit is part of a module.
  return word.starts_with("-fmodule-") && !word.starts_with("-fmodule-mapper") &&
         !word.starts_with("-fmodule-version-ignore");
}

}  // namespace

std::string mapper_of(const Argument& argument) {
  const std::string map = value_of(argument);
  // "=FILE" means explicitly that it is a file.
  return map.starts_with('=') ? map.substr(1) : map;
}

std::optional<Fault> find_module(const compilation::CommandLine& command, const CommandContext& context) {
  bool mapped = false;
  const Argument* enabled = nullptr;
  for (const Argument& argument : command.arguments) {
    const std::string word = compilation::as_word(argument);
    if (argument.option == Option::ModuleMapper) {
      if (auto fault = check_mapper(argument, context)) return fault;
      mapped = true;
    } else if (argument.option == Option::ModuleFile) {
      return Fault{LocalReason::Module, word};
    } else if (enables_modules(word)) {
      if (word != "-fmodules-ts") return Fault{LocalReason::Module, word};
      enabled = &argument;
    }
  }
  // With an empty map a source can import nothing. Without a map gcc looks for modules in gcm.cache.
  if (enabled != nullptr && !mapped) return Fault{LocalReason::Module, command.words[enabled->first]};
  return {};
}

std::optional<Fault> find_missing_header(const compilation::CommandLine& command,
                                         const CommandContext& context) {
  for (const Argument& argument : command.arguments) {
    if (argument.option != Option::ForcedInclude || context.exists(argument.value)) continue;
    for (const char* suffix : {".gch", ".pch"})
      if (context.exists(argument.value + suffix)) return Fault{LocalReason::PchUse, argument.value + suffix};
  }
  return {};
}

}  // namespace pump::launcher
