// What is behind an Answerer: request_handler.cc looks for a reply that is known, request_handler_compute.cc makes one.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <regex>
#include <string>

#include "pump/include_server/answer/reply_cache.h"
#include "pump/include_server/answer/request_handler.h"
#include "pump/include_server/answer/variant_replies.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/mirror/mirror.h"
#include "pump/include_server/preprocessor/preprocessor_pool.h"
#include "pump/include_server/send_plan/absolute_includes.h"
#include "pump/include_server/send_plan/send_plan.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/unit/unit_builder.h"

namespace pump::include_server {

/// A thousand units of some 200 entries and some thousand dependencies.
inline constexpr std::size_t kReplyCacheBytes = 64U << 20U;

/// n = 0, with the reason.
Reply refusal(GiveUp reason, std::string detail);

/// One request being computed.
struct Computation {
  Reply reply;
  Dependencies depends;
  bool start_over = false;  ///< a file changed meanwhile
  bool cacheable = false;
  UnitOrReason built;
  bool exact = false;  ///< what was walked is what the compiler reads
};

struct Answerer::Impl {
  explicit Impl(const Options& the_options);

  struct MirrorInUse {
    std::shared_ptr<Mirror> mirror;
    std::uint64_t epoch = 0;
  };

  /// The mirror, or a new one where somebody has removed its root (a cleaner of /tmp).
  Expected<MirrorInUse> mirror_in_use();
  Reply answer(const Request& request);
  std::shared_ptr<const std::string> ready_reply(std::string_view encoded,
                                                 std::string_view environment_block);
  /// True where nothing that the entry depends on has changed, its mirror included.
  bool in_force(const CachedReply& entry, std::uint64_t generation, const MirrorInUse& in_use);
  static Reply remembered(const CachedReply& entry);
  void remember(const ContentHash& key, const FileTree::Snapshot& snapshot, std::uint64_t epoch,
                Computation& computation);

  // request_handler_compute.cc
  Computation compute(const Request& request, const KnownEnvironment& environment, const MirrorInUse& in_use,
                      const FileTree::Snapshot& snapshot);
  /// The reply to another command for the same source, where it is this unit's, too.
  bool answer_from_another_command(const Unit& unit, std::uint64_t generation, const MirrorInUse& in_use,
                                   Computation& result);
  static void add_dependencies(const Unit& unit, Computation& result);
  void put_into_mirror(const SendPlan& plan, Mirror& target, Computation& result);
  Reply mirror_failed(const Error& error);
  bool verified(const Request& request, const Unit& unit, const Closure& closure,
                const os::Environment& environment, Computation& result);
  void trace_unit(const Unit& unit) const;
  void observe_paths(const Unit& unit, const Closure& closure) const;
  [[nodiscard]] bool logs_closures() const { return options.write_includes || log_enabled(Topic::Closure); }
  static void log_closure(const Unit& unit, const SendPlan& plan);

  const Options options;
  OsFileSystem file_system;
  FileTree tree;
  UnitBuilder builder;
  ScanCache scans;
  AbsoluteIncludeCache absolute_includes;
  const std::string crashes;
  std::optional<std::regex> observed;
  Environments environments;
  ReplyCache reply_cache{kReplyCacheBytes};
  VariantReplies variant_replies;

  PreprocessorPool preprocessors{[this] {
    return std::make_unique<Preprocessor>(tree, scans,
                                          [this](const CompilerProfile& profile, const std::string& query) {
                                            return builder.ask(profile, query);
                                          });
  }};

  mutable std::mutex mirror_mutex;
  MirrorInUse mirror;
  std::atomic<bool> mirror_failing{false};

  std::atomic<std::uint64_t> requests{0}, cache_hits{0}, gave_up{0}, approximate{0}, steps{0}, entries{0};
};

}  // namespace pump::include_server
