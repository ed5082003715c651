// Runs a command with the plain compiler and through the launcher, and compares all that they do.
#pragma once

#include <optional>
#include <string>

#include "tests/fuzz/options/commands.h"
#include "tests/fuzz/options/project.h"

namespace pump::fuzz::options {

/// How the launcher compiled a command, from its record.
struct Route {
  enum class Kind {
    NotRecorded,  ///< it is no compilation, or cannot be parsed
    Remote,
    Local,     ///< decided before anything was sent
    Returned,  ///< sent, and then compiled here
    Failed,    ///< sent, and then it failed here, too
  };
  Kind kind = Kind::NotRecorded;
  std::string reason, detail;
};

struct Verdict {
  enum class Kind {
    Equal,
    Varies,  ///< two plain compilations differ in the same way
    Different
  };
  Kind kind = Kind::Equal;
  Route route;
  int status = 0;          ///< of the plain compiler
  std::string difference;  ///< what differs, as names: "stderr, out/a.o"
  std::string details;     ///< for people
};

/// One per thread. Keeps the project, and records of its own.
class Comparison {
 public:
  /// `directory` does not exist yet. `launcher`: the path of pump-launch.
  Comparison(const std::string& directory, std::string launcher);

  Verdict compare(const Command& command);
  /// Leaves out groups as long as the same things differ.
  Command minimize(Command command, const Verdict& verdict);
  [[nodiscard]] const std::string& project() const { return project_.directory(); }

 private:
  Effects run_plain(const Command& command);
  Effects run_launched(const Command& command, Route& route);

  std::string state_;
  std::string launcher_;
  Project project_;
};

}  // namespace pump::fuzz::options
