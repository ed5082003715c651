// Finds the entry of the option table for a word. Any thread; no I/O.
//
// A word matches the longest name in the table that fits its form. If none matches, the option is unknown and
// takes one word. To add an option, see option_names.h.
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
  JoinedAndSeparate,  ///< in the next word; the rest of the same word is ignored: -Xarch_arm64 X
  TwoValues,          ///< in the next two words
  ThreeValues,        ///< in the next three words
};

/// The program that reads an option: the driver, which users call, or the compiler proper (clang -cc1, gcc's
/// cc1), which gets the words of -Xclang, -Xpreprocessor and -Wp,.
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
