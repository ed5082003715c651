#include "pump/include_server/send_plan/same_file.h"

#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <algorithm>
#include <bit>

namespace pump::include_server {
namespace {

struct HashOfContent {
  std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
};

/// Nearly always none.
bool any_equal(const std::vector<ReplyEntry>& entries) {
  const std::size_t size = std::bit_ceil(2 * entries.size() + 1);
  std::vector<const ContentHash*> seen(size);
  for (const ReplyEntry& entry : entries) {
    if (entry.kind != ReplyEntry::Kind::File) continue;
    const ContentHash& hash = entry.file->hash;
    if (hash == ContentHash{}) continue;  // not read, so not compared either
    std::size_t place = static_cast<std::size_t>(hash.low) & (size - 1);
    for (; seen[place] != nullptr; place = (place + 1) & (size - 1))
      if (*seen[place] == hash) return true;
    seen[place] = &hash;
  }
  return false;
}

std::int64_t second_of(const ReplyEntry& entry) {
  return entry.file->entry->status.mtime_ns / 1'000'000'000;
}

/// The one copy can report one absolute name, and its relative names lead on from one directory.
bool tells_names(const ReplyEntry& entry) {
  return entry.file->absolute || !entry.replacements.empty();
}

std::string both_read(const ReplyEntry& entry, const ReplyEntry& other) {
  return fmt::format("the compiler takes {} for {}, one of them named absolutely", entry.file->entry->path(),
                     other.file->entry->path());
}

void make_link(ReplyEntry& entry, const ReplyEntry& file) {
  entry.path = entry.file->entry->path();
  entry.target = file.file->entry->path();
  entry.kind = ReplyEntry::Kind::Link;
  entry.file = nullptr;
  entry.replacements.clear();
  entry.prologue = {};
}

ReplyEntry* entry_of(std::vector<ReplyEntry>& entries, const Entry* file) {
  const auto found = std::find_if(entries.begin(), entries.end(), [file](const ReplyEntry& entry) {
    return entry.kind == ReplyEntry::Kind::File && entry.file->entry == file;
  });
  return found == entries.end() ? nullptr : &*found;
}

/// Files of equal content, one of them to be read once.
std::string keep_apart_or_together(std::vector<ReplyEntry*>& equal) {
  // The name of one that is read stays with its text.
  std::stable_partition(equal.begin(), equal.end(),
                        [](const ReplyEntry* entry) { return entry->file->entered; });
  std::vector<ReplyEntry*> different;
  for (ReplyEntry* entry : equal) {
    const auto same = std::find_if(different.begin(), different.end(), [entry](const ReplyEntry* other) {
      return second_of(*other) == second_of(*entry);
    });
    if (same == different.end()) {
      entry->padding = static_cast<unsigned>(different.size());
      different.push_back(entry);
      continue;
    }
    if (entry->file->entered && (tells_names(*entry) || tells_names(**same)))
      return both_read(*entry, **same);
    make_link(*entry, **same);
  }
  return {};
}

std::string for_gcc(std::vector<ReplyEntry>& entries, bool imports) {
  if (!any_equal(entries)) return {};
  tsl::robin_map<ContentHash, std::vector<ReplyEntry*>, HashOfContent> groups;
  for (ReplyEntry& entry : entries)
    if (entry.kind == ReplyEntry::Kind::File && entry.file->hash != ContentHash{})
      groups[entry.file->hash].push_back(&entry);
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    std::vector<ReplyEntry*>& equal = group.value();
    const bool once = imports || std::any_of(equal.begin(), equal.end(), [](const ReplyEntry* entry) {
                        return entry->file->pragma_once;
                      });
    if (!once || equal.size() < 2) continue;
    if (std::string reason = keep_apart_or_together(equal); !reason.empty()) return reason;
  }
  return {};
}

}  // namespace

std::string keep_identities(std::vector<ReplyEntry>& entries, const std::vector<const ClosureFile*>& taken,
                            const IdentityRules& rules) {
  for (const ClosureFile* file : taken) {
    ReplyEntry* const entry = entry_of(entries, file->entry);
    const ReplyEntry* const first = entry_of(entries, file->taken_for);
    if (entry == nullptr && first == nullptr) continue;  // both are the server's own
    if (entry == nullptr || first == nullptr)
      return fmt::format("the compiler takes {} for {}, one of them in a default include directory",
                         file->entry->path(), file->taken_for->path());
    if (!rules.clang) continue;
    if (tells_names(*entry) || tells_names(*first)) return both_read(*entry, *first);
    make_link(*entry, *first);
  }
  return rules.clang ? std::string() : for_gcc(entries, rules.imports);
}

}  // namespace pump::include_server
