// A request of a distcc client, and the reply to it. Plain values.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "pump/include_server/mirror/fragments.h"
#include "pump/include_server/support/give_up.h"
#include "pump/os/environment.h"

namespace pump::include_server {

struct Request {
  std::string cwd;                ///< the client's working directory
  std::vector<std::string> argv;  ///< the compiler and its arguments
  os::Environment environment;    ///< the client's
  /// The client's environment as in /proc/PID/environ. Not empty: it replaces `environment`, and is parsed
  /// only if needed.
  std::string environment_block;
  pid_t process = 0;  ///< the client's, for the log; 0: not known
  /// From a launcher: the reply names fragments (pump/distcc/fragments.h), not paths.
  bool fragments = false;
  /// From a launcher: the reply lists the files that the compiler reads (pump/distcc/prediction.h).
  bool predicted_files = false;
};

struct Reply {
  std::shared_ptr<const std::string> encoded;  ///< ready to send: ARGC and the ARGVs (protocol.h), or extents
  std::shared_ptr<const Fragments> fragments;  ///< that the extents are of; their descriptor is sent, too
  std::size_t entries = 0;                     ///< number of files, links and directories
  GiveUp give_up = GiveUp::None;
  std::string detail;       ///< the file or flag at fault, if `give_up` is set
  bool from_cache = false;  ///< not computed for this request
  bool first_root = true;   ///< all entries are in the first root of the mirror
};

/// The reply with no entries, which makes distcc preprocess locally.
Reply refusal(GiveUp reason, std::string detail);

}  // namespace pump::include_server
