// Which words distccd rewrites to lie below the job's root (distcc 3.4, serve.c: absolute names in the source
// and after -I -include -imacros -idirafter -iprefix -iwithprefix -isystem -iquote). Any thread; no I/O.
//
// It looks at words, not at options: "-Xclang -I/a" is rewritten, "--include=/a" is not, and because
// "-iwithprefix" is tried first, "-iwithprefixbefore /a" never is. What is not rewritten names the same path
// on the server as here.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::distcc {

class DistccdRewriting {
 public:
  explicit DistccdRewriting(const compilation::CommandLine& command);

  /// True where distccd puts the root in front of this argument's absolute value.
  [[nodiscard]] bool rewrites(const compilation::Argument& argument) const;

 private:
  std::vector<bool> rewritten_;  ///< by index into CommandLine::words
};

}  // namespace pump::distcc
