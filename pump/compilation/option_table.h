// Finds the entry of the option table for a word. Any thread; no I/O.
//
// Of the names with which a word begins and whose form fits, the longest counts. If there is none, the option
// is unknown and takes one word. To add an option, see option_names.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "pump/compilation/option.h"

namespace pump::compilation {

/// Where the value of an option is.
enum class Form : std::uint8_t {
  Flag,               ///< no value: -c
  Joined,             ///< in the same word, maybe empty: -std=c99
  Separate,           ///< in the next word: -Xclang X
  JoinedOrSeparate,   ///< in the same word, or in the next one if that is empty: -Idir, -I dir
  JoinedAndSeparate,  ///< in the next word, after a word that is longer than the name: -Xarch_arm64 X
  TwoValues,          ///< in the next two words; Argument::value has the first
  ThreeValues,        ///< in the next three words; Argument::value has the first
};

/// The program that reads an option: the driver, which users call, or the frontend (clang -cc1, gcc's cc1),
/// which gets the words of -Xclang, -Xpreprocessor and -Wp,.
enum class Reader : std::uint8_t { Both, Driver, Frontend };

struct OptionSpec {
  std::string_view name;
  Option option = Option::Other;
  Form form = Form::Flag;
  Reader reader = Reader::Both;
};

/// The entry for `word`; nullptr if there is none. `reader`: Driver or Frontend.
const OptionSpec* find_option(std::string_view word, Reader reader);

}  // namespace pump::compilation
