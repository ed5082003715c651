#include "pump/include_server/memo.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pump/include_server/unit_builder.h"

namespace pump::include_server {
namespace {

// Variables by which the same command reads other files: gcc(1) "ENVIRONMENT", clang's driver, and where
// compilers and their configuration are found. HOME and the locale cost nothing: they hardly differ within
// one session.
constexpr std::array<std::string_view, 20> kVariables{"PATH",
                                                      "GCC_EXEC_PREFIX",
                                                      "COMPILER_PATH",
                                                      "LIBRARY_PATH",
                                                      "CPATH",
                                                      "C_INCLUDE_PATH",
                                                      "CPLUS_INCLUDE_PATH",
                                                      "OBJC_INCLUDE_PATH",
                                                      "OBJCPLUS_INCLUDE_PATH",
                                                      "SDKROOT",
                                                      "CCC_OVERRIDE_OPTIONS",
                                                      "CLANG_CONFIG_FILE_SYSTEM_DIR",
                                                      "CLANG_CONFIG_FILE_USER_DIR",
                                                      "LD_LIBRARY_PATH",
                                                      "HOME",
                                                      "LANG",
                                                      "LC_ALL",
                                                      "LC_CTYPE",
                                                      "GCC_COMPARE_DEBUG",
                                                      "DISTCC_LOCATION"};

constexpr std::size_t kMostEnvironments = 64;

bool matters(std::string_view assignment) {
  const std::string_view name = assignment.substr(0, assignment.find('='));
  return std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end();
}

void append_if_it_matters(std::string& text, std::string_view assignment) {
  if (!matters(assignment)) return;
  // Length first, so that no two sequences of strings are the same bytes.
  const std::size_t size = assignment.size();
  text.append(reinterpret_cast<const char*>(&size), sizeof size).append(assignment);
}

std::string variables_for_memo(std::string_view block) {
  std::string text;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find('\0'), block.size());
    append_if_it_matters(text, block.substr(0, end));
    block.remove_prefix(std::min(end + 1, block.size()));
  }
  return text;
}

std::string variables_for_memo(const os::Environment& environment) {
  std::string text;
  for (const std::string& assignment : environment.strings()) append_if_it_matters(text, assignment);
  return text;
}

}  // namespace

std::size_t MemoEntry::bytes() const {
  return sizeof *this + (reply.encoded ? reply.encoded->capacity() : 0) + reply.detail.capacity() +
         depends.own.capacity() * sizeof depends.own[0] +
         depends.shared.capacity() * sizeof depends.shared[0];
}

bool Dependencies::unchanged_since(FileTree& tree, std::uint64_t generation) const {
  return tree.all_unchanged_since(generation) ||
         (tree.unchanged_since(own, generation) &&
          std::all_of(shared.begin(), shared.end(),
                      [&](SharedEntries entries) { return tree.unchanged_since(*entries, generation); }));
}

std::shared_ptr<const MemoEntry> Memo::find(const ContentHash& key) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  slots_.splice(slots_.begin(), slots_, found->second);
  return found->second->entry;
}

void Memo::store(const ContentHash& key, std::shared_ptr<const MemoEntry> entry) {
  const std::lock_guard lock(mutex_);
  if (const auto found = index_.find(key); found != index_.end()) drop(found->second);
  bytes_ += entry->bytes();
  slots_.push_front({key, std::move(entry)});
  index_[key] = slots_.begin();
  while (bytes_ > capacity_ && slots_.size() > 1) drop(std::prev(slots_.end()));
}

void Memo::clear() {
  const std::lock_guard lock(mutex_);
  index_.clear();
  slots_.clear();
  bytes_ = 0;
}

std::size_t Memo::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void Memo::drop(std::list<Slot>::iterator slot) {
  bytes_ -= slot->entry->bytes();
  index_.erase(slot->key);
  slots_.erase(slot);
}

KnownEnvironment::KnownEnvironment(os::Environment all)
    : variables(std::move(all)),
      for_memo(variables_for_memo(variables)),
      for_builder(UnitBuilder::environment_key(variables)) {}

KnownEnvironment::KnownEnvironment(std::string_view the_block)
    : block(the_block),
      variables(os::Environment::from_block(block)),
      for_memo(variables_for_memo(block)),
      for_builder(UnitBuilder::environment_key(variables)) {}

std::shared_ptr<const KnownEnvironment> Environments::of(const Request& request) {
  if (request.environment_block.empty()) return std::make_shared<const KnownEnvironment>(request.environment);
  return of(request.environment_block);
}

std::shared_ptr<const KnownEnvironment> Environments::of(std::string_view block) {
  const std::uint64_t hash = XXH3_64bits(block.data(), block.size());
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(hash); found != known_.end() && found->second->block == block)
      return found->second;
  }
  auto made = std::make_shared<const KnownEnvironment>(block);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostEnvironments) known_.clear();
  known_[hash] = made;
  return made;
}

ContentHash request_key(std::string_view encoded, const KnownEnvironment& environment) {
  std::string text;
  text.reserve(encoded.size() + environment.for_memo.size());
  text.append(encoded).append(environment.for_memo);  // an encoded request tells where it ends
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

}  // namespace pump::include_server
