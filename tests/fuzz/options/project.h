// A directory with a small project in which commands are run, and what a command leaves there.
//
// The project is the same for all commands: sources in C, C++, Objective-C and assembler with warnings,
// asserts, __FILE__, forced and system headers, lists that options read. After each run everything that was
// not there before is collected and removed, so that a compilation here and one through the launcher run in
// the same directory, one after the other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pump/os/environment.h"

namespace pump::fuzz::options {

/// A file that a command has written or changed.
struct Written {
  unsigned mode = 0;  ///< type and permissions, as st_mode
  std::string content;
  bool operator==(const Written&) const = default;
};

/// All that a command does.
struct Effects {
  static constexpr int kEndless = 1000;  ///< it was ended after half a minute

  int status = 0;  ///< exit code, 128 + signal, or kEndless
  std::string output, messages;
  /// By names relative to the project.
  std::map<std::string, Written> files;
  /// Files that it left in TMPDIR, whose names are random.
  std::size_t left_in_tmp = 0;
};

class Project {
 public:
  /// Makes the project in `directory`, an absolute path that does not exist yet. Errors are exceptions.
  explicit Project(std::string directory);

  [[nodiscard]] const std::string& directory() const { return directory_; }
  /// Runs argv in the project, with an environment of its own: the locale C, a TMPDIR, and `more`. Throws
  /// std::runtime_error if it cannot be started.
  Effects run(const std::vector<std::string>& argv,
              const std::vector<std::pair<std::string, std::string>>& more);

 private:
  struct Original {
    std::string content;
    long long written = 0;  ///< st_mtim in nanoseconds
  };
  void write(const std::string& name, const std::string& content);
  /// Moves what is new or changed into `effects` and restores the project.
  void collect(Effects& effects);

  std::string directory_, tmp_;
  std::map<std::string, Original> originals_;
};

}  // namespace pump::fuzz::options
