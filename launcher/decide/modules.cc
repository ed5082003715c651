#include "launcher/decide/modules.h"

#include <algorithm>
#include <array>

#include "launcher/decide/debug_directory.h"

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

bool is_scan_format(std::string_view word) {
  return word.starts_with("-fdeps-format=");
}

std::optional<Fault> find_scan_fault(const compilation::CommandLine& command, bool has_dependencies) {
  std::string scan;
  bool recorded = true;
  for (const Argument& argument : command.arguments) {
    const std::string& word = command.words[argument.first];
    if (argument.option == Option::ModuleMapper || argument.option == Option::Modules || is_scan_format(word))
      scan = word;
    if (is_scan_format(word) && !has_dependencies) return Fault{LocalReason::DependencyFile, word};
    if (word == "-gno-record-gcc-switches") recorded = false;
    if (word == "-grecord-gcc-switches") recorded = true;
  }
  if (scan.empty() || !recorded || !wants_debug_information(command)) return {};
  return Fault{LocalReason::ScannedDebug, scan};
}

std::optional<SideFile> scan_file(const compilation::CommandLine& command, const std::string& output) {
  const bool scanned =
      std::any_of(command.arguments.begin(), command.arguments.end(),
                  [&](const Argument& one) { return is_scan_format(command.words[one.first]); });
  if (!scanned) return {};
  // gcc's driver replaces the suffix, also if -o names none.
  const std::size_t base = output.rfind('/') + 1;
  const std::size_t dot = output.rfind('.');
  const std::string stem = output.substr(0, dot != std::string::npos && dot >= base ? dot : output.size());
  const bool plain = std::none_of(output.begin(), output.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\' || c == ' ' || c == 0x7f;
  });
  if (!plain) return SideFile{};
  return SideFile{stem + ".ddi",
                  "{\n\"rules\": [\n{\n\"primary-output\": \"" + stem +
                      ".o\",\n\"requires\": [\n]\n}\n],\n\"version\": 0,\n\"revision\": 0\n}\n"};
}

std::optional<Fault> find_precompiled_header(const compilation::CommandLine& command,
                                             const CommandContext& context) {
  for (const Argument& argument : command.arguments) {
    if (argument.option != Option::ForcedInclude) continue;
    for (const char* suffix : {".gch", ".pch"})
      if (context.exists(argument.value + suffix)) return Fault{LocalReason::PchUse, argument.value + suffix};
  }
  return {};
}

}  // namespace pump::launcher
