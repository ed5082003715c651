#include "pump/include_server/unit/search_duplicates.h"

#include <algorithm>

namespace pump::include_server {
namespace {

bool same(const LocatedCandidate& a, const LocatedCandidate& b) {
  if (a.entry->directory == b.entry->directory) return true;
  const FileStatus& x = a.entry->status;
  const FileStatus& y = b.entry->status;
  return x.inode != 0 && x.inode == y.inode && x.device == y.device;
}

bool contains(const std::vector<LocatedCandidate>& list, std::size_t end, const LocatedCandidate& one) {
  for (std::size_t i = 0; i < end; ++i)
    if (same(list[i], one)) return true;
  return false;
}

bool exists(const LocatedCandidate& one) {
  return one.entry->kind == EntryKind::Directory;
}

// gcc's remove_duplicates. `list` precedes `next`; its directories that are also in `system` are removed.
// Missing directories still count when the last of the list is compared with the first of `next`.
std::vector<LocatedCandidate> clean_gcc(const std::vector<LocatedCandidate>& list,
                                        const std::vector<LocatedCandidate>& system,
                                        const std::vector<LocatedCandidate>& next) {
  std::vector<LocatedCandidate> kept;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const LocatedCandidate& one = list[i];
    if (!exists(one)) continue;
    if (contains(system, system.size(), one) || contains(kept, kept.size(), one)) continue;
    if (i + 1 == list.size() && !next.empty() && same(one, next.front())) continue;
    kept.push_back(one);
  }
  return kept;
}

void append(SearchPath& path, const std::vector<LocatedCandidate>& list) {
  for (const LocatedCandidate& one : list) {
    if (!exists(one)) continue;
    SearchDirectory directory;
    directory.spelled = one.candidate.spelled;
    directory.links = one.links;
    directory.traversed = one.traversed;
    directory.directory = one.entry->directory;
    directory.system_headers = one.candidate.system_headers;
    directory.system = !one.candidate.sent && one.candidate.spelled.starts_with('/');
    path.directories.push_back(std::move(directory));
  }
}

// clang's RemoveDuplicates. System directories begin at `system_start`.
void clean_clang(std::vector<LocatedCandidate>& list, std::size_t system_start) {
  std::vector<bool> is_system(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) is_system[i] = i >= system_start;
  for (std::size_t i = 0; i < list.size();) {
    std::size_t earlier = 0;
    while (earlier < i && !same(list[earlier], list[i])) ++earlier;
    if (earlier == i) {
      ++i;
      continue;
    }
    const std::size_t gone = is_system[i] && !is_system[earlier] ? earlier : i;
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(gone));
    is_system.erase(is_system.begin() + static_cast<std::ptrdiff_t>(gone));
  }
}

}  // namespace

SearchPath link_gcc_lists(const std::vector<LocatedCandidate>& quote,
                          const std::vector<LocatedCandidate>& angled,
                          const std::vector<LocatedCandidate>& system) {
  const std::vector<LocatedCandidate> clean_system = clean_gcc(system, {}, {});
  const std::vector<LocatedCandidate> clean_angled = clean_gcc(angled, clean_system, clean_system);
  std::vector<LocatedCandidate> bracket = clean_angled;
  bracket.insert(bracket.end(), clean_system.begin(), clean_system.end());
  const std::vector<LocatedCandidate> clean_quote = clean_gcc(quote, clean_system, bracket);
  SearchPath path;
  append(path, clean_quote);
  path.bracket_start = path.directories.size();
  append(path, bracket);
  return path;
}

SearchPath link_clang_lists(std::vector<LocatedCandidate> quote, std::vector<LocatedCandidate> angled,
                            std::vector<LocatedCandidate> system) {
  for (auto* list : {&quote, &angled, &system})
    std::erase_if(*list, [](const LocatedCandidate& one) { return !exists(one); });
  clean_clang(quote, quote.size());
  SearchPath path;
  append(path, quote);
  path.bracket_start = path.directories.size();
  const std::size_t system_start = angled.size();
  angled.insert(angled.end(), system.begin(), system.end());
  clean_clang(angled, system_start);
  append(path, angled);
  return path;
}

SearchPath link_printed_lists(const std::vector<LocatedCandidate>& quote,
                              const std::vector<LocatedCandidate>& bracket) {
  SearchPath path;
  append(path, quote);
  path.bracket_start = path.directories.size();
  append(path, bracket);
  return path;
}

}  // namespace pump::include_server
