#include "pump/compilation/language.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pump/os/file_io.h"

namespace pump::compilation {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

constexpr std::array kSuffixes = {
    Name{"c", "c"},
    Name{"i", "cpp-output"},
    Name{"ii", "c++-cpp-output"},
    Name{"m", "objective-c"},
    Name{"mi", "objective-c-cpp-output"},
    Name{"mm", "objective-c++"},
    Name{"M", "objective-c++"},
    Name{"mii", "objective-c++-cpp-output"},
    Name{"h", "c-header"},
    Name{"H", "c++-header"},
    Name{"hh", "c++-header"},
    Name{"hp", "c++-header"},
    Name{"hxx", "c++-header"},
    Name{"hpp", "c++-header"},
    Name{"HPP", "c++-header"},
    Name{"h++", "c++-header"},
    Name{"tcc", "c++-header"},
    Name{"cc", "c++"},
    Name{"cp", "c++"},
    Name{"cxx", "c++"},
    Name{"cpp", "c++"},
    Name{"CPP", "c++"},
    Name{"c++", "c++"},
    Name{"C", "c++"},
    Name{"CC", "c++"},
    Name{"CXX", "c++"},
    Name{"C++", "c++"},
    Name{"cppm", "c++-module"},
    Name{"ccm", "c++-module"},
    Name{"cxxm", "c++-module"},
    Name{"c++m", "c++-module"},
    Name{"s", "assembler"},
    Name{"S", "assembler-with-cpp"},
    Name{"sx", "assembler-with-cpp"},
    Name{"cu", "cuda"},
    Name{"hip", "hip"},
    Name{"cl", "cl"},
};

// clang's names of languages that have another name in gcc.
constexpr std::array kAliases = {
    Name{"c++cpp-output", "c++-cpp-output"},
    Name{"objc-cpp-output", "objective-c-cpp-output"},
    Name{"objc++-cpp-output", "objective-c++-cpp-output"},
    Name{"c++-system-header", "c++-header"},
    Name{"c++-user-header", "c++-header"},
    Name{"c++-header-unit-header", "c++-header"},
};

std::string_view suffix(std::string_view file) {
  const std::string_view base = os::basename(file);
  const std::size_t dot = base.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : base.substr(dot + 1);
}

template <std::size_t N>
std::string_view find(const std::array<Name, N>& names, std::string_view key, std::string_view fallback) {
  const auto found =
      std::find_if(names.begin(), names.end(), [key](const Name& name) { return name.first == key; });
  return found == names.end() ? fallback : found->second;
}

// "x86_64-linux-gnu-g++-12.2" -> "x86_64-linux-gnu-g++".
std::string_view without_version(std::string_view name) {
  const std::size_t end = name.find_last_not_of("0123456789.");
  if (end == std::string_view::npos || end + 1 == name.size() || name[end] != '-') return name;
  return name.substr(0, end);
}

// The language that g++ and clang++ use for a suffix that means C to a C driver.
std::string in_cxx_driver(std::string_view language) {
  if (language == "c") return "c++";
  if (language == "c-header") return "c++-header";
  if (language == "cpp-output") return "c++-cpp-output";
  return std::string(language);
}

// clang's -ObjC and -ObjC++ set the language of every source that has no -x.
std::string_view objective_mode(const CommandLine& command) {
  for (auto it = command.arguments.rbegin(); it != command.arguments.rend(); ++it) {
    if (it->spelling == "-ObjC") return "objective-c";
    if (it->spelling == "-ObjC++") return "objective-c++";
  }
  return {};
}

}  // namespace

std::string_view language_of(std::string_view file, std::string_view forced_language) {
  if (!forced_language.empty() && forced_language != "none")
    return find(kAliases, forced_language, forced_language);
  return find(kSuffixes, suffix(file), {});
}

DriverLanguage driver_language(const CommandLine& command) {
  if (const Argument* mode = command.last(Option::DriverMode))
    return mode->value == "g++" ? DriverLanguage::Cxx : DriverLanguage::C;
  return without_version(os::basename(command.compiler)).ends_with("++") ? DriverLanguage::Cxx
                                                                         : DriverLanguage::C;
}

std::vector<Source> inputs(const CommandLine& command) {
  std::vector<Source> sources;
  std::string forced;
  const std::string_view objective = objective_mode(command);
  const bool cxx = driver_language(command) == DriverLanguage::Cxx;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::Language && argument.spelling.starts_with("-ObjC")) {
      // objective_mode() handles it: it applies to all inputs
    } else if (argument.option == Option::Language) {
      forced = argument.value;
    } else if (argument.option == Option::Input) {
      const bool by_suffix = forced.empty() || forced == "none";
      const std::string_view language = language_of(argument.value, forced);
      if (by_suffix && !objective.empty() && !language.empty()) {
        sources.push_back({&argument, std::string(objective)});
      } else {
        sources.push_back({&argument, by_suffix && cxx ? in_cxx_driver(language) : std::string(language)});
      }
    }
  }
  return sources;
}

bool is_preprocessed(std::string_view language) {
  return language == "assembler" || language.ends_with("cpp-output");
}

bool is_translation_unit(std::string_view language) {
  return !language.empty() && !language.ends_with("-header") && !language.ends_with("-module");
}

}  // namespace pump::compilation
