#include "launcher/travelling_words.h"

#include <string_view>

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

/// The spelling that distccd rewrites, for options that have several.
std::string_view short_spelling(Option option) {
  switch (option) {
    case Option::Compile: return "-c";
    case Option::Assemble: return "-S";
    case Option::Output: return "-o";
    case Option::Language: return "-x";
    case Option::IncludeDirectory: return "-I";
    case Option::QuoteDirectory: return "-iquote";
    case Option::SystemDirectory: return "-isystem";
    case Option::AfterDirectory: return "-idirafter";
    case Option::Prefix: return "-iprefix";
    case Option::WithPrefix: return "-iwithprefix";
    case Option::WithPrefixBefore: return "-iwithprefixbefore";
    case Option::ForcedInclude: return "-include";
    case Option::ForcedMacros: return "-imacros";
    case Option::Define: return "-D";
    case Option::Undefine: return "-U";
    default: return {};
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

}  // namespace

std::vector<std::string> travelling_words(const compilation::CommandLine& command) {
  std::vector<std::string> words{command.compiler};
  bool only_inputs = false;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::ModuleMapper) continue;
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
  return words;
}

}  // namespace pump::launcher
