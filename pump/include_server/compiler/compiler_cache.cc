#include "pump/include_server/compiler/compiler_cache.h"

#include <xxhash.h>

#include <array>
#include <chrono>
#include <future>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "pump/include_server/compiler/compiler_query.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kFailureLasts(3);
constexpr std::size_t kMostProfiles = 1000;
constexpr std::size_t kMostAnswers = 100'000;

// Variables that change what a compiler finds or defines: those of gcc(1), "ENVIRONMENT", and of clang's
// driver, and those by which compilers, their wrappers and their configuration are found. Of the variables
// that probe_environment() drops, only those that check_variables() refuses are listed
// (unit/unsupported_commands.h).
constexpr std::array<std::string_view, 17> kRelevantVariables = {"PATH",
                                                                 "GCC_EXEC_PREFIX",
                                                                 "COMPILER_PATH",
                                                                 "LIBRARY_PATH",
                                                                 "SDKROOT",
                                                                 "MACOSX_DEPLOYMENT_TARGET",
                                                                 "CCC_OVERRIDE_OPTIONS",
                                                                 "OBJC_INCLUDE_PATH",
                                                                 "OBJCPLUS_INCLUDE_PATH",
                                                                 "SOURCE_DATE_EPOCH",
                                                                 "CLANG_CONFIG_FILE_SYSTEM_DIR",
                                                                 "CLANG_CONFIG_FILE_USER_DIR",
                                                                 "CLANG_NO_DEFAULT_CONFIG",
                                                                 "GCC_COMPARE_DEBUG",
                                                                 "LD_LIBRARY_PATH",
                                                                 "LD_PRELOAD",
                                                                 "HOME"};

// NUL-separated, so that different requests have different keys. The path of the compiler is part of the key,
// because drivers depend on their name; so is the version of the file it leads to.
std::string key_of(const ProfileRequest& request) {
  const FileStatus& status = request.compiler.entry->status;
  std::string key =
      os::format("{}{}{}{}{} {} {} {} {}", request.compiler.path, '\0', request.compiler.entry->path(), '\0',
                 status.device, status.inode, status.size, status.mtime_ns, status.ctime_ns);
  const auto add = [&key](std::string_view part) { key.append(1, '\0').append(part); };
  add(request.language);
  add(request.directory != nullptr ? request.directory->path() : std::string_view{});
  key.append(1, '\0').append(compiler_variables(*request.environment));
  for (const std::string& flag : request.flags) add(flag);
  return key;
}

// The result of one probe, and when it was made.
struct Slot {
  ProbeCommand command;
  std::shared_ptr<const CompilerProfile> profile;
  std::vector<const Entry*> consulted;
  std::uint64_t generation = 0;
  std::string error;
  Clock::time_point made;
};
using SlotPointer = std::shared_ptr<const Slot>;

bool ready(const std::shared_future<SlotPointer>& slot) {
  return slot.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

std::uint64_t hash_of_answers(const CompilerProfile& profile) {
  const Dialect& dialect = profile.dialect;
  std::string text = os::format(
      "{}{}{}{}{}{}{}{}{}{}{}{}{}", profile.compiler, '\0', profile.clang, dialect.operator_words,
      dialect.true_is_one, dialect.signed_char, dialect.signed_multichar, dialect.shifts_reverse,
      dialect.ascii, dialect.wide_ascii, dialect.signed_wide,
      static_cast<int>(dialect.files) * 10 + static_cast<int>(dialect.directories), dialect.keeps_lone_comma);
  for (const std::string& name : profile.builtin_names) (text += '\0') += name;
  for (const auto& [query, value] : profile.known_queries)
    text += os::format("{}{} is {}", '\0', query, value);
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

bool same_but_for_macros(const CompilerProfile& a, const CompilerProfile& b) {
  // Names all members: a new member fails to compile here until it is added, and compared below if it
  // matters.
  [[maybe_unused]] const auto& [id, answers_id, compiler, version, clang, quote_directories,
                                system_directories, searched_directories, predefined, preincludes_stdc_predef,
                                known_queries, lex, dialect, target_language, builtin_names] = a;
  return a.compiler == b.compiler && a.version == b.version && a.clang == b.clang &&
         a.quote_directories == b.quote_directories && a.system_directories == b.system_directories &&
         a.searched_directories == b.searched_directories && a.lex == b.lex && a.dialect == b.dialect &&
         a.preincludes_stdc_predef == b.preincludes_stdc_predef && a.known_queries == b.known_queries &&
         a.builtin_names == b.builtin_names && a.target_language == b.target_language;
}

std::string compiler_variables(const os::Environment& environment) {
  std::string text;
  for (const std::string_view name : kRelevantVariables) {
    // An empty variable differs from an unset one.
    if (const auto value = environment.get(name)) text.append(1, '=').append(*value);
    text.append(1, '\0');
  }
  return text;
}

struct CompilerCache::State {
  explicit State(FileTree& file_tree) : tree(file_tree) {}

  SlotPointer make(const FileTree::Snapshot& snapshot, const ProfileRequest& request,
                   const SlotPointer& before);
  [[nodiscard]] bool usable(const Slot& slot) const;

  FileTree& tree;
  std::mutex mutex;
  std::unordered_map<std::string, std::shared_future<SlotPointer>> slots;
  std::unordered_map<std::uint64_t, ProbeCommand> commands;  // by profile id
  std::unordered_map<std::string, std::shared_future<std::optional<std::int64_t>>> answers;
  std::unordered_set<std::uint64_t> asked;  // profile ids
  std::uint64_t last_id = 0;
};

bool CompilerCache::State::usable(const Slot& slot) const {
  if (!slot.profile) return Clock::now() - slot.made < kFailureLasts;
  return tree.unchanged_since(slot.consulted, slot.generation);
}

SlotPointer CompilerCache::State::make(const FileTree::Snapshot& snapshot, const ProfileRequest& request,
                                       const SlotPointer& before) {
  auto slot = std::make_shared<Slot>();
  slot->generation = snapshot.generation();
  slot->command = {request.compiler.path, request.flags, request.language,
                   request.directory != nullptr ? request.directory->path() : "",
                   probe_environment(*request.environment)};
  Expected<Probe> probe = probe_compiler(slot->command);
  slot->made = Clock::now();
  if (!probe) {
    slot->error = probe.error().message;
    return slot;
  }
  Trace trace;
  if (!probe->frontend.empty()) tree.walk(nullptr, probe->frontend, trace);
  for (const auto* list : {&probe->listing.quote, &probe->listing.bracket, &probe->listing.dropped})
    for (const std::string& directory : *list) tree.walk(request.directory, directory, trace);
  slot->consulted = std::move(trace.consulted);
  const std::lock_guard lock(mutex);
  // An unchanged profile stays in use, unless it was asked further queries: their answers may have changed.
  if (before && before->profile && before->profile->predefined == probe->profile.predefined &&
      same_but_for_macros(*before->profile, probe->profile) && !asked.contains(before->profile->id)) {
    slot->profile = before->profile;
    return slot;
  }
  probe->profile.id = ++last_id;
  probe->profile.answers_id = hash_of_answers(probe->profile);
  commands[probe->profile.id] = slot->command;
  slot->profile = std::make_shared<const CompilerProfile>(std::move(probe->profile));
  return slot;
}

CompilerCache::CompilerCache(FileTree& tree) : state_(std::make_unique<State>(tree)) {}
CompilerCache::~CompilerCache() = default;

Expected<CompilerCache::CachedProfile> CompilerCache::profile(const FileTree::Snapshot& snapshot,
                                                              const ProfileRequest& request) {
  const std::string key = key_of(request);
  std::promise<SlotPointer> promise;
  SlotPointer slot;
  while (true) {
    std::shared_future<SlotPointer> found;
    {
      const std::lock_guard lock(state_->mutex);
      if (const auto it = state_->slots.find(key); it != state_->slots.end()) found = it->second;
      if (!found.valid()) {
        if (state_->slots.size() >= kMostProfiles) state_->slots.clear();
        state_->slots[key] = promise.get_future().share();
        break;
      }
    }
    slot = found.get();
    if (state_->usable(*slot)) {
      if (!slot->profile) return fail(slot->error);
      return CachedProfile{slot->profile, slot->consulted};
    }
    const std::lock_guard lock(state_->mutex);
    const auto it = state_->slots.find(key);
    // The first thread here replaces the outdated slot; the others look again.
    if (it != state_->slots.end() && ready(it->second) && it->second.get() == slot) {
      it->second = promise.get_future().share();
      break;
    }
  }
  SlotPointer made;
  try {
    made = state_->make(snapshot, request, slot);
  } catch (const std::exception& exception) {  // out of memory; the waiting threads still need a result
    auto failed = std::make_shared<Slot>();
    failed->error = exception.what();
    failed->made = Clock::now();
    made = std::move(failed);
  }
  promise.set_value(made);
  if (!made->profile) return fail(made->error);
  return CachedProfile{made->profile, made->consulted};
}

bool CompilerCache::was_asked(const CompilerProfile& profile) const {
  const std::lock_guard lock(state_->mutex);
  return state_->asked.contains(profile.id);
}

std::optional<std::int64_t> CompilerCache::ask(const CompilerProfile& profile, const std::string& query) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->asked.insert(profile.id);
  }
  const std::string clean = pragma_query_text(query) ? query : sanitised_query(query);
  if (clean.empty()) return std::nullopt;
  const std::string key = os::format("{} {}", profile.id, clean);
  std::promise<std::optional<std::int64_t>> promise;
  ProbeCommand command;
  {
    std::unique_lock lock(state_->mutex);
    if (const auto it = state_->answers.find(key); it != state_->answers.end()) {
      const auto answer = it->second;
      lock.unlock();
      return answer.get();
    }
    const auto known = state_->commands.find(profile.id);
    if (known == state_->commands.end()) return std::nullopt;
    command = known->second;
    if (state_->answers.size() >= kMostAnswers) state_->answers.clear();
    state_->answers[key] = promise.get_future().share();
  }
  std::optional<std::int64_t> answer;
  try {
    answer = ask_compiler(command, clean);
  } catch (const std::exception&) {  // out of memory: unknown for this request; the next one asks again
    const std::lock_guard lock(state_->mutex);
    state_->answers.erase(key);
  }
  promise.set_value(answer);
  return answer;
}

Expected<SearchListing> CompilerCache::list(const CompilerProfile& profile,
                                            const std::vector<std::string>& options,
                                            const std::string& directory) {
  ProbeCommand command;
  {
    const std::lock_guard lock(state_->mutex);
    const auto known = state_->commands.find(profile.id);
    if (known == state_->commands.end()) return fail("unknown profile");
    command = known->second;
  }
  command.directory = directory;
  return list_search_path(command, options);
}

}  // namespace pump::include_server
