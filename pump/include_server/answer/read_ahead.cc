#include "pump/include_server/answer/read_ahead.h"

#include <atomic>
#include <mutex>
#include <utility>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/support/crash_log.h"

namespace pump::include_server {

namespace {
/// For one unit; a large one opens some hundred new files at first, and guesses are not worth more watches.
constexpr unsigned kMostFiles = 400;
}  // namespace

/// Worked at by one job at a time: each hands on to the next through the queue, so that copies come in
/// between.
struct ReadAhead::State : std::enable_shared_from_this<State> {
  struct Wanted {
    Directory* beside = nullptr;  ///< the includer's directory; nullptr: <name>
    Symbol name = 0;
  };

  State(FileTree& the_tree, ScanCache& the_scans, SpareJobs& the_jobs, std::shared_ptr<JobOrigin> the_origin,
        const LexMode& lex)
      : tree(the_tree), scans(the_scans), jobs(the_jobs), origin(std::move(the_origin)), mode{lex} {}

  SpareJobs::Job job() {
    return [self = shared_from_this()] { self->step(); };
  }

  void step() {
    const InputMark mark(origin->mark_key, origin->cwd, &origin->source, 1);
    const Entry* file = next();
    while (!stopped && file == nullptr && go_on_in_defaults()) file = next();
    if (stopped || file == nullptr || ++files > kMostFiles) return;
    read(*file);
    jobs.go_on_with(job());
  }

  const Entry* next() {
    const Entry* file = std::exchange(source, nullptr);
    while (!stopped && file == nullptr && !wanted.empty()) {
      const Wanted include = wanted.back();
      wanted.pop_back();
      file = find(include);
      if (file == nullptr && !defaults_known) missed.push_back(include);
      if (file != nullptr && (FileTree::was_read(*file) || FileTree::being_read(*file))) file = nullptr;
    }
    return file;
  }

  /// False where there is nothing to go on with: default_directories() calls again, if it comes yet.
  bool go_on_in_defaults() {
    const std::lock_guard lock(mutex);
    if (defaults.empty()) {
      resting = true;
      return false;
    }
    directories.insert(directories.end(), defaults.begin(), defaults.end());
    defaults.clear();
    defaults_known = true;
    wanted.assign(missed.rbegin(), missed.rend());
    missed.clear();
    return true;
  }

  const Entry* find(const Wanted& include) {
    const std::string_view name = spelling(include.name);
    const auto in = [&](Directory* directory) {
      trace.clear();
      const Entry* entry = tree.walk(directory, name, trace);
      return entry->kind == EntryKind::File ? entry : nullptr;
    };
    if (include.beside != nullptr)
      if (const Entry* found = in(include.beside)) return found;
    for (std::size_t i = include.beside != nullptr ? 0 : bracket_start; i < directories.size(); ++i)
      if (directories[i] != nullptr)
        if (const Entry* found = in(directories[i])) return found;
    return nullptr;
  }

  void read(const Entry& file) {
    const Expected<FileVersion> version = tree.load(file);
    if (!version) return;
    const auto scan = scans.get(version->hash, mode, [&] { return version->bytes; });
    want_includes(*scan, file.parent);
  }

  void want_includes(const Scan& scan, Directory* directory) {
    for (const Directive& directive : scan.directives)
      // An absolute name in a branch that is never taken may lead to a file system that does not answer.
      if (directive.kind == DirectiveKind::Include && (directive.flags & kComputed) == 0 &&
          !spelling(directive.name).starts_with('/'))
        wanted.push_back({(directive.flags & kAngled) != 0 ? nullptr : directory, directive.name});
  }

  FileTree& tree;
  ScanCache& scans;
  SpareJobs& jobs;
  const std::shared_ptr<JobOrigin> origin;
  const ScanMode mode;
  std::vector<Directory*> directories;
  std::size_t bracket_start = 0;
  const Entry* source = nullptr;
  unsigned files = 0;
  std::vector<Wanted> wanted;
  std::vector<Wanted> missed;  ///< not found before the default directories were known
  bool defaults_known = false;
  Trace trace;
  std::mutex mutex;                  ///< the next two
  std::vector<Directory*> defaults;  ///< not yet among `directories`
  bool resting = false;              ///< no job is under way
  std::atomic<bool> stopped{false};
};

ReadAhead::ReadAhead(FileTree& tree, ScanCache& scans, SpareJobs& jobs, std::shared_ptr<JobOrigin> origin)
    : tree_(tree), scans_(scans), jobs_(jobs), origin_(std::move(origin)) {}

void ReadAhead::stop() {
  if (state_) state_->stopped = true;
}

void ReadAhead::early_unit(const EarlyUnit& unit) {
  stop();
  if (unit.source->kind != EntryKind::File) return;
  state_ = std::make_shared<State>(tree_, scans_, jobs_, origin_, unit.lex);
  state_->directories = unit.directories;
  state_->bracket_start = unit.bracket_start;
  state_->source = unit.source;
  jobs_.offer(state_->job(), true);
}

void ReadAhead::default_directories(std::vector<Directory*> directories) {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->defaults = std::move(directories);
    if (!std::exchange(state_->resting, false)) return;
  }
  jobs_.offer(state_->job(), true);
}

void ReadAhead::begin(const Unit& unit, const ClosureFile& source) {
  stop();
  begun_ = {&unit, source.hash, source.entry->parent};
  if (!jobs_.wanted()) return;
  state_ = includes_of(*begun_);
  if (state_) jobs_.offer(state_->job());
}

std::shared_ptr<ReadAhead::State> ReadAhead::includes_of(const Begun& begun) {
  auto state = std::make_shared<State>(tree_, scans_, jobs_, origin_, begun.unit->lex);
  const auto scan = scans_.get(begun.source, state->mode, [] { return nullptr; });
  if (!scan) return nullptr;
  for (const SearchDirectory& directory : begun.unit->search->directories)
    state->directories.push_back(directory.directory);
  state->defaults_known = true;
  state->bracket_start = begun.unit->search->bracket_start;
  state->want_includes(*scan, begun.beside);
  return state;
}

bool ReadAhead::meanwhile() {
  if (!meanwhile_ && begun_) meanwhile_ = includes_of(*std::exchange(begun_, std::nullopt));
  if (!meanwhile_) return false;
  const Entry* const file = meanwhile_->next();
  if (file == nullptr || ++meanwhile_->files > kMostFiles) return false;
  meanwhile_->read(*file);
  return true;
}

}  // namespace pump::include_server
