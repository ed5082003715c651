#include "pump/include_server/answer/request_handler.h"

#include <fmt/format.h>

#include <chrono>
#include <new>

#include "pump/include_server/answer/request_handler_impl.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/log.h"
#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

/// A request whose files change while it is analysed starts over; after so many times somebody else may try.
constexpr int kAttempts = 8;

}  // namespace

Reply refusal(GiveUp reason, std::string detail) {
  static const auto encoded = std::make_shared<const std::string>(kCannotAnswer);
  Reply reply;
  reply.encoded = encoded;
  reply.give_up = reason;
  reply.detail = std::move(detail);
  return reply;
}

Answerer::Impl::Impl(const Options& the_options)
    : options(the_options),
      tree(file_system),
      builder(tree),
      crashes(read_crash_file(crash_file_of(options))) {
  if (!options.path_observation_re.empty()) observed.emplace(options.path_observation_re);
}

Expected<Answerer::Impl::MirrorInUse> Answerer::Impl::mirror_in_use() {
  const std::lock_guard lock(mirror_mutex);
  if (mirror.mirror && mirror.mirror->intact()) return mirror;
  PUMP_TRY(std::shared_ptr<Mirror> fresh, Mirror::create(options.client_tmp));
  if (mirror.mirror)
    log_line(Topic::Warning, "the mirror was removed, or something in it; a new one is at {}", fresh->root());
  mirror = {std::move(fresh), mirror.epoch + 1};
  reply_cache.clear();
  return mirror;
}

Reply Answerer::Impl::answer(const Request& request) {
  if (request.cwd.empty()) return refusal(GiveUp::MalformedCommand, "the client has no working directory");
  if (request.argv.empty()) return refusal(GiveUp::MalformedCommand, "no compiler on the command line");
  const auto environment = environments.of(request);
  const ContentHash key = request_key(encode_request(request.cwd, request.argv), *environment);
  const ContentHash mark_key = crash_key(key);
  if (!crashes.empty() && crashed_before(crashes, mark_key)) {
    return refusal(GiveUp::CrashedBefore, "see " + crash_file_of(options));
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto in_use = mirror_in_use();
    if (!in_use) return mirror_failed(in_use.error());
    const FileTree::Snapshot snapshot = tree.begin();
    if (const auto known = reply_cache.find(key); known && in_force(*known, snapshot.generation(), *in_use)) {
      return remembered(*known);
    }
    const InputMark mark(mark_key, request.cwd, request.argv.data(), request.argv.size());
    Computation computation = compute(request, *environment, *in_use, snapshot);
    if (computation.start_over) continue;
    if (computation.cacheable) remember(key, snapshot, in_use->epoch, computation);
    return std::move(computation.reply);
  }
  return refusal(GiveUp::ChangedMeanwhile, fmt::format("{} attempts", kAttempts));
}

std::shared_ptr<const std::string> Answerer::Impl::ready_reply(std::string_view encoded,
                                                               std::string_view environment_block) {
  const auto known = reply_cache.find(request_key(encoded, *environments.of(environment_block)));
  if (!known || known->reply.give_up != GiveUp::None) return nullptr;
  const auto in_use = mirror_in_use();
  const FileTree::Snapshot snapshot = tree.begin();
  if (!in_use || !in_force(*known, snapshot.generation(), *in_use)) return nullptr;
  ++requests;
  ++cache_hits;
  entries += known->reply.entries;
  return known->reply.encoded;
}

bool Answerer::Impl::in_force(const CachedReply& entry, std::uint64_t generation, const MirrorInUse& in_use) {
  if (entry.mirror_epoch != in_use.epoch) return false;
  if (!entry.reply.first_root && !in_use.mirror->whole()) return false;
  if (!entry.depends.unchanged_since(tree, entry.generation.load(std::memory_order_relaxed))) return false;
  entry.generation.store(generation, std::memory_order_relaxed);
  return true;
}

Reply Answerer::Impl::remembered(const CachedReply& entry) {
  Reply reply = entry.reply;
  reply.from_cache = true;
  return reply;
}

void Answerer::Impl::remember(const ContentHash& key, const FileTree::Snapshot& snapshot, std::uint64_t epoch,
                              Computation& computation) {
  auto entry = std::make_shared<CachedReply>();
  entry->reply = computation.reply;
  entry->depends = std::move(computation.depends);
  entry->depends.own.shrink_to_fit();
  entry->depends.shared.shrink_to_fit();
  entry->mirror_epoch = epoch;
  entry->generation = snapshot.generation();
  entry->reply.from_cache = false;
  if (computation.exact)
    variant_replies.store(*computation.built.unit, entry,
                          builder.was_asked(*computation.built.unit->profile));
  reply_cache.store(key, std::move(entry));
}

Answerer::Answerer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Answerer::~Answerer() = default;

Expected<std::unique_ptr<Answerer>> Answerer::create(const Options& options) {
  auto impl = std::make_unique<Impl>(options);
  // Not needed before the first request, but a place where no mirror can be made should be known at once.
  if (const auto mirror = impl->mirror_in_use(); !mirror) return tl::make_unexpected(mirror.error());
  return std::unique_ptr<Answerer>(new Answerer(std::move(impl)));
}

Reply Answerer::answer(const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  Reply reply;
  try {
    reply = impl_->answer(request);
  } catch (const std::bad_alloc&) {
    reply = refusal(GiveUp::Internal, "out of memory");
  } catch (const std::exception& error) {
    reply = refusal(GiveUp::Internal, error.what());
  }
  ++impl_->requests;
  impl_->entries += reply.entries;
  if (reply.from_cache) ++impl_->cache_hits;
  if (reply.give_up != GiveUp::None) ++impl_->gave_up;

  const std::string_view source =
      request.argv.empty() ? std::string_view() : std::string_view(request.argv.back());
  if (reply.give_up != GiveUp::None && !(reply.give_up == GiveUp::MirrorFailed && impl_->mirror_failing)) {
    log_line(Topic::Warning, "preprocessing locally: {}: {} (process {} in {}: {} ... {})",
             describe(reply.give_up), reply.detail, request.process, request.cwd,
             request.argv.empty() ? "" : request.argv.front(), source);
  }
  if (impl_->options.statistics || log_enabled(Topic::Trace)) {
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
    log_always(fmt::format("{} ... {}: {} entries in {:.3f} ms{}",
                           request.argv.empty() ? "" : request.argv.front(), source, reply.entries,
                           spent.count(), reply.from_cache ? ", known" : ""));
  }
  if (log_enabled(Topic::Data)) log_always("reply: " + *reply.encoded);
  return reply;
}

std::shared_ptr<const std::string> Answerer::ready_reply(std::string_view encoded,
                                                         std::string_view environment_block) {
  const bool logged = impl_->options.statistics || log_enabled(Topic::Trace) || log_enabled(Topic::Data);
  if (environment_block.empty() || logged || !impl_->crashes.empty()) return nullptr;
  try {
    return impl_->ready_reply(encoded, environment_block);
  } catch (const std::exception&) {  // out of memory: answer() says so
    return nullptr;
  }
}

AnswerStatistics Answerer::statistics() const {
  AnswerStatistics statistics;
  statistics.requests = impl_->requests;
  statistics.from_cache = impl_->cache_hits;
  statistics.gave_up = impl_->gave_up;
  statistics.approximate = impl_->approximate;
  statistics.steps = impl_->steps;
  statistics.entries = impl_->entries;
  return statistics;
}

std::string Answerer::mirror_root() const {
  const std::lock_guard lock(impl_->mirror_mutex);
  return impl_->mirror.mirror ? impl_->mirror.mirror->root() : std::string();
}

std::uint64_t Answerer::mirror_bytes() const {
  const std::lock_guard lock(impl_->mirror_mutex);
  return impl_->mirror.mirror ? impl_->mirror.mirror->bytes() : 0;
}

}  // namespace pump::include_server
