// One project: what the include server would send against what the compiler needs.
//
// Two oracles. The dependency list that the compiler writes (-MD) must be in the reply. And the reply alone, laid out as
// distccd would, must preprocess to the same text: that also catches a __has_include that flips, a link or a directory
// that lacks, and a wrong #line.
#pragma once

#include <memory>
#include <string>

#include "pump/include_server/answer.h"
#include "tests/fuzz/differential_generator.h"

namespace pump::fuzz {

struct Verdict {
  enum class Kind { Same, NotCompilable, GaveUp, Different };
  Kind kind = Kind::Same;
  std::string difference;
  std::size_t sent = 0, needed = 0;
};

class Checker {
 public:
  /// `scratch` holds a project and its replica at a time.
  explicit Checker(std::string scratch);
  Verdict check(const oracle::Case& project, bool exact);
  [[nodiscard]] std::string statistics() const;

 private:
  std::string scratch_;
  std::unique_ptr<include_server::Answerer> answerer_;
  unsigned number_ = 0;
};

/// The smallest project found that still differs: files, lines, links and options taken away one after the other.
oracle::Case minimize(Checker& checker, oracle::Case project, bool exact);

/// As a case for tests/oracle/cases.
std::string to_case_text(const oracle::Case& project);

}  // namespace pump::fuzz
