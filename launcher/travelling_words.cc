#include "launcher/travelling_words.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "pump/os/file_io.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

/// The spelling that distccd rewrites, for options that have several.
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

/// -cxx-isystem is no -isystem, it holds for C++ only; -ObjC is a language without a value.
bool is_other_meaning(const Argument& argument) {
  return argument.spelling == "-cxx-isystem" || argument.spelling.starts_with("-ObjC");
}

/// distcc finds these two only where the value is a word of its own.
bool must_be_separate(const Argument& argument) {
  return !argument.separate && (argument.option == Option::Output || argument.option == Option::Language);
}

/// True where the command's sources have the same languages without any -x.
bool language_is_redundant(const compilation::CommandLine& command) {
  if (!command.has(Option::Language)) return false;
  compilation::CommandLine without = command;
  std::erase_if(without.arguments,
                [](const Argument& argument) { return argument.option == Option::Language; });
  const auto given = compilation::inputs(command);
  const auto natural = compilation::inputs(without);
  return std::equal(given.begin(), given.end(), natural.begin(), natural.end(),
                    [](const auto& a, const auto& b) { return a.language == b.language; });
}

/// The target that a local compilation gives the rule in its dependency file, where the command names none and
/// distcc would give another one. -Wp,-MD,FILE: the preprocessor knows the source and not the object, but distcc
/// makes -MD -MF FILE of it, which names the object; so does clang. -MD with -o: where distcc has the source
/// preprocessed here, it drops -o, and with it the object's directory.
std::optional<std::string> unsaid_target(const compilation::CommandLine& command) {
  const bool clang = os::basename(command.compiler).find("clang") != std::string_view::npos;
  bool hidden = false, plain = false;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::DependencyTarget) return {};
    plain = plain || (argument.option == Option::DependencyFile && argument.spelling.ends_with('D'));
    if (argument.option != Option::ToPreprocessor) continue;
    for (const std::string& word : compilation::passed_words(argument)) {
      if (word == "-MT" || word == "-MQ") return {};
      hidden = hidden || word == "-MD" || word == "-MMD";
    }
  }
  const Argument* source = command.last(Option::Input);
  if (source == nullptr) return {};
  if (!hidden || clang) {
    const Argument* object = command.last(Option::Output);
    // Make's special characters stay with distcc: it cannot quote for us, and -MQ is not known to its servers.
    if ((!plain && !hidden) || object == nullptr || object->value.find_first_of(" \t$#") != std::string::npos)
      return {};
    return object->value;
  }
  const std::string_view base = os::basename(source->value);
  return std::string(base.substr(0, base.rfind('.'))) + ".o";
}

/// What gcc 11 to 14 define with -fmodules-ts.
constexpr char kModulesMacro[] = "-D__cpp_modules=201810L";

}  // namespace

std::vector<std::string> travelling_words(const compilation::CommandLine& command) {
  std::vector<std::string> words{command.compiler};
  const bool drop_language = language_is_redundant(command);
  bool only_inputs = false;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::ModuleMapper || (drop_language && argument.option == Option::Language))
      continue;
    if (argument.option == Option::Modules && argument.spelling == "-fmodules-ts") {
      words.emplace_back(kModulesMacro);
      continue;
    }
    if (argument.spelling.starts_with("--target")) {
      // distcc looks for the word "-target", and where there is none puts its own machine behind: a wrong object.
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
    const std::string_view known = short_spelling(argument.option);
    const bool keep = known.empty() || is_other_meaning(argument) ||
                      (argument.spelling == known && !must_be_separate(argument));
    if (keep) {
      for (std::size_t i = 0; i < argument.words; ++i) words.push_back(command.words[argument.first + i]);
      continue;
    }
    words.emplace_back(known);
    if (argument.option != Option::Compile && argument.option != Option::Assemble)
      words.push_back(argument.value);
  }
  if (auto target = unsaid_target(command)) words.insert(words.end(), {"-MT", *std::move(target)});
  return words;
}

}  // namespace pump::launcher
