#include "pump/include_server/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <regex>

#include "pump/include_server/crash_log.h"
#include "pump/include_server/delivery.h"
#include "pump/include_server/early_copies.h"
#include "pump/include_server/log.h"
#include "pump/include_server/memo.h"
#include "pump/include_server/mirror.h"
#include "pump/include_server/os_file_system.h"
#include "pump/include_server/preprocessor_pool.h"
#include "pump/include_server/protocol.h"
#include "pump/include_server/read_ahead.h"
#include "pump/include_server/spare_jobs.h"
#include "pump/include_server/travel.h"
#include "pump/include_server/unit_builder.h"
#include "pump/include_server/unit_memo.h"
#include "pump/include_server/verify.h"

namespace pump::include_server {
namespace {

/// A request whose files change while it is analysed starts over; after so many times somebody else may try.
constexpr int kAttempts = 8;
/// A thousand units of some 200 entries and some thousand dependencies.
constexpr std::size_t kMemoBytes = 64U << 20U;

Reply refusal(GiveUp reason, std::string detail) {
  static const auto encoded = std::make_shared<const std::string>(kCannotAnswer);
  Reply reply;
  reply.encoded = encoded;
  reply.give_up = reason;
  reply.detail = std::move(detail);
  return reply;
}

/// Refusals that the same input gives again as long as no file changes.
bool lasting(GiveUp reason) {
  return reason != GiveUp::ReadFailed && reason != GiveUp::ChangedMeanwhile &&
         reason != GiveUp::MirrorFailed && reason != GiveUp::Internal && reason != GiveUp::CrashedBefore;
}

void append_all(std::vector<const Entry*>& to, const std::vector<const Entry*>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

/// One request being computed.
struct Computation {
  Reply reply;
  Dependencies depends;
  bool start_over = false;  ///< a file changed meanwhile
  bool memorable = false;
  UnitOrReason built;
  bool exact = false;  ///< what was walked is what the compiler reads
};

struct Answerer::Impl {
  explicit Impl(const Options& the_options)
      : options(the_options),
        tree(file_system),
        builder(tree, &spare_jobs),
        crashes(read_crash_file(crash_file_of(options))) {
    if (!options.path_observation_re.empty()) observed.emplace(options.path_observation_re);
  }

  struct MirrorInUse {
    std::shared_ptr<Mirror> mirror;
    std::uint64_t epoch = 0;
  };

  /// The mirror, or a new one where somebody has removed its root (a cleaner of /tmp).
  Expected<MirrorInUse> mirror_in_use() {
    const std::lock_guard lock(mirror_mutex);
    if (mirror.mirror && mirror.mirror->intact()) return mirror;
    PUMP_TRY(std::shared_ptr<Mirror> fresh, Mirror::create(options.client_tmp));
    if (mirror.mirror) log_line(Topic::Warning, "the mirror was removed; a new one is at {}", fresh->root());
    mirror = {std::move(fresh), mirror.epoch + 1};
    memo.clear();
    return mirror;
  }

  Reply answer(const Request& request) {
    if (request.cwd.empty()) return refusal(GiveUp::MalformedCommand, "the client has no working directory");
    if (request.argv.empty()) return refusal(GiveUp::MalformedCommand, "no compiler on the command line");
    const auto environment = environments.of(request);
    const ContentHash key = request_key(request, *environment);
    const ContentHash mark_key = crash_key(key);
    if (!crashes.empty() && crashed_before(crashes, mark_key)) {
      return refusal(GiveUp::CrashedBefore, "see " + crash_file_of(options));
    }
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const auto in_use = mirror_in_use();
      if (!in_use) return mirror_failed(in_use.error());
      const FileTree::Snapshot snapshot = tree.begin();
      if (const auto known = memo.find(key); known && in_force(*known, snapshot.generation(), *in_use)) {
        return remembered(*known);
      }
      const InputMark mark(mark_key, request.cwd, request.argv.data(), request.argv.size());
      Computation computation = compute(request, *environment, *in_use, mark_key, snapshot.generation());
      if (computation.start_over) continue;
      if (computation.memorable) remember(key, snapshot, in_use->epoch, computation);
      return std::move(computation.reply);
    }
    return refusal(GiveUp::ChangedMeanwhile, fmt::format("{} attempts", kAttempts));
  }

  /// True where nothing that the entry depends on has changed, its mirror included.
  bool in_force(const MemoEntry& entry, std::uint64_t generation, const MirrorInUse& in_use) {
    if (entry.mirror_epoch != in_use.epoch) return false;
    if (!entry.reply.first_root && !in_use.mirror->whole()) return false;
    if (!entry.depends.unchanged_since(tree, entry.generation.load(std::memory_order_relaxed))) return false;
    entry.generation.store(generation, std::memory_order_relaxed);
    return true;
  }

  static Reply remembered(const MemoEntry& entry) {
    Reply reply = entry.reply;
    reply.from_memo = true;
    return reply;
  }

  /// The reply to another command for the same source, where it is this unit's, too.
  bool answer_from_another_command(const Unit& unit, std::uint64_t generation, const MirrorInUse& in_use,
                                   Computation& result) {
    // These look at the closure itself.
    if (options.verify || options.write_includes || observed) return false;
    for (const auto& known : unit_memo.find(unit)) {
      if (!in_force(*known, generation, in_use)) continue;
      result.reply = remembered(*known);
      result.depends = known->depends;
      add_dependencies(unit, result);
      // Nearly all of them stood there already, and the next command would add its own to these.
      std::vector<const Entry*>& own = result.depends.own;
      std::sort(own.begin(), own.end());
      own.erase(std::unique(own.begin(), own.end()), own.end());
      result.memorable = result.exact = true;
      return true;
    }
    return false;
  }

  static void add_dependencies(const Unit& unit, Computation& result) {
    append_all(result.depends.own, unit.consulted);
    append_all(result.depends.own, unit.search->consulted);
  }

  void remember(const ContentHash& key, const FileTree::Snapshot& snapshot, std::uint64_t epoch,
                Computation& computation) {
    auto entry = std::make_shared<MemoEntry>();
    entry->reply = computation.reply;
    entry->depends = std::move(computation.depends);
    entry->depends.own.shrink_to_fit();
    entry->depends.shared.shrink_to_fit();
    entry->mirror_epoch = epoch;
    entry->generation = snapshot.generation();
    entry->reply.from_memo = false;
    if (computation.exact)
      unit_memo.store(*computation.built.unit, entry, builder.was_asked(*computation.built.unit->profile));
    memo.store(key, std::move(entry));
  }

  Computation compute(const Request& request, const KnownEnvironment& environment,
                      const MirrorInUse& in_use, const ContentHash& mark_key, std::uint64_t generation) {
    Computation result;
    const auto origin = std::make_shared<JobOrigin>(mark_key, request.cwd, request.argv.back());
    const struct EndOfRequest {
      JobOrigin& origin;
      ~EndOfRequest() { origin.over = true; }
    } end{*origin};
    ReadAhead ahead(tree, scans, spare_jobs, origin);
    result.built =
        builder.build(request.cwd, request.argv, environment.variables, environment.for_builder, generation,
                      [&](const EarlyUnit& early) { ahead.begin(early); });
    if (!result.built.unit) {
      result.reply = refusal(result.built.give_up, result.built.detail);
      result.start_over = result.built.give_up == GiveUp::ChangedMeanwhile;
      return result;
    }
    const Unit& unit = *result.built.unit;
    trace_unit(unit);
    if (answer_from_another_command(unit, generation, in_use, result)) return result;

    EarlyCopies copies(tree, in_use.mirror, absolute_includes, spare_jobs, unit, origin);
    Closure closure = preprocessors.run(unit, [&](const ClosureFile& file, bool source) {
      copies.entered(file, source);
      if (source) ahead.begin(unit, file);
    });
    steps += closure.steps;
    if (closure.approximate) ++approximate;
    if (closure.give_up == GiveUp::ChangedMeanwhile) {
      result.start_over = true;
      return result;
    }
    result.depends.shared = std::exchange(closure.consulted, {});
    result.depends.own.reserve(unit.consulted.size() + unit.search->consulted.size() + 64);
    add_dependencies(unit, result);
    if (closure.give_up != GiveUp::None) {
      result.reply = refusal(closure.give_up, closure.detail);
      result.memorable = lasting(closure.give_up);
      return result;
    }
    observe_paths(unit, closure);

    const ReplyPlan plan =
        plan_reply(tree, unit, closure,
                   {options.force_directories, options.unsafe_absolute_includes, &absolute_includes});
    append_all(result.depends.own, plan.consulted);
    if (plan.give_up == GiveUp::ChangedMeanwhile) {
      result.start_over = true;
      return result;
    }
    if (plan.give_up != GiveUp::None) {
      result.reply = refusal(plan.give_up, plan.detail);
      result.memorable = lasting(plan.give_up);
      return result;
    }
    if (options.verify && !verified(request, unit, closure, environment.variables, result)) return result;
    put_into_mirror(plan, *in_use.mirror, result);
    result.exact = result.memorable && !closure.approximate;
    if (options.write_includes) log_closure(unit, plan);
    return result;
  }

  void put_into_mirror(const ReplyPlan& plan, Mirror& target, Computation& result) {
    Delivery delivery = deliver(tree, plan, target);
    if (delivery.give_up == GiveUp::MirrorFailed) {
      result.reply = mirror_failed(Error{std::move(delivery.detail), 0});
    } else if (delivery.give_up == GiveUp::ChangedMeanwhile) {
      result.start_over = true;
    } else if (delivery.give_up != GiveUp::None) {
      result.reply = refusal(delivery.give_up, std::move(delivery.detail));
    } else {
      if (mirror_failing.exchange(false)) log_line(Topic::Warning, "the mirror can be written again");
      result.reply.encoded = std::move(delivery.encoded);
      result.reply.entries = plan.entries.size();
      result.reply.first_root = delivery.first_root;
      result.memorable = true;
    }
  }

  Reply mirror_failed(const Error& error) {
    if (!mirror_failing.exchange(true)) {
      log_line(Topic::Warning, "the mirror cannot be written, preprocessing locally until it can: {}",
               error.message);
    }
    return refusal(GiveUp::MirrorFailed, error.message);
  }

  bool verified(const Request& request, const Unit& unit, const Closure& closure,
                const os::Environment& environment, Computation& result) {
    const auto comparison = compare_with_compiler(tree, unit, closure, request.argv, environment);
    if (!comparison) {
      result.reply = refusal(GiveUp::Internal, "--verify: " + comparison.error().message);
      return false;
    }
    for (const std::string& path : comparison->missing)
      log_line(Topic::Warning, "--verify: {} is missing", path);
    for (const std::string& path : comparison->surplus)
      log_line(Topic::Warning, "--verify: {} is surplus", path);
    if (comparison->missing.empty() && (!options.exact_includes || comparison->surplus.empty())) return true;
    result.reply =
        refusal(GiveUp::Internal, fmt::format("--verify: {} missing, {} surplus", comparison->missing.size(),
                                              comparison->surplus.size()));
    return false;
  }

  void trace_unit(const Unit& unit) const {
    if (!log_enabled(Topic::SearchPath)) return;
    std::string line = "search path of " + unit.source + ":";
    for (const SearchDirectory& directory : unit.search->directories) {
      line += (directory.system ? " (system) " : " ") + directory.spelled;
    }
    log_line(Topic::SearchPath, "{}", line);
  }

  void observe_paths(const Unit& unit, const Closure& closure) const {
    if (!observed) return;
    for (const ClosureFile& file : closure.files) {
      const std::string real = file.entry->path();
      if (!std::regex_search(real, *observed)) continue;
      log_line(Topic::Warning, "for translation unit '{}', '{}' has the real path '{}'", unit.source,
               file.spelled, real);
    }
  }

  static void log_closure(const Unit& unit, const ReplyPlan& plan) {
    std::string line = "include closure of " + unit.source + ":";
    for (const ReplyEntry& entry : plan.entries) line += " " + entry.real_path();
    log_always(line);
  }

  const Options options;
  OsFileSystem file_system;
  FileTree tree;
  SpareJobs spare_jobs;
  UnitBuilder builder;
  ScanCache scans;
  AbsoluteIncludeCache absolute_includes;
  const std::string crashes;
  std::optional<std::regex> observed;
  Environments environments;
  Memo memo{kMemoBytes};
  UnitMemo unit_memo;

  PreprocessorPool preprocessors{[this] {
    return std::make_unique<Preprocessor>(tree, scans,
                                          [this](const CompilerProfile& profile, const std::string& query) {
                                            return builder.ask(profile, query);
                                          });
  }};

  mutable std::mutex mirror_mutex;
  MirrorInUse mirror;
  std::atomic<bool> mirror_failing{false};

  std::atomic<std::uint64_t> requests{0}, memo_hits{0}, gave_up{0}, approximate{0}, steps{0}, entries{0};
};

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
  if (reply.from_memo) ++impl_->memo_hits;
  if (reply.give_up != GiveUp::None) ++impl_->gave_up;

  const std::string_view source =
      request.argv.empty() ? std::string_view() : std::string_view(request.argv.back());
  if (reply.give_up != GiveUp::None && !(reply.give_up == GiveUp::MirrorFailed && impl_->mirror_failing)) {
    log_line(Topic::Warning, "preprocessing locally: {}: {} (process {} in {}: {} ... {})", describe(reply.give_up),
             reply.detail, request.process, request.cwd, request.argv.empty() ? "" : request.argv.front(), source);
  }
  if (impl_->options.statistics || log_enabled(Topic::Trace)) {
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
    log_always(fmt::format("{} ... {}: {} entries in {:.3f} ms{}",
                           request.argv.empty() ? "" : request.argv.front(), source, reply.entries,
                           spent.count(), reply.from_memo ? ", known" : ""));
  }
  return reply;
}

SpareJobs& Answerer::spare_jobs() {
  return impl_->spare_jobs;
}

void Answerer::help(const std::function<bool()>& going_on) {
  const FileTree::Snapshot snapshot = impl_->tree.begin();
  impl_->spare_jobs.help_while(going_on);
}

AnswerStatistics Answerer::statistics() const {
  AnswerStatistics statistics;
  statistics.requests = impl_->requests;
  statistics.from_memo = impl_->memo_hits;
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
