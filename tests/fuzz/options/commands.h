// The commands that are compared: a compilation of the project, with options from the list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/options/option_list.h"

namespace pump::fuzz::options {

/// Words that belong together. The minimiser removes groups.
struct Group {
  std::vector<std::string> words;
  bool needed = false;  ///< the command is no compilation of the project without it
};

struct Command {
  std::string compiler;
  std::vector<Group> groups;

  /// With the project's directory in place of kProject.
  [[nodiscard]] std::vector<std::string> argv(const std::string& project) const;
  /// For people: kProject is "$P", and words are quoted for a shell.
  [[nodiscard]] std::string text() const;
  /// The same of the groups that are not needed.
  [[nodiscard]] std::string options_text() const;
};

/// The programs of one compiler: gcc-12 and g++-12, clang and clang++.
struct Compiler {
  Family family = Family::Gcc;
  std::string c, cxx;
};

struct Names {
  bool relative = true, absolute = true;
};

/// The compilation that must travel: language C or C++.
Command baseline(const Compiler& compiler, bool cxx);

/// A random compilation, the same for the same seed, with these options.
Command with_options(const Compiler& compiler, const std::vector<Choice>& choices, std::uint64_t seed,
                     Names names);

/// `number` of the random choices of `count` options from the list. Each kind of option is as probable.
std::vector<Choice> random_choices(const std::vector<Choice>& list, std::uint64_t seed, std::uint64_t number,
                                   std::size_t count);

}  // namespace pump::fuzz::options
