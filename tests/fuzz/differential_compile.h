// Runs a compiler and extracts the part of its output that is compared.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace pump::fuzz {

struct Compiled {
  bool success = false;
  /// Preprocessed text without line markers and empty lines, or the loaded sections of the object.
  std::string text;
  std::string errors;
};

/// Runs a command with -c: unchanged, or with -E unless `to_object`. `dependencies` is written as with -MD
/// -MF.
Compiled compile(const std::vector<std::string>& argv, const std::string& cwd, bool to_object,
                 const std::string& dependencies);

/// The prerequisites of a make rule, as real paths below `root`.
std::set<std::string> read_dependencies(const std::string& file, const std::string& cwd,
                                        const std::string& root);

/// Empty if there is none.
std::string first_difference(const std::string& local, const std::string& remote);

}  // namespace pump::fuzz
