// Computes the reply to a command: translation unit → include closure → send plan → mirror → encoded reply.
//
// One per server; any thread. Nothing is kept here but what the steps keep: profiles of compilers, search
// paths, scans. Replies are kept by RequestHandler.
#pragma once

#include <memory>
#include <optional>
#include <regex>
#include <string>

#include "pump/include_server/answer/client_environment.h"
#include "pump/include_server/answer/copies.h"
#include "pump/include_server/answer/counters.h"
#include "pump/include_server/answer/reply_cache.h"
#include "pump/include_server/answer/request.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/preprocessor_pool.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/support/options.h"
#include "pump/include_server/unit/unit_builder.h"

namespace pump::include_server {

struct Computation {
  Reply reply;
  Dependencies dependencies;
  bool start_over = false;  ///< a file changed meanwhile: compute again, under a new snapshot
  bool cacheable = false;   ///< the reply is right as long as no dependency changes
  bool exact = false;       ///< the closure is what the compiler reads, and the reply names it
};

class ReplyComputer {
 public:
  /// The arguments outlive the object.
  ReplyComputer(const Options& options, FileTree& tree, Counters& counters);
  ReplyComputer(const ReplyComputer&) = delete;
  ReplyComputer& operator=(const ReplyComputer&) = delete;

  /// The first step. `snapshot`: of the tree, here and below.
  UnitOrReason build_unit(const FileTree::Snapshot& snapshot, const Request& request,
                          const ClientEnvironment& environment);
  /// All other steps, for a unit from build_unit(). The files go into `copies`.
  Computation compute(const FileTree::Snapshot& snapshot, const Request& request,
                      const ClientEnvironment& environment, const Unit& unit, const Copies& copies);
  /// Instead of compute(): the reply lists the files that the compiler reads.
  Computation predict_files(const FileTree::Snapshot& snapshot, const Unit& unit);

  /// True if the reply depends on the closure only, so that units with equal closures may share it. False if
  /// options demand that each closure is checked or logged.
  [[nodiscard]] bool may_share_replies() const;
  /// UnitBuilder::was_asked for the unit's profile.
  [[nodiscard]] bool compiler_was_asked(const Unit& unit) const { return builder_.was_asked(*unit.profile); }

 private:
  /// Fills in a computation without a reply. distcc then preprocesses on the client.
  static void refuse(const Closure& closure, GiveUp reason, const std::string& detail, Computation& result);
  void write(const FileTree::Snapshot& snapshot, const Unit& unit, const Closure& closure,
             const SendPlan& plan, const Copies& copies, Computation& result);
  /// --verify. False if the closure is not the compiler's; `result` then has the refusal.
  bool verify(const FileTree::Snapshot& snapshot, const Request& request, const Unit& unit,
              const Closure& closure, const os::Environment& environment, Computation& result);
  void log_observed_paths(const Unit& unit, const Closure& closure) const;
  [[nodiscard]] bool logs_closures() const;

  const Options& options_;
  FileTree& tree_;
  Counters& counters_;
  UnitBuilder builder_;
  ScanCache scans_;
  AbsoluteIncludeCache absolute_includes_;
  std::optional<std::regex> observed_;  ///< --path_observation_re
  PreprocessorPool preprocessors_;
};

}  // namespace pump::include_server
