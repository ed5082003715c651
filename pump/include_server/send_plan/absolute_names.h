// `#include "/absolute"` in what is sent: which copies are rewritten (absolute_includes.h), and what cannot
// be.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// For one plan, one thread. What is looked at is added to `trace`.
class AbsoluteNames {
 public:
  AbsoluteNames(FileTree& tree, const Unit& unit, const Closure& closure, const SendPlanRules& rules,
                DefaultDirectories& defaults, Trace& trace)
      : tree_(tree), unit_(unit), closure_(closure), rules_(rules), defaults_(defaults), trace_(trace) {}

  /// Gives each file's entry the replacements in its copy.
  OrRefusal<void> make_relative(std::vector<ReplyEntry>& entries);
  /// After make_relative(): an include of that name stands where it cannot be rewritten.
  [[nodiscard]] bool left_absolute(std::string_view name) const;
  /// After make_relative(): the first name that the unit's texts ask for and the copies leave absolute,
  /// though it does not mean the server's own file; nullptr where there is none.
  const AbsoluteName* left();

 private:
  [[nodiscard]] bool stays_absolute(const AbsoluteName& one) const;
  OrRefusal<void> make_relative(ReplyEntry& entry);
  bool reached_by_link_to_itself(const Entry& file);

  FileTree& tree_;
  const Unit& unit_;
  const Closure& closure_;
  const SendPlanRules& rules_;
  DefaultDirectories& defaults_;
  Trace& trace_;
  std::vector<std::string> not_rewritten_;
  std::set<std::pair<const Entry*, std::string_view>> rewritten_;  ///< in which file, which name
};

}  // namespace pump::include_server
