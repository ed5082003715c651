#include "launcher/decide/remote_words.h"

#include <algorithm>
#include <string_view>

#include "launcher/decide/modules.h"
#include "pump/compilation/language.h"
#include "pump/os/file_io.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

/// Of an option with several spellings, the one that distccd rewrites. Empty for other options.
std::string_view short_spelling(Option option) {
  switch (option) {
    case Option::Compile:
      return "-c";
    case Option::Assemble:
      return "-S";
    case Option::Output:
      return "-o";
    case Option::Language:
      return "-x";
    case Option::IncludeDirectory:
      return "-I";
    case Option::QuoteDirectory:
      return "-iquote";
    case Option::SystemDirectory:
      return "-isystem";
    case Option::AfterDirectory:
      return "-idirafter";
    case Option::Prefix:
      return "-iprefix";
    case Option::WithPrefix:
      return "-iwithprefix";
    case Option::WithPrefixBefore:
      return "-iwithprefixbefore";
    case Option::ForcedInclude:
      return "-include";
    case Option::ForcedMacros:
      return "-imacros";
    case Option::Define:
      return "-D";
    case Option::Undefine:
      return "-U";
    default:
      return {};
  }
}

/// -cxx-isystem holds for C++ only, unlike -isystem; -ObjC names a language without a value.
bool has_other_meaning(const Argument& argument) {
  return argument.spelling == "-cxx-isystem" || argument.spelling.starts_with("-ObjC");
}

/// distcc finds these two only if the value is a separate word.
bool must_be_separate(const Argument& argument) {
  return !argument.separate && (argument.option == Option::Output || argument.option == Option::Language);
}

/// True if the command's sources have the same languages without any -x, and the compiler the same messages: gcc warns of a -x
/// behind all sources, clang++ of a C suffix.
bool language_is_redundant(const compilation::CommandLine& command) {
  const Argument* const language = command.last(Option::Language);
  const Argument* const source = command.last(Option::Input);
  if (language == nullptr || source == nullptr || language->first > source->first) return false;
  if (os::basename(command.compiler).find("clang") != std::string_view::npos &&
      compilation::language_of(source->value, {}) != language->value)
    return false;
  compilation::CommandLine without = command;
  std::erase_if(without.arguments,
                [](const Argument& argument) { return argument.option == Option::Language; });
  const auto given = compilation::inputs(command);
  const auto natural = compilation::inputs(without);
  return std::equal(given.begin(), given.end(), natural.begin(), natural.end(),
                    [](const auto& a, const auto& b) { return a.language == b.language; });
}

/// gcc 11 to 14 define it with -fmodules-ts.
constexpr char kModulesMacro[] = "-D__cpp_modules=201810L";

/// True for -DX, -UX and -IX, in one word.
bool is_plain_option(std::string_view word) {
  return word.size() > 2 && (word.starts_with("-D") || word.starts_with("-U") || word.starts_with("-I"));
}

/// The options in -Wp,… or -Xpreprocessor … that can be written as plain ones; distccd moves absolute names only in
/// those. Empty for all other arguments.
std::vector<std::string_view> plain_options(const Argument& argument) {
  std::vector<std::string_view> options;
  if (argument.spelling == "-Wp,") options = os::split(argument.value, ',');
  if (argument.spelling == "-Xpreprocessor") options = {argument.value};
  if (!std::all_of(options.begin(), options.end(), is_plain_option)) options.clear();
  return options;
}

}  // namespace

std::vector<std::string> remote_words(const compilation::CommandLine& command,
                                      const std::optional<DependencyFile>& dependencies) {
  std::vector<std::string> words{command.compiler};
  const bool drop_language = language_is_redundant(command);
  bool only_inputs = false;
  // Compilers apply these after all other options.
  std::vector<std::string> for_preprocessor;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::ModuleMapper || (drop_language && argument.option == Option::Language) ||
        is_about_dependencies(argument))
      continue;
    if (const auto options = plain_options(argument); !options.empty()) {
      for_preprocessor.insert(for_preprocessor.end(), options.begin(), options.end());
      continue;
    }
    if (argument.spelling == "-Wp,") {
      for_preprocessor.push_back(command.words[argument.first]);
      continue;
    }
    if (is_scan_format(command.words[argument.first])) {
      // gcc before 14 must refuse it; others would leave a file in distccd's TMPDIR.
      words.insert(words.end(), {command.words[argument.first], "-fdeps-file=/dev/null"});
      continue;
    }
    if (argument.option == Option::Modules && argument.spelling == "-fmodules-ts") {
      words.emplace_back(kModulesMacro);
      continue;
    }
    if (argument.spelling.starts_with("--target")) {
      // Without the word "-target" distcc appends one for its own machine, and the object would be wrong.
      words.insert(words.end(), {"-target", argument.value});
      continue;
    }
    if (argument.option == Option::EndOfOptions) {
      only_inputs = true;
      continue;
    }
    if (argument.option == Option::Input && only_inputs && argument.value.starts_with("-")) {
      words.push_back("./" + argument.value);
      continue;
    }
    const std::string_view spelling = short_spelling(argument.option);
    const bool keep = spelling.empty() || has_other_meaning(argument) ||
                      (argument.spelling == spelling && !must_be_separate(argument));
    if (keep) {
      for (std::size_t i = 0; i < argument.words; ++i) words.push_back(command.words[argument.first + i]);
      continue;
    }
    words.emplace_back(spelling);
    if (argument.option != Option::Compile && argument.option != Option::Assemble)
      words.push_back(argument.value);
  }
  words.insert(words.end(), for_preprocessor.begin(), for_preprocessor.end());
  if (dependencies)
    for (std::string& word : dependency_words(*dependencies)) words.push_back(std::move(word));
  return words;
}

}  // namespace pump::launcher
