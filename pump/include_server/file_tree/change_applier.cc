#include "pump/include_server/file_tree/change_applier.h"

#include <xxhash.h>

#include <algorithm>
#include <functional>

namespace pump::include_server {

TreeView ChangeApplier::apply_reported() {
  const std::lock_guard lock(mutex_);
  events_.clear();
  if (events_lost_) events_.emplace_back().overflow = true;
  events_lost_ = true;  // stays set if an exception escapes from here on
  file_system_.drain(events_);
  if (!events_.empty() || !pending_.empty()) apply();
  events_lost_ = false;
  const std::uint64_t ticket = clock_.tickets.fetch_add(1) + 1;
  return {ticket, clock_.generation.load()};
}

void ChangeApplier::apply() {
  std::vector<Check> checks;
  bool overflow = false;
  for (const WatchEvent& event : events_) {
    overflow |= event.overflow;
    if (!event.overflow) collect(event, checks);
  }
  // No event need have been reported for these: a read found another status or content than the version has.
  for (Entry* entry : pending_.take_suspects()) checks.push_back({entry, true});
  // One check per entry, forced if any event requires it.
  std::sort(checks.begin(), checks.end(), [](const Check& a, const Check& b) {
    return a.entry != b.entry ? std::less<>()(a.entry, b.entry) : a.force > b.force;
  });
  checks.erase(std::unique(checks.begin(), checks.end(),
                           [](const Check& a, const Check& b) { return a.entry == b.entry; }),
               checks.end());
  for (const Check& check : checks) versions_.revalidate(*check.entry, check.force);
  if (overflow) check_everything();
  // Last, because the checks above add replaced directories.
  for (Directory* directory : pending_.take_replaced()) versions_.retire(*directory);
}

// Events for names that were never looked up end here. So the many object files that a build writes cost
// little.
void ChangeApplier::collect(const WatchEvent& event, std::vector<Check>& checks) {
  for (const WatchTable::Target& target : watches_.targets_of(event.watch)) {
    if (target.file != nullptr) {
      checks.push_back({target.file, event.content || event.gone});
    } else if (!event.name.empty()) {
      Directory::Names& names = target.directory->names();
      const std::uint64_t hash = XXH3_64bits(event.name.data(), event.name.size());
      const std::lock_guard lock(names.mutex);
      Entry* entry = names.table.find(event.name, hash);
      if (entry == nullptr) continue;
      const bool loaded = entry->internal.content.load() != nullptr;
      checks.push_back({entry, event.content && loaded});
    } else if (target.directory == &versions_.root()) {
      check_root();
    } else {
      checks.push_back({target.directory->names().self, event.gone});
    }
  }
}

void ChangeApplier::check_root() {
  versions_.rewatch_root();
  check_everything();
}

void ChangeApplier::check_everything() {
  std::vector<Directory*> left{&versions_.root()};
  while (!left.empty()) {
    Directory* directory = left.back();
    left.pop_back();
    check_directory(*directory, left);
  }
}

void ChangeApplier::check_directory(Directory& directory, std::vector<Directory*>& below) {
  Directory::Names& names = directory.names();
  std::vector<Entry*> entries;
  bool other_directory = false;
  {
    const std::lock_guard lock(names.mutex);
    if (names.dead) return;
    if (names.watch >= 0) other_directory = watches_.current(directory.path(), false) != names.watch;
    names.table.for_each([&](Entry& entry) { entries.push_back(&entry); });
  }
  if (other_directory && names.self != nullptr) {
    versions_.revalidate(*names.self, true);
    return;
  }
  for (Entry* entry : entries) {
    if (!versions_.revalidate(*entry, contents_.needs_reading(*entry)) && entry->directory != nullptr)
      below.push_back(entry->directory);
  }
}

}  // namespace pump::include_server
