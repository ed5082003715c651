// A compiler command line, taken apart: which words are options, which are their values, which are inputs.
//
// The launcher and the include server both use it; neither makes a decision here. The options of gcc 9-14 and
// clang 11-19 are in option_names.h. An unknown option counts as one word; both drivers treat options like
// that. Any thread; no I/O except for response files.
//
// A command has two readings. CommandLine::arguments is what the driver sees: `-Xclang X` is one argument of
// two words. preprocessor_arguments() in pass_through.h is what the driver's preprocessor sees: the words in
// -Wp, -Xpreprocessor and -Xclang are options themselves.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pump/compilation/option.h"
#include "pump/compilation/response_file.h"
#include "pump/os/error.h"

namespace pump::compilation {

struct Argument {
  Option option = Option::Other;
  /// The option word without a joined value: "-I", "--include-directory=". A long spelling of a family of
  /// options is replaced by the short one: "--machine-arch=x" has "-m" and the value "arch=x", "--lto" has
  /// "-flto".
  std::string spelling;
  std::string value;           ///< joined or separate; for Input the file name
  std::size_t first = 0;       ///< index of its first word in CommandLine::words
  std::size_t words = 1;       ///< number of words
  bool separate = false;       ///< the value is a word of its own
  std::size_t value_word = 0;  ///< index of the word that ends with the value; `first` if the value is joined
  /// Only from preprocessor_arguments(): "-Xclang" or "-Xpreprocessor" if the option was in one. "-Wp,"
  /// counts as "-Xpreprocessor".
  std::string carrier;
};

/// The option as one word, without a separate value: "-flto=2", "-g0". A long spelling is replaced by the
/// short one.
std::string as_word(const Argument& argument);

struct CommandLine {
  std::string compiler;             ///< argv[0]
  std::vector<std::string> words;   ///< argv, argv[0] included, with the words of @files in their place
  std::vector<Argument> arguments;  ///< in order; without argv[0]
  std::vector<std::string> response_files;  ///< every @file that was expanded, nested ones too, as spelled
  /// For each of `words` its index in argv, or kFromResponseFile.
  std::vector<std::size_t> origins;

  [[nodiscard]] bool has(Option option) const;
  /// The last occurrence, which wins for most options; nullptr if there is none.
  [[nodiscard]] const Argument* last(Option option) const;
};

/// Parses argv. Relative @files are passed to `read` as spelled. Errors: no compiler, an option without its
/// value, response files nested too deep, a response file that compilers read differently.
Expected<CommandLine> parse(const std::vector<std::string>& argv, const ReadResponseFile& read);

}  // namespace pump::compilation
