// The last step of a request: brings the entries of a send plan into the mirror or into the fragments, and encodes the
// reply. Any thread that holds a snapshot of the tree; no state.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/mirror/fragments.h"
#include "pump/include_server/mirror/mirror.h"
#include "pump/include_server/send_plan/send_plan.h"

namespace pump::include_server {

struct WrittenReply {
  std::shared_ptr<const std::string> encoded;  ///< nullptr: failed, for the reason below
  bool first_root = true;                      ///< all paths are in the first root of the mirror
  GiveUp give_up = GiveUp::None;  ///< ChangedMeanwhile: analyse again; ReadFailed, MirrorFailed, NotSendable
  std::string detail;
};

/// The reply to a stock client: paths in the mirror. `snapshot`: of `tree`; the one under which the plan was made.
WrittenReply write_reply(const FileTree::Snapshot& snapshot, FileTree& tree, const SendPlan& plan,
                         Mirror& mirror);

/// The reply to a launcher: extents of the fragments, then `prediction`, which is encoded. MirrorFailed: they cannot be
/// written.
WrittenReply write_reply(const FileTree::Snapshot& snapshot, FileTree& tree, const SendPlan& plan,
                         Fragments& fragments, std::string_view prediction);

}  // namespace pump::include_server
