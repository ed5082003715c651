#include "pump/include_server/travel_padding.h"

#include <tsl/robin_map.h>

namespace pump::include_server {
namespace {

struct HashOfContent {
  std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
};

struct Group {
  unsigned members = 0;
  bool once = false;
};

}  // namespace

void pad_equal_files(std::vector<ReplyEntry>& entries, bool imports) {
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
