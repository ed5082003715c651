#include "pump/compilation/make_rule.h"

#include <algorithm>
#include <array>

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

/// Characters that end a name, or quote something.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (const char c : {' ', '\t', '\n', '\r', '\\', '$', ':'}) special[static_cast<unsigned char>(c)] = true;
  return special;
}();

}  // namespace

std::vector<std::string> dependency_command(const CommandLine& command) {
  std::vector<std::string> words{command.compiler, "-M"};
  for (const Argument& argument : command.arguments) {
    if (names_output(argument)) continue;
    for (std::size_t i = 0; i < argument.words; ++i) words.push_back(command.words[argument.first + i]);
  }
  return words;
}

void visit_make_rule(std::string_view text, const std::function<void(std::string_view)>& visit) {
  bool in_prerequisites = false;
  std::string quoted;  // the name so far, if something in it is quoted
  std::size_t begin = 0;
  const auto end_name = [&](std::size_t end) {
    const std::string_view rest = text.substr(begin, end - begin);
    if (quoted.empty()) {
      if (!rest.empty() && in_prerequisites) visit(rest);
    } else {
      quoted += rest;
      if (in_prerequisites) visit(quoted);
      quoted.clear();
    }
  };
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (!kSpecial[static_cast<unsigned char>(c)]) continue;
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == '\\' && next == '\n') {
      end_name(i++);
      begin = i + 1;
    } else if ((c == '\\' && (next == ' ' || next == '\t' || next == '#')) || (c == '$' && next == '$')) {
      (quoted += text.substr(begin, i - begin)) += next;
      begin = ++i + 1;
    } else if (c == ':' && !in_prerequisites && (next == ' ' || next == '\t' || next == '\n')) {
      in_prerequisites = true;
      quoted.clear();  // that was a target
      begin = i + 1;
    } else if (c == '\n') {
      break;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_name(i);
      begin = i + 1;
    }
  }
  end_name(i);
}

std::vector<std::string> parse_make_rule(std::string_view text) {
  std::vector<std::string> names;
  visit_make_rule(text, [&names](std::string_view name) { names.emplace_back(name); });
  return names;
}

}  // namespace pump::compilation
