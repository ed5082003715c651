// distcc expands -Wp, in place before it sends a command to the include server. There, only response files
// contain one.
#include "pump/compilation/pass_through.h"

#include <algorithm>
#include <utility>

#include "pump/compilation/option_parser.h"
#include "pump/os/text.h"

namespace pump::compilation {
namespace {

bool has_commas(const Argument& argument) {
  return argument.spelling == "-Wp," || argument.spelling == "-Wa," || argument.spelling == "-Wl,";
}

// The words for one tool.
struct Carried {
  std::vector<std::string> words;
  std::vector<std::size_t> carriers;  ///< for each the word of the command line that carries it

  void add(const Argument& argument) {
    for (std::string& word : passed_words(argument)) {
      words.push_back(std::move(word));
      carriers.push_back(argument.value_word);
    }
  }
};

// The word after an unknown option counts as its value. Otherwise the compiler would take the next option as
// the value.
void take_value(const Carried& carried, std::size_t index, Argument& unknown) {
  unknown.value = carried.words[index];
  unknown.value_word = carried.carriers[index];
  unknown.separate = true;
  ++unknown.words;
}

void append_parsed(const Carried& carried, const char* carrier, std::vector<Argument>& out) {
  bool after_unknown = false;
  for (std::size_t i = 0; i < carried.words.size();) {
    if (carried.words[i].size() < 2 || carried.words[i].front() != '-') {
      if (after_unknown) take_value(carried, i, out.back());
      after_unknown = false;
      ++i;
      continue;
    }
    after_unknown = find_option(carried.words[i], Reader::Frontend) == nullptr;
    Expected<Argument> argument = parse_option(carried.words, i, Reader::Frontend);
    if (!argument) return;  // its value is missing: the compiler reports that
    i += argument->words;
    argument->carrier = carrier;
    argument->first = carried.carriers[argument->first];
    argument->value_word = carried.carriers[argument->value_word];
    const bool names_output = argument->option == Option::DependencyFile && argument->separate;
    out.push_back(*argument);
    if (names_output) {
      out.back().value.clear();
      argument->option = Option::DependencyFileName;
      argument->spelling = "-MF";
      out.push_back(*std::move(argument));
    }
  }
}

}  // namespace

std::vector<std::string> passed_words(const Argument& argument) {
  switch (argument.option) {
    case Option::ToPreprocessor:
    case Option::ToAssembler:
    case Option::ToLinker:
    case Option::ToClangCc1:
      if (has_commas(argument) || argument.spelling.starts_with("--for-")) {
        const auto words = os::split(argument.value, ',');
        return {words.begin(), words.end()};
      }
      return {argument.value};
    default:
      return {};
  }
}

std::vector<Argument> preprocessor_arguments(const CommandLine& command) {
  std::vector<Argument> result;
  result.reserve(command.arguments.size());
  Carried preprocessor, frontend;
  for (const Argument& argument : command.arguments) {
    if (argument.option == Option::ToPreprocessor) {
      preprocessor.add(argument);
    } else if (argument.option == Option::ToClangCc1) {
      frontend.add(argument);
    } else {
      result.push_back(argument);
    }
  }
  append_parsed(preprocessor, "-Xpreprocessor", result);
  append_parsed(frontend, "-Xclang", result);
  return result;
}

}  // namespace pump::compilation
