// Compares what the include server would send for a project with what the compiler needs.
//
// There are two oracles. The dependency list that the compiler writes (-MD) must be in the reply. And a
// compilation of only the files in the reply, laid out as distccd does, must give the same preprocessed text
// or the same object. The second one also detects a __has_include with another result, a missing link or
// directory, a wrong #line, and a path to the server's own files: at the paths of the project, the server has
// another version of it.
//
// The requests of all commands come before the first remote compilation, as in one session.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/answer/request_handler.h"
#include "tests/fuzz/differential_generator.h"

namespace pump::fuzz {

struct Verdict {
  enum class Kind { Same, NotCompilable, GaveUp, Different };
  Kind kind = Kind::NotCompilable;
  std::string difference;  ///< of the first command that differs, or why the server gave up
  std::string errors;      ///< of commands that do not compile here
  std::string compiler;    ///< with which; "CC" and "CXX" compilers are a pair
  std::size_t sent = 0, needed = 0, compared = 0, gave_up = 0;
};

/// The compilers for CC and CXX.
struct CompilerPair {
  std::string c, cxx;
};

class Checker {
 public:
  /// `scratch` holds one project and its replica.
  Checker(std::string scratch, std::vector<CompilerPair> compilers);
  /// Checks with each compiler up to the first difference, or only with the C++ compiler `only`.
  Verdict check(const Generated& generated, const std::string& only = {});
  [[nodiscard]] std::string statistics() const;
  /// Number of times that the server gave up, by reason.
  [[nodiscard]] const std::map<std::string, unsigned>& reasons() const { return reasons_; }

 private:
  Verdict check_with(const Generated& generated, const CompilerPair& compilers);

  std::string scratch_;
  std::vector<CompilerPair> compilers_;
  std::unique_ptr<include_server::RequestHandler> request_handler_;
  std::map<std::string, unsigned> reasons_;
  unsigned number_ = 0;
};

/// The smallest project found that still differs: removes commands, files, lines, links and options one after
/// the other.
Generated minimize(Checker& checker, Generated generated, const std::string& compiler);

/// The project as a case for tests/oracle/cases.
std::string to_case_text(const oracle::Case& project);

}  // namespace pump::fuzz
