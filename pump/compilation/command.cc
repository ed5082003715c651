#include "pump/compilation/command.h"

#include <algorithm>
#include <utility>

#include "pump/compilation/option_parser.h"

namespace pump::compilation {
namespace {

Argument input(const std::string& word, std::size_t index) {
  Argument argument;
  argument.option = Option::Input;
  argument.value = word;
  argument.first = argument.value_word = index;
  return argument;
}

}  // namespace

bool CommandLine::has(Option option) const {
  return last(option) != nullptr;
}

const Argument* CommandLine::last(Option option) const {
  const auto found = std::find_if(arguments.rbegin(), arguments.rend(),
                                  [option](const Argument& argument) { return argument.option == option; });
  return found == arguments.rend() ? nullptr : &*found;
}

std::string as_word(const Argument& argument) {
  return argument.separate ? argument.spelling : argument.spelling + argument.value;
}

Expected<CommandLine> parse(const std::vector<std::string>& argv, const ReadResponseFile& read) {
  PUMP_TRY(ExpandedWords expanded, expand_response_files(argv, read));
  if (expanded.words.empty() || expanded.words.front().empty())
    return fail("no compiler on the command line");
  CommandLine command;
  command.words = std::move(expanded.words);
  command.origins = std::move(expanded.origins);
  command.response_files = std::move(expanded.files);
  command.compiler = command.words.front();
  bool options_ended = false;
  for (std::size_t i = 1; i < command.words.size();) {
    const std::string& word = command.words[i];
    if (options_ended || word.size() < 2 || word.front() != '-') {
      command.arguments.push_back(input(word, i++));
      continue;
    }
    if (word == "--") {
      Argument end;
      end.option = Option::EndOfOptions;
      end.spelling = word;
      end.first = end.value_word = i++;
      command.arguments.push_back(std::move(end));
      options_ended = true;
      continue;
    }
    PUMP_TRY(Argument argument, parse_option(command.words, i, Reader::Driver));
    i += argument.words;
    command.arguments.push_back(std::move(argument));
  }
  return command;
}

}  // namespace pump::compilation
