#include "launcher/decide/dependency_file.h"

#include <algorithm>

#include "launcher/decide/modules.h"
#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

/// Everything that the command says of dependencies.
struct Said {
  const Argument* all = nullptr;   ///< -MD
  const Argument* user = nullptr;  ///< -MMD
  const Argument* phony = nullptr;
  const Argument* name = nullptr;
  const Argument* target = nullptr;
  const Argument* hidden = nullptr;  ///< -Wp,-MD,FILE
  const Argument* odd = nullptr;     ///< what makes the request one that is not carried out elsewhere
  bool several_targets = false;

  [[nodiscard]] const Argument* any() const {
    for (const Argument* argument : {all, user, phony, name, target, hidden, odd})
      if (argument != nullptr) return argument;
    return nullptr;
  }
};

bool says_dependencies(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.starts_with("-M") || word == "-sys-header-deps" || word == "-module-file-deps";
  });
}

/// -Wp,-MD,FILE and nothing else.
bool is_hidden_request(const Argument& argument, const std::vector<std::string>& words) {
  return argument.spelling == "-Wp," && words.size() == 2 && (words[0] == "-MD" || words[0] == "-MMD");
}

/// Sets `place`, or notes that it was set already.
void set_once(const Argument*& place, const Argument& argument, Said& said) {
  if (place != nullptr) said.odd = &argument;
  place = &argument;
}

void add_option(const Argument& argument, Said& said) {
  if (argument.spelling == "-MD" || argument.spelling == "--write-dependencies") {
    said.all = &argument;
  } else if (argument.spelling == "-MMD" || argument.spelling == "--write-user-dependencies") {
    said.user = &argument;
  } else if (argument.spelling == "-MP") {
    said.phony = &argument;
  } else {
    said.odd = &argument;  // -MG, -MV
  }
}

Said read(const CommandLine& command) {
  Said said;
  for (const Argument& argument : command.arguments) {
    if (!is_about_dependencies(argument)) continue;
    if (argument.option == Option::DependencyFile) {
      add_option(argument, said);
    } else if (argument.option == Option::DependencyFileName) {
      set_once(said.name, argument, said);
    } else if (argument.option == Option::DependencyTarget) {
      said.several_targets = said.several_targets || said.target != nullptr;
      said.target = &argument;
    } else if (is_hidden_request(argument, compilation::passed_words(argument))) {
      set_once(said.hidden, argument, said);
    } else {
      said.odd = &argument;
    }
  }
  return said;
}

/// Names that one of the compilers quotes, or that make reads as something else.
bool needs_quotes(std::string_view name) {
  return name.find_first_of(" \t\n$#:%\\") != std::string_view::npos;
}

/// "dir/a.b.o" as "dir/a.b" + suffix.
std::string with_suffix(std::string_view name, std::string_view suffix) {
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  const bool has_suffix = dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash);
  return std::string(has_suffix ? name.substr(0, dot) : name) + std::string(suffix);
}

/// What the preprocessor, which does not know the object, makes of the source's name.
std::string beside_nothing(const std::string& source, std::string_view suffix) {
  return with_suffix(os::basename(source), suffix);
}

Fault fault(const Argument& argument, LocalReason reason = LocalReason::DependencyFile) {
  const bool apart = argument.separate && !argument.value.empty();
  return {reason, argument.spelling + (apart ? " " : "") + argument.value};
}

/// Moves the names of gcc's side outputs, the dependency file's among them.
const Argument* moved_names(const CommandLine& command) {
  const auto found =
      std::find_if(command.arguments.begin(), command.arguments.end(), [](const Argument& argument) {
        return argument.spelling.starts_with("-dump") || argument.spelling.starts_with("--dump");
      });
  return found == command.arguments.end() ? nullptr : &*found;
}

std::optional<Fault> unknown_way(const Said& said, const CommandLine& command,
                                 const compilation::Source& source) {
  if (said.several_targets) return fault(*said.target, LocalReason::DependencyTargets);
  if (said.odd != nullptr) return fault(*said.odd);
  const bool asked = said.all != nullptr || said.user != nullptr;
  if (asked && said.all != nullptr && said.user != nullptr) return fault(*said.user);
  if (said.hidden != nullptr) {
    for (const Argument* other : {said.all, said.user, said.phony, said.name, said.target})
      if (other != nullptr) return fault(*other);
  } else if (!asked) {
    return fault(*said.any());  // -MF, -MT or -MP alone: an error, or nothing
  }
  if (compilation::is_preprocessed(source.language)) return fault(*said.any());
  if (const Argument* moved = moved_names(command)) return fault(*moved);
  return {};
}

/// The target as it stands in the file; empty: not known.
std::string target_of(const Said& said, const CommandLine& command, const std::string& source,
                      RuleStyle style) {
  if (said.target != nullptr) {
    const std::string& value = said.target->value;
    const bool raw = said.target->spelling == "-MT" && value.find('\n') == std::string::npos;
    return raw || !needs_quotes(value) ? value : std::string();
  }
  // gcc's preprocessor gets -Wp,-MD past the driver, which names the object otherwise.
  const Argument* output = command.last(Option::Output);
  const bool unnamed = output == nullptr || (said.hidden != nullptr && style == RuleStyle::Gcc);
  std::string target = unnamed ? beside_nothing(source, ".o") : output->value;
  return needs_quotes(target) ? std::string() : target;
}

std::string name_of(const Said& said, const CommandLine& command, const std::string& source) {
  if (said.hidden != nullptr) return compilation::passed_words(*said.hidden)[1];
  if (said.name != nullptr) return said.name->value;
  const Argument* output = command.last(Option::Output);
  return output != nullptr ? with_suffix(output->value, ".d") : beside_nothing(source, ".d");
}

/// Of a gcc that puts it into the dependency file: only those know -fdeps-format=, which CMake gives them.
std::string module_map(const CommandLine& command) {
  std::string map;
  bool recent = false;
  for (const Argument& argument : command.arguments) {
    recent = recent || command.words[argument.first].starts_with("-fdeps-format=");
    if (argument.option == Option::ModuleMapper) map = mapper_of(argument);
  }
  return recent ? map : std::string();
}

}  // namespace

DependencyRequest dependency_request(const CommandLine& command, const compilation::Source& source,
                                     const std::string& output) {
  const Said said = read(command);
  if (said.any() == nullptr) return {};
  if (auto why = unknown_way(said, command, source)) return {std::move(why), {}};
  const std::string& file = source.argument->value;
  DependencyFile result;
  const bool clang = os::basename(command.compiler).find("clang") != std::string_view::npos;
  result.style = clang ? RuleStyle::Clang : RuleStyle::Gcc;
  result.system_headers =
      said.hidden != nullptr ? compilation::passed_words(*said.hidden)[0] == "-MD" : said.all != nullptr;
  result.phony_targets = said.phony != nullptr;
  result.name = name_of(said, command, file);
  result.target = target_of(said, command, file, result.style);
  result.module_map = module_map(command);
  if (result.target.empty()) return {Fault{LocalReason::DependencyFile, "target of " + output}, {}};
  if (result.name.empty() || result.name == "-" || result.name == output ||
      os::basename(file).starts_with('.'))
    return {fault(*said.any()), {}};
  return {{}, std::move(result)};
}

bool is_about_dependencies(const Argument& argument) {
  switch (argument.option) {
    case Option::DependencyFile:
    case Option::DependencyFileName:
    case Option::DependencyTarget:
      return true;
    case Option::ToPreprocessor:
    case Option::ToClangCc1:
      return says_dependencies(compilation::passed_words(argument));
    default:
      return false;
  }
}

std::vector<std::string> dependency_words(const DependencyFile& file) {
  std::vector<std::string> words{file.system_headers ? "-MD" : "-MMD", "-MF", file.name, "-MT", file.target};
  if (file.phony_targets) words.emplace_back("-MP");
  return words;
}

}  // namespace pump::launcher
