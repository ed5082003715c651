// Headers that lie in a default directory of the compiler and are sent all the same.
//
// `-I/usr/include/foo`: distccd turns the option to below the job's root, and the compiler there reports what it finds
// through it by a name below that root: in __FILE__, and with it in every assert() of an inline function. The object
// would name a scratch directory of another machine. So those headers travel as the project's own do, with a #line
// that gives their right name, instead of a link to the server's directory.
//
// gcc reports a system header (-isystem) by its real path where that is shorter, as it always is there: the link will
// do, as long as no other header of the unit has to be sent. Rejected: n = 0 for such units, which are most of those
// whose flags come from pkg-config.
#pragma once

#include <string_view>
#include <vector>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// For one request, one thread.
class SystemCopies {
 public:
  SystemCopies(const Unit& unit, const Closure& closure, DefaultDirectories& defaults);

  /// True where this unit sends headers of default directories at all.
  [[nodiscard]] bool any() const { return any_; }
  /// True where this one, which lies in a default directory, is sent.
  [[nodiscard]] bool holds(const ClosureFile& file) const { return any_ && found_by_option(file.spelled); }
  /// True where headers found through this directory of the search path are sent.
  [[nodiscard]] bool holds(const SearchDirectory& directory) const;
  /// True where the way to a sent header leads over this link inside a default directory.
  [[nodiscard]] bool lead_over(const Entry& link) const;

 private:
  [[nodiscard]] bool found_by_option(std::string_view spelled) const;

  const Closure& closure_;
  std::vector<const SearchDirectory*> directories_;  ///< named by options, inside a default directory
  bool any_ = false;
};

}  // namespace pump::include_server
