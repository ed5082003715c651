// Which option words exist, what they mean and how many words they take. Immutable after first use; any
// thread.
//
// A word matches the longest name in the table that fits its form; where nothing matches, the word stands
// alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "pump/compilation/command.h"

namespace pump::compilation {

enum class Form : std::uint8_t {
  Flag,               ///< the word itself
  Joined,             ///< value follows in the same word, possibly empty
  Separate,           ///< value is the next word
  JoinedOrSeparate,   ///< same word, or the next where nothing follows
  JoinedAndSeparate,  ///< something joined (ignored) and the value in the next word
  TwoValues,          ///< two further words
  ThreeValues,        ///< three further words
};

/// Who reads the word: a driver (what users write), or the compiler proper behind -Xclang, -Xpreprocessor and
/// -Wp,.
enum class Reader : std::uint8_t { Both, Driver, Frontend };

struct OptionSpec {
  std::string_view name;
  Option option = Option::Other;
  Form form = Form::Flag;
  Reader reader = Reader::Both;
};

/// The spec for `word`, or nullptr: unknown, takes one word. `reader` is Driver or Frontend.
const OptionSpec* find_option(std::string_view word, Reader reader);

}  // namespace pump::compilation
