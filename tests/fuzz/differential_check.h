// One project: what the include server would send against what the compiler needs.
//
// Two oracles. The dependency list that the compiler writes (-MD) must be in the reply. And the reply alone,
// laid out as distccd would, must give the same: the same preprocessed text, or the same object. That also
// catches a __has_include that flips, a link or a directory that lacks, a wrong #line, and a name that leads
// to the server's own files: at the project's place, the server has another version of it.
//
// All commands of a project are asked for before the first is compiled remotely: they are one session's.
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

/// The compilers that CC and CXX stand for.
struct CompilerPair {
  std::string c, cxx;
};

class Checker {
 public:
  /// `scratch` holds a project and its replica at a time.
  Checker(std::string scratch, std::vector<CompilerPair> compilers);
  /// With each of the compilers, up to the first difference; `only`: with that C++ compiler.
  Verdict check(const Generated& generated, const std::string& only = {});
  [[nodiscard]] std::string statistics() const;
  /// How often the server gave up, by reason.
  [[nodiscard]] const std::map<std::string, unsigned>& reasons() const { return reasons_; }

 private:
  Verdict check_with(const Generated& generated, const CompilerPair& compilers);

  std::string scratch_;
  std::vector<CompilerPair> compilers_;
  std::unique_ptr<include_server::Answerer> answerer_;
  std::map<std::string, unsigned> reasons_;
  unsigned number_ = 0;
};

/// The smallest project found that still differs: commands, files, lines, links and options taken away one
/// after the other.
Generated minimize(Checker& checker, Generated generated, const std::string& compiler);

/// As a case for tests/oracle/cases.
std::string to_case_text(const oracle::Case& project);

}  // namespace pump::fuzz
