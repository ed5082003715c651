// The last step of a request: puts a plan's entries into the mirror and encodes the reply. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/mirror/mirror.h"
#include "pump/include_server/send_plan/send_plan.h"

namespace pump::include_server {

struct Delivery {
  std::shared_ptr<const std::string> encoded;  ///< nullptr: it failed, for the reason below
  bool first_root = true;                      ///< no path is in another root of the mirror
  GiveUp give_up = GiveUp::None;               ///< ChangedMeanwhile: begin again
  std::string detail;
};

/// Puts a file's first copy into the mirror before its time, if that can be done: deliver() finds it, or does and
/// reports what could not be done here. Any thread.
void put_copy(FileTree& tree, const ClosureFile& file, std::string_view prologue, Mirror& mirror);

/// The caller holds a Snapshot of the tree.
Delivery deliver(FileTree& tree, const SendPlan& plan, Mirror& mirror);

}  // namespace pump::include_server
