// Headers in a default directory of the compiler that are sent although the server has them.
//
// distccd rewrites `-I/usr/include/foo` to a directory below the job's root. The compiler there reports
// headers that it finds through the option by a name below that root: in __FILE__, and so in every assert()
// of an inline function. The object would name a scratch directory of another machine. So these headers are
// sent like the project's own, with a #line that gives their real name, instead of a link to the server's
// directory.
//
// gcc reports a system header (-isystem) by its real path if that is shorter, which it always is there. A
// link is then enough, as long as no other header of the unit must be sent. Rejected: n = 0 for such units.
// Most units whose flags come from pkg-config are of this kind.
#pragma once

#include <string_view>
#include <vector>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// For one plan, one thread.
class SystemCopies {
 public:
  SystemCopies(const Unit& unit, const Closure& closure, DefaultDirectories& defaults);

  /// True if this unit sends headers of default directories.
  [[nodiscard]] bool any() const { return any_; }
  /// True if this file is sent. It lies in a default directory.
  [[nodiscard]] bool include(const ClosureFile& file) const { return any_ && found_by_option(file.spelled); }
  /// True if headers found through this directory of the search path are sent.
  [[nodiscard]] bool include_headers_of(const SearchDirectory& directory) const;
  /// True if the path of a sent header leads over this link, which lies in a default directory.
  [[nodiscard]] bool need(const Entry& link) const;

 private:
  [[nodiscard]] bool found_by_option(std::string_view spelled) const;

  const Closure& closure_;
  std::vector<const SearchDirectory*> directories_;  ///< named by options, inside a default directory
  bool any_ = false;
};

}  // namespace pump::include_server
