#include "pump/include_server/travel_padding.h"

#include <tsl/robin_map.h>

#include <bit>

namespace pump::include_server {
namespace {

struct HashOfContent {
  std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
};

struct Group {
  unsigned members = 0;
  bool once = false;
};

/// Nearly always none.
bool any_equal(const std::vector<ReplyEntry>& entries) {
  const std::size_t size = std::bit_ceil(2 * entries.size() + 1);
  std::vector<const ContentHash*> seen(size);
  for (const ReplyEntry& entry : entries) {
    if (entry.kind != ReplyEntry::Kind::File) continue;
    const ContentHash& hash = entry.file->hash;
    std::size_t place = static_cast<std::size_t>(hash.low) & (size - 1);
    for (; seen[place] != nullptr; place = (place + 1) & (size - 1))
      if (*seen[place] == hash) return true;
    seen[place] = &hash;
  }
  return false;
}

}  // namespace

void pad_equal_files(std::vector<ReplyEntry>& entries, bool imports) {
  if (!any_equal(entries)) return;
  tsl::robin_map<ContentHash, Group, HashOfContent> groups;
  for (const ReplyEntry& entry : entries) {
    if (entry.kind != ReplyEntry::Kind::File) continue;
    Group& group = groups[entry.file->hash];
    ++group.members;
    group.once = group.once || entry.file->pragma_once || imports;
  }
  for (auto group = groups.begin(); group != groups.end(); ++group)
    group.value().members *= group->second.once ? 1 : 0;
  for (ReplyEntry& entry : entries) {
    if (entry.kind != ReplyEntry::Kind::File) continue;
    Group& group = groups[entry.file->hash];
    if (group.members > 1) entry.padding = --group.members;
  }
}

}  // namespace pump::include_server
