#include "pump/compilation/make_rule.h"

#include <algorithm>
#include <utility>

#include "pump/compilation/pass_through.h"

namespace pump::compilation {
namespace {

bool names_output(const Argument& argument) {
  switch (argument.option) {
    case Option::Compile:
    case Option::Assemble:
    case Option::Output:
    case Option::DependencyFile:
    case Option::DependencyFileName:
    case Option::DependencyTarget:
      return true;
    case Option::ToPreprocessor: {  // -Wp,-MD,FILE
      const auto words = passed_words(argument);
      return std::any_of(words.begin(), words.end(),
                         [](const std::string& word) { return word.starts_with("-M"); });
    }
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string> dependency_command(const CommandLine& command) {
  std::vector<std::string> words{command.compiler, "-M"};
  for (const Argument& argument : command.arguments) {
    if (names_output(argument)) continue;
    for (std::size_t i = 0; i < argument.words; ++i) words.push_back(command.words[argument.first + i]);
  }
  return words;
}

std::vector<std::string> parse_make_rule(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  bool in_prerequisites = false;
  const auto end_name = [&] {
    if (!name.empty()) names.push_back(std::exchange(name, {}));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == '\\' && next == '\n') {
      end_name();
      ++i;
    } else if ((c == '\\' && (next == ' ' || next == '\t' || next == '#')) || (c == '$' && next == '$')) {
      name += next;
      ++i;
    } else if (c == ':' && !in_prerequisites && (next == ' ' || next == '\t' || next == '\n')) {
      in_prerequisites = true;
      names.clear();  // these were targets
      name.clear();
    } else if (c == '\n') {
      break;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_name();
    } else {
      name += c;
    }
  }
  end_name();
  if (!in_prerequisites) names.clear();
  return names;
}

}  // namespace pump::compilation
