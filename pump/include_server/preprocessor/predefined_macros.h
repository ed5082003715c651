// The macros that are defined before the first line of a translation unit: the compiler's own, then those of
// -D and -U in the order of the command line.
//
// They are kept as scans, like the directives of a file. Equal definitions in different scans share one
// address: a condition that was cached under -O2 then also holds under -O2 -fPIC, because definitions are
// compared by address.
//
// Part of one Walker; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/macro_table.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class PredefinedMacros {
 public:
  using Scans = std::vector<std::shared_ptr<const Scan>>;

  /// The macros that cannot be listed as #define: __LINE__, __FILE__, __has_include, ….
  void define_builtins(const CompilerProfile& profile, MacroTable& macros);
  /// The compiler's macros, then one scan per -D or -U. Definitions point into the scans: the caller keeps
  /// them for as long as it uses the macros.
  Scans scans_of(const Unit& unit);
  /// Defines in `macros` what a scan of scans_of() defines.
  void define(const Scan& scan, MacroTable& macros);

  /// True if so many scans are kept that they should be dropped.
  [[nodiscard]] bool is_full() const;
  /// Drops all scans. Results that were cached with their definitions must be dropped as well.
  void clear();

 private:
  const std::vector<MacroTable::Change>& changes_of(const Scan& scan);

  std::map<std::string, std::shared_ptr<const Scan>> scans_;  ///< by mode and text
  std::map<const Scan*, std::vector<MacroTable::Change>> changes_;
  /// The first definition of each name, mode and text.
  std::map<std::tuple<Symbol, std::uint64_t, std::string_view>, const Definition*> definitions_;
  std::deque<Definition> builtins_;
  std::map<std::string, const Definition*> builtin_of_;
  /// The last result of scans_of() and what it was made from. The next unit usually has the same options.
  struct Last {
    std::shared_ptr<const CompilerProfile> profile;
    std::vector<MacroAction> macros;
    std::uint64_t mode = 0;
    Scans scans;
  };
  Last last_;
};

}  // namespace pump::include_server
