#include "pump/include_server/unit/search_path_builder.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "pump/include_server/unit/search_duplicates.h"
#include "pump/include_server/unit/search_options.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

using LocatedList = std::vector<LocatedCandidate>;

LocatedList locate(FileTree& tree, Directory* cwd, std::vector<SearchCandidate> candidates, Trace& trace) {
  LocatedList located;
  located.reserve(candidates.size());
  for (SearchCandidate& candidate : candidates) {
    Trace walked;
    const Entry* entry = tree.walk(cwd, candidate.spelled, walked);
    trace.consulted.insert(trace.consulted.end(), walked.consulted.begin(), walked.consulted.end());
    located.push_back({std::move(candidate), entry, std::move(walked.links), std::move(walked.traversed)});
  }
  return located;
}

// The lists, looked up in the file tree.
struct LocatedLists {
  LocatedLists(FileTree& tree, Directory* cwd, SearchLists lists, Trace& trace)
      : quote(locate(tree, cwd, std::move(lists.quote), trace)),
        angled(locate(tree, cwd, std::move(lists.angled), trace)),
        system(locate(tree, cwd, std::move(lists.system), trace)),
        after(locate(tree, cwd, std::move(lists.after), trace)) {}
  [[nodiscard]] std::vector<const LocatedCandidate*> all() const {
    std::vector<const LocatedCandidate*> result;
    for (const LocatedList* list : {&quote, &angled, &system, &after})
      for (const LocatedCandidate& one : *list) result.push_back(&one);
    return result;
  }
  LocatedList quote, angled, system, after;
};

// The words of the search options as they were written, for the compiler's command line.
std::vector<std::string> option_words(const std::vector<compilation::Argument>& search) {
  std::vector<std::string> words;
  for (const compilation::Argument& argument : search) {
    const auto add = [&](const std::string& word) {
      if (!argument.carrier.empty()) words.push_back(argument.carrier);
      words.push_back(word);
    };
    if (argument.separate) {
      add(argument.spelling);
      add(argument.value);
    } else {
      add(argument.spelling + argument.value);
    }
  }
  return words;
}

// The lists as the compiler prints them: `quote`, `system` for `#include <…>`, and in `after` the directories
// that it dropped. It does not print which options a directory comes from, so all options count as its
// origin.
Expected<SearchLists> printed_lists(const UnitOptions& options, const CompilerProfile& profile,
                                    CompilerCache& compilers, Directory* cwd) {
  PUMP_TRY(const SearchListing listing, compilers.list(profile, option_words(options.search), cwd->path()));
  if (listing.frameworks) return fail("framework directories", ENOTSUP);
  const auto candidates = [&](const std::vector<std::string>& names) {
    std::vector<SearchCandidate> list;
    for (const std::string& name : names) {
      const auto is_in = [&name](const std::vector<std::string>& some) {
        return std::find(some.begin(), some.end(), name) != some.end();
      };
      SearchCandidate candidate;
      candidate.spelled = name;
      candidate.by_user = !is_in(profile.searched_directories);
      candidate.sent = !is_in(profile.system_directories);
      // A directory of -I=dir counts as a system directory here, too. The effect is a shorter name, and rare.
      candidate.system_headers = std::none_of(
          options.search.begin(), options.search.end(), [&name](const compilation::Argument& argument) {
            return argument.option == compilation::Option::IncludeDirectory && argument.value == name;
          });
      if (candidate.by_user)
        for (std::size_t i = 0; i < options.search.size(); ++i) candidate.arguments.push_back(i);
      list.push_back(std::move(candidate));
    }
    return list;
  };
  SearchLists lists;
  lists.quote = candidates(listing.quote);
  lists.system = candidates(listing.bracket);
  lists.after = candidates(listing.dropped);
  return lists;
}

// The names by which clang knows the directories. clang (14, at least) reports a directory by the name under
// which it first opened it, even if it keeps another option's entry; looking for "a/missing" opens "a".
class FirstNames {
 public:
  FirstNames(FileTree& tree, Directory* cwd, const std::vector<compilation::Argument>& search, Trace& trace)
      : tree_(tree), cwd_(cwd), search_(search), trace_(trace) {}

  /// True if some directory has two names. Call once.
  bool collect(std::vector<const LocatedCandidate*> candidates) {
    // In the order in which clang reads the options, whatever list they add to; the defaults come last.
    const auto place = [this](const LocatedCandidate* one) {
      const auto& arguments = one->candidate.arguments;
      return arguments.empty() ? std::pair(kClangPasses, std::size_t{0})
                               : std::pair(clang_pass(search_[arguments.back()].option), arguments.back());
    };
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [&](const LocatedCandidate* a, const LocatedCandidate* b) { return place(a) < place(b); });
    bool differ = false;
    for (const LocatedCandidate* one : candidates) differ |= open(*one);
    return differ;
  }
  void move_to(SearchPath& path) {
    path.first_names = std::move(names_);
    path.named = std::move(named_);
  }

 private:
  bool open(const LocatedCandidate& one) {
    const std::string parent_name(one.candidate.by_user ? os::dirname(one.candidate.spelled) : "");
    const Directory* parent = parent_name.empty() ? nullptr : tree_.directory(cwd_, parent_name, trace_);
    if (one.entry->kind == EntryKind::Directory) {
      if (parent != nullptr)
        named_.push_back({one.entry->directory, one.candidate.spelled, parent, one.links});
      return has_other_name({one.entry->directory, one.candidate.spelled});
    }
    return parent != nullptr && has_other_name({parent, parent_name});
  }
  bool has_other_name(SearchPath::FirstName name) {
    for (const SearchPath::FirstName& known : names_)
      if (known.directory == name.directory) return known.name != name.name;
    names_.push_back(std::move(name));
    return false;
  }

  FileTree& tree_;
  Directory* cwd_;
  const std::vector<compilation::Argument>& search_;
  Trace& trace_;
  std::vector<SearchPath::FirstName> names_;
  std::vector<SearchPath::Named> named_;
};

// A directory that is named twice is searched once, by rules that depend on the position of each name. Both
// names must lead to one directory on the server, too: keeps the links on both paths.
void keep_duplicates(const std::vector<const LocatedCandidate*>& candidates, SearchPath& path) {
  std::vector<const LocatedCandidate*> existing;
  for (const LocatedCandidate* one : candidates)
    if (one->entry->kind == EntryKind::Directory) existing.push_back(one);
  for (const LocatedCandidate* one : existing) {
    const bool named_twice = std::any_of(existing.begin(), existing.end(), [&](const auto* other) {
      return other->entry->directory == one->entry->directory &&
             other->candidate.spelled != one->candidate.spelled;
    });
    if (!named_twice || !one->candidate.by_user) continue;
    path.links.insert(path.links.end(), one->links.begin(), one->links.end());
    path.traversed.insert(path.traversed.end(), one->traversed.begin(), one->traversed.end());
  }
}

// A path that goes up beyond "/" leads to another directory below the job's root, even if it is missing here.
// Keeps "/", which make_send_plan() refuses.
void keep_root(const std::vector<const LocatedCandidate*>& candidates, SearchPath& path) {
  for (const LocatedCandidate* one : candidates)
    for (const Directory* passed : one->traversed)
      if (one->candidate.by_user && passed->self() == nullptr) path.traversed.push_back(passed);
}

// True if the name, or a component of its path, exists but is not a directory.
bool is_no_directory(FileTree& tree, Directory* cwd, const LocatedCandidate& one, Trace& trace) {
  if (one.entry->kind != EntryKind::Missing) return true;
  std::string_view path = one.candidate.spelled;
  if (path.ends_with('/') &&
      tree.walk(cwd, path.substr(0, path.find_last_not_of('/') + 1), trace)->kind != EntryKind::Missing)
    return true;
  while (path.ends_with('/')) path.remove_suffix(1);
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/')) {
    path = path.substr(0, slash);
    const Entry* const above = tree.walk(cwd, path, trace);
    if (above->kind != EntryKind::Missing) return above->kind != EntryKind::Directory;
  }
  return false;
}

std::set<const Directory*> system_directories(const std::vector<const LocatedCandidate*>& candidates) {
  std::set<const Directory*> directories;
  for (const LocatedCandidate* one : candidates)
    if (one->candidate.system_headers && one->entry->kind == EntryKind::Directory)
      directories.insert(one->entry->directory);
  return directories;
}

void list_user_directories(FileTree& tree, Directory* cwd,
                           const std::vector<const LocatedCandidate*>& candidates, BuiltSearchPath& built,
                           Trace& trace) {
  for (const LocatedCandidate* one : candidates) {
    const SearchCandidate& candidate = one->candidate;
    if (!candidate.by_user) continue;
    if (one->entry->kind == EntryKind::Directory) {
      built.existing.push_back(
          {candidate.spelled, one->entry->directory, candidate.arguments, one->links, one->traversed});
    } else {
      // gcc reports a directory that it cannot look at, and ignores a missing one.
      const bool reported = one->entry->status.error != 0 || is_no_directory(tree, cwd, *one, trace);
      built.missing.push_back({candidate.spelled, nullptr, candidate.arguments, {}, {}, reported});
    }
  }
}

}  // namespace

Expected<BuiltSearchPath> build_search_path(const FileTree::Snapshot& /*held*/, FileTree& tree,
                                            Directory* cwd, const UnitOptions& options,
                                            const CompilerProfile& profile, CompilerCache& compilers) {
  SearchLists lists = arrange_search(options, profile);
  if (lists.split && profile.clang) return fail("clang does not support -I-", EINVAL);
  const bool split = lists.split;
  bool printed = lists.needs_listing;
  Trace trace;
  LocatedLists located(tree, cwd, std::move(lists), trace);
  FirstNames names(tree, cwd, options.search, trace);
  if (profile.clang && names.collect(located.all())) printed = true;
  SearchPath kept;  // only `links` and `traversed`
  // Before the compiler prints its lists: they have only one name for each directory.
  keep_duplicates(located.all(), kept);
  if (printed) {
    const std::set<const Directory*> system = system_directories(located.all());
    PUMP_TRY(lists, printed_lists(options, profile, compilers, cwd));
    located = LocatedLists(tree, cwd, std::move(lists), trace);
    // clang prints the name of an -I for a directory of -isystem or a default one, but the headers there stay system headers.
    for (LocatedCandidate& one : located.system)
      if (system.count(one.entry->directory) > 0) one.candidate.system_headers = true;
    keep_duplicates(located.all(), kept);
  }
  BuiltSearchPath built;
  list_user_directories(tree, cwd, located.all(), built, trace);
  keep_root(located.all(), kept);
  SearchPath path;
  if (printed) {
    path = link_printed_lists(located.quote, located.system);
  } else {
    std::move(located.after.begin(), located.after.end(), std::back_inserter(located.system));
    path = profile.clang ? link_clang_lists(std::move(located.quote), std::move(located.angled),
                                            std::move(located.system))
                         : link_gcc_lists(located.quote, located.angled, located.system);
  }
  path.split = split;
  path.links = std::move(kept.links);
  path.traversed = std::move(kept.traversed);
  path.shortens_system_paths = !profile.clang && options.canonical_system_headers;
  names.move_to(path);
  path.consulted = std::move(trace.consulted);
  built.path = std::make_shared<const SearchPath>(std::move(path));
  return built;
}

}  // namespace pump::include_server
