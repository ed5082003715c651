#include "pump/include_server/send_plan/same_file.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <bit>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

struct HashOfContent {
  std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
};

/// True if two files have equal content. A hash set of pointers on the side, because this is nearly always
/// false.
bool any_equal(const std::vector<SendPlanEntry>& entries) {
  const std::size_t size = std::bit_ceil(2 * entries.size() + 1);
  std::vector<const ContentHash*> seen(size);
  for (const SendPlanEntry& entry : entries) {
    if (entry.kind != SendPlanEntry::Kind::File) continue;
    const ContentHash& hash = entry.file->hash;
    if (hash == ContentHash{}) continue;  // not read by the compiler, so not compared
    std::size_t place = static_cast<std::size_t>(hash.low) & (size - 1);
    for (; seen[place] != nullptr; place = (place + 1) & (size - 1))
      if (*seen[place] == hash) return true;
    seen[place] = &hash;
  }
  return false;
}

std::int64_t mtime_seconds(const SendPlanEntry& entry) {
  return entry.file->entry->status.mtime_ns / 1'000'000'000;
}

/// True if the copy contains a name that is right for this path only: a #line with its absolute name, or
/// includes relative to its directory.
bool depends_on_path(const SendPlanEntry& entry) {
  return entry.file->absolute || !entry.edits.replacements.empty();
}

tl::unexpected<Refusal> refuse_same(const Entry& file, const Entry& other, std::string_view why) {
  return refuse(GiveUp::NotSendable,
                os::format("the compiler takes {} for {}, one of them {}", file.path(), other.path(), why));
}

tl::unexpected<Refusal> refuse_absolute(const SendPlanEntry& entry, const SendPlanEntry& other) {
  return refuse_same(*entry.file->entry, *other.file->entry, "named absolutely");
}

void make_link(SendPlanEntry& entry, const SendPlanEntry& file) {
  entry.path = entry.file->entry->path();
  entry.target = file.file->entry->path();
  entry.kind = SendPlanEntry::Kind::Link;
  entry.file = nullptr;
  entry.edits = {};
}

SendPlanEntry* find_file(std::vector<SendPlanEntry>& entries, const Entry* file) {
  const auto found = std::find_if(entries.begin(), entries.end(), [file](const SendPlanEntry& entry) {
    return entry.kind == SendPlanEntry::Kind::File && entry.file->entry == file;
  });
  return found == entries.end() ? nullptr : &*found;
}

/// `equal`: files of equal content, at least one of which is to be read once. gcc takes those of one second
/// for the same file.
OrRefusal<void> keep_equal_files(std::vector<SendPlanEntry*>& equal) {
  // A file that is entered stays a file: its text must have the path under which it is entered.
  std::stable_partition(equal.begin(), equal.end(),
                        [](const SendPlanEntry* entry) { return entry->file->entered; });
  std::vector<SendPlanEntry*> different;
  for (SendPlanEntry* entry : equal) {
    const auto same = std::find_if(different.begin(), different.end(), [entry](const SendPlanEntry* other) {
      return mtime_seconds(*other) == mtime_seconds(*entry);
    });
    if (same == different.end()) {
      entry->edits.padding = static_cast<unsigned>(different.size());
      different.push_back(entry);
      continue;
    }
    if (entry->file->entered && (depends_on_path(*entry) || depends_on_path(**same)))
      return refuse_absolute(*entry, **same);
    make_link(*entry, **same);
  }
  return {};
}

OrRefusal<void> keep_for_gcc(std::vector<SendPlanEntry>& entries, bool has_import) {
  if (!any_equal(entries)) return {};
  tsl::robin_map<ContentHash, std::vector<SendPlanEntry*>, HashOfContent> groups;
  for (SendPlanEntry& entry : entries)
    if (entry.kind == SendPlanEntry::Kind::File && entry.file->hash != ContentHash{})
      groups[entry.file->hash].push_back(&entry);
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    std::vector<SendPlanEntry*>& equal = group.value();
    const bool once = has_import || std::any_of(equal.begin(), equal.end(), [](const SendPlanEntry* entry) {
                        return entry->file->pragma_once;
                      });
    if (!once || equal.size() < 2) continue;
    PUMP_CHECK(keep_equal_files(equal));
  }
  return {};
}

}  // namespace

OrRefusal<void> keep_same_files(std::vector<SendPlanEntry>& entries,
                                const std::vector<const ClosureFile*>& taken, const SameFileRules& rules) {
  for (const ClosureFile* file : taken) {
    SendPlanEntry* const entry = find_file(entries, file->entry);
    const SendPlanEntry* const first = find_file(entries, file->taken_for);
    if (entry == nullptr && first == nullptr) continue;  // the server has both
    if (entry == nullptr || first == nullptr)
      return refuse_same(*file->entry, *file->taken_for, "in a default include directory");
    if (!rules.clang) continue;
    if (depends_on_path(*entry) || depends_on_path(*first)) return refuse_absolute(*entry, *first);
    make_link(*entry, *first);
  }
  if (rules.clang) return {};
  return keep_for_gcc(entries, rules.has_import);
}

}  // namespace pump::include_server
