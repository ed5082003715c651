// From request to reply. One RequestHandler per server; any thread.
//
// A request is answered from the reply cache if the same request was answered before, or one that differs
// only in macros that no file mentions (variant_replies.h), and nothing that the reply depends on has changed
// since. Otherwise the reply is computed (reply_computer.h) and cached.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pump/include_server/answer/client_environment.h"
#include "pump/include_server/answer/counters.h"
#include "pump/include_server/answer/current_fragments.h"
#include "pump/include_server/answer/current_mirror.h"
#include "pump/include_server/answer/reply_cache.h"
#include "pump/include_server/answer/reply_computer.h"
#include "pump/include_server/answer/request.h"
#include "pump/include_server/answer/variant_replies.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/file_tree/os_file_system.h"
#include "pump/include_server/support/options.h"

namespace pump::include_server {

class RequestHandler {
 public:
  /// Error: no mirror can be made.
  static Expected<std::unique_ptr<RequestHandler>> create(
      const Options& options, std::shared_ptr<Counters> counters = std::make_shared<Counters>());
  RequestHandler(const RequestHandler&) = delete;
  RequestHandler& operator=(const RequestHandler&) = delete;

  /// Always gives a reply that can be sent. Logs the reason if it is a refusal.
  Reply answer(const Request& request);
  /// The cached reply, without decoding the request: `encoded` are its bytes (protocol.h). Nothing if there
  /// is none in force, it is a refusal, or options demand that each request is logged; then call answer().
  std::optional<Reply> cached_reply(std::string_view encoded, std::string_view environment_block);

  [[nodiscard]] Counters counters() const { return *counters_; }
  [[nodiscard]] std::string mirror_root() const { return mirror_.root(); }
  /// Of the mirror's files and the fragments.
  [[nodiscard]] std::uint64_t mirror_bytes() const { return mirror_.bytes() + fragments_.bytes(); }

 private:
  RequestHandler(const Options& options, std::shared_ptr<Counters> counters);
  Reply find_or_compute(const Request& request);
  /// Error: no mirror can be made.
  Expected<Copies> copies_for(bool fragments);
  /// True if nothing that the entry depends on has changed, the place of its files included.
  bool in_force(const CachedReply& entry, const FileTree::Snapshot& snapshot, const Copies& copies);
  /// A cached reply to another command for the same source, if it is this unit's reply, too.
  std::shared_ptr<const CachedReply> find_variant(const Unit& unit, const ClientEnvironment& environment,
                                                  bool fragments, const FileTree::Snapshot& snapshot,
                                                  const Copies& copies);
  /// `fragments`: Request::fragments. `epoch`: of the copies.
  void remember(const ContentHash& key, bool fragments, const Unit& unit, const FileTree::Snapshot& snapshot,
                std::uint64_t epoch, Computation& computation);
  [[nodiscard]] bool logs_requests() const;

  const Options options_;
  const std::string crash_file_;  ///< its content when the server started
  const std::shared_ptr<Counters> counters_;
  OsFileSystem file_system_;
  FileTree tree_;
  ClientEnvironments environments_;
  ReplyCache replies_;
  VariantReplies variants_;
  CurrentMirror mirror_;
  CurrentFragments fragments_;
  ReplyComputer computer_;
};

}  // namespace pump::include_server
