// The options that a compiler has, by its own lists, each with plausible values.
//
// Sources: gcc's --completion=- (every option, with the values that it enumerates) and --help=params (the
// ranges of parameters); clang's --autocomplete=- (the same, and the options of -cc1 after -Xclang) and
// --help-hidden (which take their value in a word of its own). A value is enumerated by the compiler, or one
// of several that fit the option's name: numbers, files and directories of the project (project.h), prefix
// maps.
#pragma once

#include <string>
#include <vector>

namespace pump::fuzz::options {

enum class Family { Gcc, Clang };

/// Kinds of options, so that a random choice does not mostly find warnings.
enum class Kind { Code, Machine, Warning, Debug, Parameter, Frontend, Other };

/// One option with its values: one word, or several.
struct Choice {
  Kind kind = Kind::Other;
  std::vector<std::string> words;  ///< kProject in them stands for the project's directory
};

/// In words of a Choice.
inline constexpr const char* kProject = "@PROJECT@";

/// `program`: for example gcc-12. The same list for the same version of the compiler. Throws
/// std::runtime_error if the compiler does not list its options.
std::vector<Choice> list_options(Family family, const std::string& program);

/// Options that once gave different results, or were sent in vain.
std::vector<Choice> former_faults(Family family);
/// Options that write or read further files, or reach other programs, in all their spellings.
std::vector<Choice> known_options(Family family);

}  // namespace pump::fuzz::options
