// Which directories of the four lists stay. Both compilers compare directories by device and inode.
//
// gcc: a duplicate within one list goes, the first stays; a quote or -I directory that is also in the system
// list goes, so that -I/usr/include changes nothing; the last of a list also goes if it equals the first of
// the next. clang: the quote list is cleaned by itself; in -I + system, the first stays unless it is a user's
// and the later one is a system directory: then the user's goes.
#include <algorithm>

#include "pump/include_server/unit/search_path.h"

namespace pump::include_server {
namespace {

bool same(const Located& a, const Located& b) {
  if (a.entry->directory == b.entry->directory) return true;
  const FileStatus& x = a.entry->status;
  const FileStatus& y = b.entry->status;
  return x.inode != 0 && x.inode == y.inode && x.device == y.device;
}

bool contains(const std::vector<Located>& chain, std::size_t end, const Located& one) {
  for (std::size_t i = 0; i < end; ++i)
    if (same(chain[i], one)) return true;
  return false;
}

bool exists(const Located& one) {
  return one.entry->kind == EntryKind::Directory;
}

// gcc's remove_duplicates: `system` are directories that win over this chain, `next` is the chain it is put
// in front of. Missing directories go last, for "the last of the list" means the last that was given.
std::vector<Located> clean_gcc(const std::vector<Located>& chain, const std::vector<Located>& system,
                               const std::vector<Located>& next) {
  std::vector<Located> kept;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Located& one = chain[i];
    if (!exists(one)) continue;
    if (contains(system, system.size(), one) || contains(kept, kept.size(), one)) continue;
    if (i + 1 == chain.size() && !next.empty() && same(one, next.front())) continue;
    kept.push_back(one);
  }
  return kept;
}

void append(SearchPath& path, const std::vector<Located>& chain) {
  for (const Located& one : chain) {
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

// clang's RemoveDuplicates; what stands at `system_start` or later is a system directory.
void clean_clang(std::vector<Located>& list, std::size_t system_start) {
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

SearchPath link_gcc_chains(std::vector<Located> quote, std::vector<Located> angled,
                           std::vector<Located> system) {
  const std::vector<Located> clean_system = clean_gcc(system, {}, {});
  const std::vector<Located> clean_angled = clean_gcc(angled, clean_system, clean_system);
  std::vector<Located> bracket = clean_angled;
  bracket.insert(bracket.end(), clean_system.begin(), clean_system.end());
  const std::vector<Located> clean_quote = clean_gcc(quote, clean_system, bracket);
  SearchPath path;
  append(path, clean_quote);
  path.bracket_start = path.directories.size();
  append(path, bracket);
  return path;
}

SearchPath link_clang_chains(std::vector<Located> quote, std::vector<Located> angled,
                             std::vector<Located> system) {
  for (auto* chain : {&quote, &angled, &system})
    std::erase_if(*chain, [](const Located& one) { return !exists(one); });
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

SearchPath link_listed_chains(const std::vector<Located>& quote, const std::vector<Located>& bracket) {
  SearchPath path;
  append(path, quote);
  path.bracket_start = path.directories.size();
  append(path, bracket);
  return path;
}

}  // namespace pump::include_server
