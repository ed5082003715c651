#include "launcher/decide/dependency_file.h"

#include <algorithm>

#include "launcher/decide/modules.h"
#include "pump/compilation/make_rule.h"
#include "pump/compilation/pass_through.h"
#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

/// The command's options for dependencies; nullptr for those that it does not have.
struct DependencyOptions {
  const Argument* all = nullptr;           ///< -MD
  const Argument* user = nullptr;          ///< -MMD
  const Argument* phony = nullptr;         ///< -MP
  const Argument* name = nullptr;          ///< -MF
  const Argument* target = nullptr;        ///< -MT, -MQ
  const Argument* preprocessor = nullptr;  ///< -Wp,-MD,FILE or -Wp,-MMD,FILE
  const Argument* unsupported = nullptr;   ///< distcc handles it differently from the compiler
  bool several_targets = false;

  [[nodiscard]] const Argument* any() const {
    for (const Argument* argument : {all, user, phony, name, target, preprocessor, unsupported})
      if (argument != nullptr) return argument;
    return nullptr;
  }
};

bool has_dependency_option(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.starts_with("-M") || word == "-sys-header-deps" || word == "-module-file-deps";
  });
}

/// True for -Wp,-MD,FILE or -Wp,-MMD,FILE. `words`: those that the argument passes.
bool is_preprocessor_request(const Argument& argument, const std::vector<std::string>& words) {
  return argument.spelling == "-Wp," && words.size() == 2 && (words[0] == "-MD" || words[0] == "-MMD");
}

/// Sets `place`. An option that is given twice is not supported.
void set_once(const Argument*& place, const Argument& argument, DependencyOptions& options) {
  if (place != nullptr) options.unsupported = &argument;
  place = &argument;
}

void add_option(const Argument& argument, DependencyOptions& options) {
  if (argument.spelling == "-MD" || argument.spelling == "--write-dependencies") {
    options.all = &argument;
  } else if (argument.spelling == "-MMD" || argument.spelling == "--write-user-dependencies") {
    options.user = &argument;
  } else if (argument.spelling == "-MP") {
    options.phony = &argument;
  } else {
    options.unsupported = &argument;  // -MG, -MV
  }
}

DependencyOptions read(const CommandLine& command) {
  DependencyOptions options;
  for (const Argument& argument : command.arguments) {
    if (!is_about_dependencies(argument)) continue;
    if (argument.option == Option::DependencyFile) {
      add_option(argument, options);
    } else if (argument.option == Option::DependencyFileName) {
      set_once(options.name, argument, options);
    } else if (argument.option == Option::DependencyTarget) {
      options.several_targets = options.several_targets || options.target != nullptr;
      options.target = &argument;
    } else if (is_preprocessor_request(argument, compilation::passed_words(argument))) {
      set_once(options.preprocessor, argument, options);
    } else {
      options.unsupported = &argument;
    }
  }
  return options;
}

/// True for names that a compiler quotes, or that make reads as something else.
bool needs_quotes(std::string_view name) {
  return name.find_first_of(" \t\n$#:%\\") != std::string_view::npos;
}

/// "dir/a.b.o" becomes "dir/a.b" + suffix.
std::string with_suffix(std::string_view name, std::string_view suffix) {
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  const bool has_suffix = dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash);
  return std::string(has_suffix ? name.substr(0, dot) : name) + std::string(suffix);
}

/// The name that the preprocessor derives from the source's name, because it does not get the object's.
std::string in_working_directory(const std::string& source, std::string_view suffix) {
  return with_suffix(os::basename(source), suffix);
}

Fault fault(const Argument& argument, LocalReason reason = LocalReason::DependencyFile) {
  const bool apart = argument.separate && !argument.value.empty();
  return {reason, argument.spelling + (apart ? " " : "") + argument.value};
}

/// An option that changes the names of gcc's side outputs, of which the dependency file is one.
const Argument* find_dump_name_option(const CommandLine& command) {
  const auto found =
      std::find_if(command.arguments.begin(), command.arguments.end(), [](const Argument& argument) {
        return argument.spelling.starts_with("-dump") || argument.spelling.starts_with("--dump");
      });
  return found == command.arguments.end() ? nullptr : &*found;
}

/// Why the request is not sent; nothing if it is.
std::optional<Fault> check_request(const DependencyOptions& options, const CommandLine& command,
                                   const compilation::Source& source) {
  if (options.several_targets) return fault(*options.target, LocalReason::DependencyTargets);
  if (options.unsupported != nullptr) return fault(*options.unsupported);
  const bool requested = options.all != nullptr || options.user != nullptr;
  if (options.all != nullptr && options.user != nullptr) return fault(*options.user);
  if (options.preprocessor != nullptr) {
    for (const Argument* other : {options.all, options.user, options.phony, options.name, options.target})
      if (other != nullptr) return fault(*other);
  } else if (!requested) {
    return fault(*options.any());  // -MF, -MT or -MP alone: an error, or nothing
  }
  if (compilation::is_preprocessed(source.language)) return fault(*options.any());
  if (const Argument* moved = find_dump_name_option(command)) return fault(*moved);
  return {};
}

/// The target as quoted in the file; empty if it cannot be determined.
std::string target_of(const DependencyOptions& options, const CommandLine& command, const std::string& source,
                      RuleStyle style) {
  const auto written = [style](const std::string& target) {
    return style == RuleStyle::Gcc ? std::string(compilation::without_leading_here(target)) : target;
  };
  if (options.target != nullptr) {
    const std::string& value = options.target->value;
    const bool raw = options.target->spelling == "-MT" && value.find('\n') == std::string::npos;
    return raw || !needs_quotes(value) ? written(value) : std::string();
  }
  // With -Wp,-MD gcc's driver does not pass the object's name to the preprocessor.
  const Argument* output = command.last(Option::Output);
  const bool unnamed = output == nullptr || (options.preprocessor != nullptr && style == RuleStyle::Gcc);
  std::string target = unnamed ? in_working_directory(source, ".o") : output->value;
  return needs_quotes(target) ? std::string() : written(target);
}

std::string name_of(const DependencyOptions& options, const CommandLine& command, const std::string& source) {
  if (options.preprocessor != nullptr) return compilation::passed_words(*options.preprocessor)[1];
  if (options.name != nullptr) return options.name->value;
  const Argument* output = command.last(Option::Output);
  return output != nullptr ? with_suffix(output->value, ".d") : in_working_directory(source, ".d");
}

/// The module map, if the gcc lists it in the dependency file. Those versions also have -fdeps-format=, which
/// CMake uses.
std::string module_map(const CommandLine& command) {
  std::string map;
  bool lists_map = false;
  for (const Argument& argument : command.arguments) {
    lists_map = lists_map || command.words[argument.first].starts_with("-fdeps-format=");
    if (argument.option == Option::ModuleMapper) map = mapper_of(argument);
  }
  return lists_map ? map : std::string();
}

}  // namespace

DependencyRequest dependency_request(const CommandLine& command, const compilation::Source& source,
                                     const std::string& output) {
  const DependencyOptions options = read(command);
  if (options.any() == nullptr) return {};
  if (auto why = check_request(options, command, source)) return {std::move(why), {}};
  const std::string& file = source.argument->value;
  DependencyFile result;
  const bool clang = os::basename(command.compiler).find("clang") != std::string_view::npos;
  result.style = clang ? RuleStyle::Clang : RuleStyle::Gcc;
  result.system_headers = options.preprocessor != nullptr
                              ? compilation::passed_words(*options.preprocessor)[0] == "-MD"
                              : options.all != nullptr;
  result.phony_targets = options.phony != nullptr;
  result.name = name_of(options, command, file);
  result.target = target_of(options, command, file, result.style);
  result.module_map = module_map(command);
  if (result.target.empty()) return {Fault{LocalReason::DependencyFile, "target of " + output}, {}};
  if (result.name.empty() || result.name == "-" || result.name == output ||
      os::basename(file).starts_with('.'))
    return {fault(*options.any()), {}};
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
      return has_dependency_option(compilation::passed_words(argument));
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
