// Mirror copies of files that a unit has just entered, made by an idle worker while the walk goes on.
//
// Which copy will be sent is decided when the whole closure is known (send_plan.h); here the usual one is made:
// the file as it is, under the name by which it was entered. Where the decision is another one, the copy is
// superfluous.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/mirror/mirror.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/support/spare_jobs.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// The request that offered a job.
struct JobOrigin {
  JobOrigin(const ContentHash& key, std::string directory, std::string name)
      : mark_key(key), cwd(std::move(directory)), source(std::move(name)) {}
  const ContentHash mark_key;  ///< a crash is put down to it (crash_log.h)
  const std::string cwd, source;
  std::atomic<bool> over{false};  ///< it has done without, or given up
};

/// For one request, one thread; what it offers outlives it.
class EarlyCopies {
 public:
  EarlyCopies(FileTree& tree, std::shared_ptr<Mirror> mirror, AbsoluteIncludeCache& absolute_includes,
              SpareJobs& jobs, const Unit& unit, std::shared_ptr<JobOrigin> origin);
  /// The walk enters the file, for the first time in the server's life or nearly so.
  void entered(const ClosureFile& file, bool source);

 private:
  FileTree& tree_;
  std::shared_ptr<Mirror> mirror_;
  AbsoluteIncludeCache& absolute_includes_;
  SpareJobs& jobs_;
  const Unit& unit_;
  std::shared_ptr<JobOrigin> origin_;
  DefaultDirectories defaults_;
};

}  // namespace pump::include_server
