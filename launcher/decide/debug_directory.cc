#include "launcher/decide/debug_directory.h"

#include <sys/stat.h>

#include <algorithm>

#include "pump/compilation/pass_through.h"
#include "pump/distcc/distcc_arguments.h"
#include "pump/os/file_io.h"

namespace pump::launcher {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

bool wants_debug_information(const CommandLine& command) {
  const Argument* last = command.last(Option::DebugInfo);
  if (last != nullptr && compilation::as_word(*last) != "-g0") return true;
  // clang's frontend has an option of its own.
  const std::vector<Argument> arguments = compilation::preprocessor_arguments(command);
  return std::any_of(arguments.begin(), arguments.end(), [](const Argument& argument) {
    return !argument.carrier.empty() && compilation::as_word(argument).starts_with("-debug-info-kind");
  });
}

std::optional<LocalReason> find_unrepairable_output(const CommandLine& command) {
  bool bytecode = false;
  for (const Argument& argument : command.arguments) {
    const std::string word = compilation::as_word(argument);
    if (word == "-flto" || word.starts_with("-flto=")) bytecode = true;
    if (word == "-fno-lto") bytecode = false;
  }
  if (bytecode) return LocalReason::LinkTimeOptimisation;
  if (command.has(Option::Assemble) && wants_debug_information(command)) return LocalReason::DebugAssembly;
  return {};
}

std::vector<std::pair<std::string, std::string>> debug_prefix_maps(const CommandLine& command) {
  std::vector<std::pair<std::string, std::string>> maps;
  for (const Argument& argument : command.arguments) {
    if (argument.option != Option::PrefixMap) continue;
    if (argument.spelling != "-ffile-prefix-map=" && argument.spelling != "-fdebug-prefix-map=") continue;
    // gcc splits at the last '=', clang at the first. If that makes a difference, the repair finds no
    // matching name.
    const std::size_t equals = argument.value.rfind('=');
    if (equals != std::string::npos)
      maps.emplace_back(argument.value.substr(0, equals), argument.value.substr(equals + 1));
  }
  return maps;
}

std::string map_of_mapped(const CommandLine& command, const std::string& directory) {
  const auto maps = debug_prefix_maps(command);
  // gcc applies the last one that fits.
  const auto map_for = [&](const std::string& name) {
    return std::find_if(maps.rbegin(), maps.rend(),
                        [&](const auto& map) { return name.starts_with(map.first); });
  };
  const auto first = map_for(directory);
  if (first == maps.rend()) return {};
  const std::string mapped = first->second + directory.substr(first->first.size());
  const auto second = map_for(mapped);
  return second == maps.rend() ? std::string() : second->first + "=" + second->second;
}

std::string logical_directory(const std::string& cwd, const os::Environment& environment) {
  const std::string named(environment.get_or("PWD", ""));
  if (!named.starts_with('/') || named == cwd) return cwd;
  struct stat there {
  }, here{};
  const bool same = ::stat(named.c_str(), &there) == 0 && ::stat(cwd.c_str(), &here) == 0 &&
                    there.st_dev == here.st_dev && there.st_ino == here.st_ino;
  return same ? named : cwd;
}

std::vector<std::string> compilation_directory_words(const CommandLine& command,
                                                     const std::string& directory) {
  if (os::basename(command.compiler).find("clang") == std::string_view::npos) return {};
  if (directory.empty() || !wants_debug_information(command)) return {};
  for (const Argument& argument : compilation::preprocessor_arguments(command))
    if (argument.option == Option::PrefixMap &&
        argument.spelling.find("compilation-dir") != std::string::npos)
      return {};
  // distcc would take a directory called x.c as a second source.
  if (distcc::is_source(directory) || directory.ends_with(".o")) return {};
  return {"-Xclang", "-fdebug-compilation-dir", "-Xclang", directory};
}

}  // namespace pump::launcher
