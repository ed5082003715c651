// Which words distccd 3.4 rewrites to paths below the job's root (serve.c): an absolute source, and absolute
// names after -I -include -imacros -idirafter -iprefix -iwithprefix -isystem -iquote. Other words name the
// same path on the server as on the client. Any thread; no I/O.
//
// distccd looks at words, not at options. It rewrites "-Xclang -I/a", but not "--include=/a". It tries
// "-iwithprefix" first, so it never rewrites "-iwithprefixbefore /a".
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::distcc {

class DistccdRewriting {
 public:
  explicit DistccdRewriting(const compilation::CommandLine& command);

  /// True if distccd puts the root before the absolute value of `argument`, one of the command's arguments or
  /// preprocessor_arguments().
  [[nodiscard]] bool rewrites(const compilation::Argument& argument) const;

 private:
  std::vector<bool> rewritten_;  ///< by index into CommandLine::words
};

}  // namespace pump::distcc
