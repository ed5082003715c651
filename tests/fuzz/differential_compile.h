// One run of a compiler, and what of its output is compared.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace pump::fuzz {

struct Compiled {
  bool success = false;
  /// Preprocessed text without line markers and empty lines; or the sections of the object that are loaded.
  std::string text;
  std::string errors;
};

/// Runs a command that says -c: as it is, or (not `to_object`) with -E. `dependencies` is written as by -MD
/// -MF.
Compiled compile(const std::vector<std::string>& argv, const std::string& cwd, bool to_object,
                 const std::string& dependencies);

/// The prerequisites of a make rule, as real paths below `root`.
std::set<std::string> read_dependencies(const std::string& file, const std::string& cwd,
                                        const std::string& root);

/// Empty where there is none.
std::string first_difference(const std::string& local, const std::string& remote);

}  // namespace pump::fuzz
