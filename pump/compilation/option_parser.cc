#include "pump/compilation/option_parser.h"

#include <algorithm>
#include <array>

#include "pump/os/format.h"

namespace pump::compilation {
namespace {

/// The number of words after the option's own.
std::size_t extra_words(Form form, bool has_joined_value) {
  switch (form) {
    case Form::Flag:
    case Form::Joined:
      return 0;
    case Form::Separate:
    case Form::JoinedAndSeparate:
      return 1;
    case Form::JoinedOrSeparate:
      return has_joined_value ? 0 : 1;
    case Form::TwoValues:
      return 2;
    case Form::ThreeValues:
      return 3;
  }
  return 0;
}

// Long spellings of families of options (gcc's option_map, clang's Options.td): "--machine-arch=x" is
// "-march=x".
struct Family {
  std::string_view long_form;
  std::string_view short_form;
};
constexpr std::array kFamilies{Family{"--machine-", "-m"}, Family{"--machine=", "-m"},
                               Family{"--debug=", "-g"}, Family{"--optimize=", "-O"},
                               Family{"--warn-", "-W"}};

std::string short_form(const std::string& word) {
  for (const Family& family : kFamilies)
    if (word.starts_with(family.long_form) && word.size() > family.long_form.size())
      return std::string(family.short_form) + word.substr(family.long_form.size());
  return word;
}

// gcc's drivers read "--plugin=x" as "-fplugin=x" if no long option has that name.
const OptionSpec* find_with_long_form(const std::string& word, Reader reader) {
  if (const OptionSpec* spec = find_option(word, reader)) return spec;
  if (word.size() > 3 && word[0] == '-' && word[1] == '-') return find_option("-f" + word.substr(2), reader);
  return nullptr;
}

}  // namespace

Expected<Argument> parse_option(const std::vector<std::string>& words, std::size_t index, Reader reader) {
  // `--machine X` is -mX. No other family takes a separate value.
  const bool separate_machine =
      reader == Reader::Driver && words[index] == "--machine" && index + 1 < words.size();
  const std::string word = separate_machine           ? "-m" + words[index + 1]
                           : reader == Reader::Driver ? short_form(words[index])
                                                      : words[index];
  Argument argument;
  argument.first = index;
  argument.value_word = separate_machine ? ++index : index;
  argument.words = separate_machine ? 2 : 1;
  const OptionSpec* spec = find_with_long_form(word, reader);
  if (spec == nullptr) {
    argument.spelling = word;
    return argument;
  }
  argument.option = spec->option;
  // This is right for "--x" too, although its entry is "-fx": both have the same length.
  const std::size_t name_size = std::min(spec->name.size(), word.size());
  argument.spelling = spec->name;
  argument.value = word.substr(name_size);
  const std::size_t extra = extra_words(spec->form, !argument.value.empty());
  if (index + extra >= words.size()) return fail(os::format("missing argument to '{}'", word));
  if (extra > 0) {
    if (spec->form == Form::JoinedAndSeparate) argument.spelling = word;
    argument.value = words[index + 1];
    argument.value_word = index + 1;
    argument.separate = true;
    argument.words += extra;
  }
  return argument;
}

}  // namespace pump::compilation
