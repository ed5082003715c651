#include "pump/include_server/answer/request_handler.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "pump/distcc/fragments.h"
#include "pump/include_server/send_plan/date_macros.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// A request whose files change while it is analysed starts over, at most so many times.
constexpr int kAttempts = 8;
/// A thousand units of some 200 entries and some thousand dependencies.
constexpr std::size_t kReplyCacheBytes = 64U << 20U;

/// Fragments are dropped before all that the server knows is forgotten (current_handler.h), which costs more. Offsets have
/// 32 bits.
std::uint64_t most_fragments(const Options& options) {
  return std::min<std::uint64_t>(memory_limit(options) / 2, 2U << 30U);
}

/// Launchers get other bytes for the same request.
ContentHash reply_key(ContentHash request, bool fragments) {
  if (fragments) request.low = ~request.low;
  return request;
}

/// The reply of an entry that is in force. `copies`: those that it is about.
Reply reply_of(const CachedReply& entry, const Copies& copies) {
  Reply reply = entry.reply;
  reply.from_cache = true;
  if (reply.give_up == GiveUp::None) reply.fragments = copies.fragments;
  return reply;
}

/// The computation for `unit`, from the cached reply to another command.
Computation share(const CachedReply& other, const Unit& unit, const Copies& copies) {
  Computation result;
  result.reply = reply_of(other, copies);
  result.dependencies = other.dependencies;
  result.dependencies.add(unit);
  // Most of the unit's dependencies were there already. The list would grow with each command that shares
  // the reply.
  std::vector<const Entry*>& own = result.dependencies.own;
  std::sort(own.begin(), own.end());
  own.erase(std::unique(own.begin(), own.end()), own.end());
  result.cacheable = result.exact = true;
  return result;
}

}  // namespace

RequestHandler::RequestHandler(const Options& options, std::shared_ptr<Counters> counters)
    : options_(options),
      crash_file_(read_crash_file(crash_file_of(options))),
      counters_(std::move(counters)),
      tree_(file_system_),
      replies_(kReplyCacheBytes),
      mirror_(options.client_tmp, [this] { replies_.clear(); }),
      fragments_(most_fragments(options_)),
      computer_(options_, tree_, *counters_) {}

Expected<std::unique_ptr<RequestHandler>> RequestHandler::create(const Options& options,
                                                                 std::shared_ptr<Counters> counters) {
  std::unique_ptr<RequestHandler> handler(new RequestHandler(options, std::move(counters)));
  // Not needed before the first request, but the caller should see at once that no mirror can be made.
  if (const auto mirror = handler->mirror_.get(); !mirror) return tl::make_unexpected(mirror.error());
  return handler;
}

Reply RequestHandler::answer(const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  Reply reply;
  try {
    reply = find_or_compute(request);
  } catch (const std::bad_alloc&) {
    reply = refusal(GiveUp::Internal, "out of memory");
  } catch (const std::exception& error) {
    reply = refusal(GiveUp::Internal, error.what());
  }
  counters_->requests.add();
  counters_->entries.add(reply.entries);
  if (reply.from_cache) counters_->cache_hits.add();
  if (reply.give_up != GiveUp::None) counters_->gave_up.add();

  const std::string_view compiler =
      request.argv.empty() ? std::string_view() : std::string_view(request.argv.front());
  const std::string_view source =
      request.argv.empty() ? std::string_view() : std::string_view(request.argv.back());
  // CurrentMirror logs that the mirror cannot be written, once for all requests.
  if (reply.give_up != GiveUp::None && reply.give_up != GiveUp::MirrorFailed)
    log_line(Topic::Warning, "preprocessing locally: {}: {} (process {} in {}: {} ... {})",
             describe(reply.give_up), reply.detail, request.process, request.cwd, compiler, source);
  if (options_.statistics || log_enabled(Topic::Trace)) {
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
    log_always(os::format("{} ... {}: {} entries in {:.3f} ms{}", compiler, source, reply.entries,
                          spent.count(), reply.from_cache ? ", from the cache" : ""));
  }
  if (log_enabled(Topic::Data)) log_always("reply: " + *reply.encoded);
  return reply;
}

Reply RequestHandler::find_or_compute(const Request& request) {
  if (request.cwd.empty()) return refusal(GiveUp::MalformedCommand, "the client has no working directory");
  if (request.argv.empty()) return refusal(GiveUp::MalformedCommand, "no compiler on the command line");
  const auto environment = environments_.get(request);
  const ContentHash request_hash = request_key(encode_request(request.cwd, request.argv), *environment);
  const ContentHash key = reply_key(request_hash, request.fragments);
  const ContentHash mark_key = crash_key(request_hash);
  if (!crash_file_.empty() && crashed_before(crash_file_, mark_key))
    return refusal(GiveUp::CrashedBefore, "see " + crash_file_of(options_));
  bool made_room = false;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto copies = copies_for(request.fragments);
    if (!copies) return mirror_.refuse(copies.error());
    const FileTree::Snapshot snapshot = tree_.begin();
    const auto known = request.predicted_files ? nullptr : replies_.find(key);
    if (known && in_force(*known, snapshot, *copies)) return reply_of(*known, *copies);
    const InputMark mark(mark_key, request.cwd, request.argv.data(), request.argv.size());
    const UnitOrReason built = computer_.build_unit(snapshot, request, *environment);
    if (!built.unit) {
      if (built.give_up == GiveUp::ChangedMeanwhile) continue;
      return refusal(built.give_up, built.detail);
    }
    if (request.predicted_files) {
      Computation predicted = computer_.predict_files(snapshot, *built.unit);
      if (predicted.start_over) continue;
      return std::move(predicted.reply);
    }
    const auto variant = find_variant(*built.unit, *environment, request.fragments, snapshot, *copies);
    Computation computation = variant
                                  ? share(*variant, *built.unit, *copies)
                                  : computer_.compute(snapshot, request, *environment, *built.unit, *copies);
    if (computation.start_over) continue;
    if (computation.reply.give_up == GiveUp::MirrorFailed) {
      if (copies->fragments && !std::exchange(made_room, true) && fragments_.drop(*copies)) continue;
      return mirror_.refuse({computation.reply.detail, 0});
    }
    if (computation.reply.give_up == GiveUp::None) mirror_.note_success();
    if (computation.cacheable)
      remember(key, request.fragments, *built.unit, snapshot, copies->epoch, computation);
    return std::move(computation.reply);
  }
  return refusal(GiveUp::ChangedMeanwhile, os::format("{} attempts", kAttempts));
}

std::optional<Reply> RequestHandler::cached_reply(std::string_view encoded,
                                                  std::string_view environment_block) {
  if (environment_block.empty() || logs_requests() || !crash_file_.empty()) return std::nullopt;
  try {
    const bool fragments = encoded.starts_with(distcc::kFragmentsWanted);
    if (fragments) encoded.remove_prefix(distcc::kFragmentsWanted.size());
    const auto known =
        replies_.find(reply_key(request_key(encoded, *environments_.get(environment_block)), fragments));
    if (!known || known->reply.give_up != GiveUp::None) return std::nullopt;
    const auto copies = copies_for(fragments);
    const FileTree::Snapshot snapshot = tree_.begin();
    if (!copies || !in_force(*known, snapshot, *copies)) return std::nullopt;
    counters_->requests.add();
    counters_->cache_hits.add();
    counters_->entries.add(known->reply.entries);
    return reply_of(*known, *copies);
  } catch (const std::exception&) {  // out of memory: answer() logs it
    return std::nullopt;
  }
}

Expected<Copies> RequestHandler::copies_for(bool fragments) {
  if (fragments)
    if (Copies copies = fragments_.get(); copies.fragments) return copies;
  return mirror_.get();
}

bool RequestHandler::logs_requests() const {
  return options_.statistics || log_enabled(Topic::Trace) || log_enabled(Topic::Data);
}

bool RequestHandler::in_force(const CachedReply& entry, const FileTree::Snapshot& snapshot,
                              const Copies& copies) {
  if (entry.epoch != copies.epoch) return false;
  if (!entry.reply.first_root && !copies.mirror->whole()) return false;
  if (!entry.dependencies.unchanged_since(snapshot, tree_, entry.generation.load(std::memory_order_relaxed)))
    return false;
  entry.generation.store(snapshot.generation(), std::memory_order_relaxed);
  return true;
}

std::shared_ptr<const CachedReply> RequestHandler::find_variant(const Unit& unit,
                                                                const ClientEnvironment& environment,
                                                                bool fragments,
                                                                const FileTree::Snapshot& snapshot,
                                                                const Copies& copies) {
  if (!computer_.may_share_replies() || sets_dates(environment.variables)) return nullptr;
  for (const auto& known : variants_.find(unit, fragments))
    if (in_force(*known, snapshot, copies)) return known;
  return nullptr;
}

void RequestHandler::remember(const ContentHash& key, bool fragments, const Unit& unit,
                              const FileTree::Snapshot& snapshot, std::uint64_t epoch,
                              Computation& computation) {
  auto entry = std::make_shared<CachedReply>();
  entry->reply = computation.reply;
  entry->reply.from_cache = false;
  entry->reply.fragments = nullptr;
  entry->dependencies = std::move(computation.dependencies);
  entry->dependencies.own.shrink_to_fit();
  entry->dependencies.shared.shrink_to_fit();
  entry->fragments = fragments;
  entry->epoch = epoch;
  entry->generation = snapshot.generation();
  if (computation.exact) variants_.store(unit, entry, computer_.compiler_was_asked(unit));
  replies_.store(key, std::move(entry));
}

}  // namespace pump::include_server
