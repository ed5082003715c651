// Rewrites `#include "/absolute/name"` in the copies that are sent.
//
// A copy names the file relatively, over the job's root (compilation/name_over_root.h). The launcher
// recognizes these names in dependency files and makes them absolute again. Each directive keeps its line.
// The included file's own copy has a #line with its absolute name, so the compiler reports that name
// elsewhere.
//
// If the command maps them, names over the working directory are used instead (compilation/relative_root.h). They are absolute
// on the server, too, and need no #line. But a file then has a copy for each depth of working directories.
//
// Some names cannot be rewritten: those that find_absolute_includes() does not find or marks. For these the
// send plan gives up, unless the name means a file of the server's own default directories.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// For one plan, one thread. Adds what it looks at to `trace`.
class AbsoluteIncludeRewriter {
 public:
  AbsoluteIncludeRewriter(FileTree& tree, const Unit& unit, const Closure& closure,
                          AbsoluteIncludeCache& includes, DefaultDirectories& defaults, Trace& trace)
      : tree_(tree),
        unit_(unit),
        closure_(closure),
        includes_(includes),
        defaults_(defaults),
        trace_(trace) {}

  /// Adds the replacements to each file's edits. `entries`: files only. Call it before the other functions.
  OrRefusal<void> rewrite(std::vector<SendPlanEntry>& entries);
  /// True if an include of that name remains absolute in some text.
  [[nodiscard]] bool remains(std::string_view name) const;
  /// The first absolute name in the closure that remains and does not mean the server's own file; nullptr if
  /// there is none.
  const AbsoluteName* first_unusable();

 private:
  OrRefusal<void> rewrite(SendPlanEntry& entry);
  [[nodiscard]] bool remains(const AbsoluteName& name) const;
  bool has_link_to_itself(const Entry& file);

  FileTree& tree_;
  const Unit& unit_;
  const Closure& closure_;
  AbsoluteIncludeCache& includes_;
  DefaultDirectories& defaults_;
  Trace& trace_;
  std::vector<std::string> not_rewritten_;
  std::set<std::pair<const Entry*, std::string_view>> rewritten_;  ///< file and name
};

}  // namespace pump::include_server
