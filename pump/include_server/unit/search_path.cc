#include "pump/include_server/unit/search_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

// An empty name is no directory: stat("") fails.
std::vector<Located> locate(FileTree& tree, Directory* cwd, std::vector<SearchCandidate> candidates,
                            Trace& trace) {
  std::vector<Located> located;
  located.reserve(candidates.size());
  for (SearchCandidate& candidate : candidates) {
    Trace way;
    const Entry* entry = tree.walk(cwd, candidate.spelled, way);
    trace.consulted.insert(trace.consulted.end(), way.consulted.begin(), way.consulted.end());
    located.push_back({std::move(candidate), entry, std::move(way.links), std::move(way.traversed)});
  }
  return located;
}

// The user's words again, for the compiler to list: values stay as they are written.
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

// The chains as the compiler lists them; which options they come from is not told, so any of them may be at
// fault for an absolute directory.
Expected<SearchChains> listed_chains(const UnitOptions& options, const CompilerProfile& profile,
                                     Compilers& compilers, Directory* cwd) {
  PUMP_TRY(const SearchListing listing, compilers.list(profile, option_words(options.search), cwd->path()));
  if (listing.frameworks) return fail("framework directories", ENOTSUP);
  SearchChains chains;
  const auto candidates = [&](const std::vector<std::string>& names) {
    std::vector<SearchCandidate> list;
    for (const std::string& name : names) {
      const auto among = [&name](const std::vector<std::string>& some) {
        return std::find(some.begin(), some.end(), name) != some.end();
      };
      SearchCandidate candidate;
      candidate.spelled = name;
      candidate.by_user = !among(profile.searched_directories);
      candidate.sent = !among(profile.system_directories);
      // -I=dir and the like are taken for system directories here, too: a shorter name, seldom.
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
  chains.quote = candidates(listing.quote);
  chains.system = candidates(listing.bracket);
  chains.after = candidates(listing.dropped);  // only looked up, see below
  chains.needs_listing = true;
  return chains;
}

// clang (14, at least) reports a directory under the first name it met it by, even where another option's
// entry stays; looking for "a/missing", it meets "a".
class FirstNames {
 public:
  FirstNames(FileTree& tree, Directory* cwd, const std::vector<compilation::Argument>& search, Trace& trace)
      : tree_(tree), cwd_(cwd), search_(search), trace_(trace) {}

  /// True where some directory has two names.
  bool differ(const std::vector<const std::vector<Located>*>& chains) {
    // As clang comes to the options, whatever list they add to; the defaults come last.
    std::vector<const Located*> in_order;
    for (const auto* chain : chains)
      for (const Located& one : *chain) in_order.push_back(&one);
    const auto place = [this](const Located* one) {
      const auto& arguments = one->candidate.arguments;
      return arguments.empty() ? std::pair(kClangPasses, std::size_t{0})
                               : std::pair(clang_pass(search_[arguments.back()].option), arguments.back());
    };
    std::stable_sort(in_order.begin(), in_order.end(),
                     [&](const Located* a, const Located* b) { return place(a) < place(b); });
    bool found = false;
    for (const Located* one : in_order) found |= meets(*one);
    return found;
  }
  void move_to(SearchPath& path) {
    path.first_names = std::move(names_);
    path.named = std::move(named_);
  }

 private:
  bool meets(const Located& one) {
    const std::string parent(one.candidate.by_user ? os::dirname(one.candidate.spelled) : "");
    const Directory* above = parent.empty() ? nullptr : tree_.directory(cwd_, parent, trace_);
    if (one.entry->kind == EntryKind::Directory) {
      if (above != nullptr) named_.push_back({one.entry->directory, one.candidate.spelled, above, one.links});
      return meets_again({one.entry->directory, one.candidate.spelled});
    }
    return above != nullptr && meets_again({above, parent});
  }
  bool meets_again(SearchPath::FirstName name) {
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

// A directory named twice is searched once, by rules that depend on where each name stands. On the server
// they must be one directory, too: the links on the way to both.
void keep_duplicates(const std::vector<const std::vector<Located>*>& chains, SearchPath& path) {
  std::vector<const Located*> all;
  for (const auto* chain : chains)
    for (const Located& one : *chain)
      if (one.entry->kind == EntryKind::Directory) all.push_back(&one);
  for (const Located* one : all) {
    const bool twice = std::any_of(all.begin(), all.end(), [&](const Located* other) {
      return other->entry->directory == one->entry->directory &&
             other->candidate.spelled != one->candidate.spelled;
    });
    if (!twice || !one->candidate.by_user) continue;
    path.links.insert(path.links.end(), one->links.begin(), one->links.end());
    path.traversed.insert(path.traversed.end(), one->traversed.begin(), one->traversed.end());
  }
}

// True where what is missing is not just missing: a component of its path is a file.
bool is_no_directory(FileTree& tree, Directory* cwd, const Located& one, Trace& trace) {
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

void remember_named(FileTree& tree, Directory* cwd, const std::vector<Located>& chain, BuiltSearchPath& built,
                    Trace& trace) {
  for (const Located& one : chain) {
    if (!one.candidate.by_user) continue;
    if (one.entry->kind == EntryKind::Directory)
      built.named.push_back(
          {one.candidate.spelled, one.entry->directory, one.candidate.arguments, one.links, one.traversed});
    else
      built.missing.push_back({one.candidate.spelled,
                               nullptr,
                               one.candidate.arguments,
                               {},
                               {},
                               is_no_directory(tree, cwd, one, trace)});
  }
}

// One that goes up beyond "/" is another directory below the job's root, be it missing here. Adds "/" to the
// path's `traversed`, which plan_reply() refuses.
void keep_root(const std::vector<const std::vector<Located>*>& chains, SearchPath& path) {
  for (const auto* chain : chains)
    for (const Located& one : *chain)
      for (const Directory* passed : one.traversed)
        if (one.candidate.by_user && passed->self() == nullptr) path.traversed.push_back(passed);
}

// The four lists, looked up.
struct LocatedChains {
  LocatedChains(FileTree& tree, Directory* cwd, SearchChains chains, Trace& trace)
      : quote(locate(tree, cwd, std::move(chains.quote), trace)),
        angled(locate(tree, cwd, std::move(chains.angled), trace)),
        system(locate(tree, cwd, std::move(chains.system), trace)),
        after(locate(tree, cwd, std::move(chains.after), trace)) {}
  [[nodiscard]] std::vector<const std::vector<Located>*> all() const {
    return {&quote, &angled, &system, &after};
  }
  std::vector<Located> quote, angled, system, after;
};

}  // namespace

const SearchPath::FirstName* SearchPath::first_name_of(const Directory* directory) const {
  const auto found = std::find_if(first_names.begin(), first_names.end(),
                                  [directory](const FirstName& one) { return one.directory == directory; });
  return found == first_names.end() ? nullptr : &*found;
}

Expected<BuiltSearchPath> build_search_path(FileTree& tree, Directory* cwd, const UnitOptions& options,
                                            const CompilerProfile& profile, Compilers& compilers) {
  SearchChains chains = arrange_search(options, profile);
  if (chains.split && profile.clang) return fail("clang knows no -I-", EINVAL);
  const bool split = chains.split;
  bool listed = chains.needs_listing;
  Trace trace;
  LocatedChains located(tree, cwd, std::move(chains), trace);
  FirstNames names(tree, cwd, options.search, trace);
  if (profile.clang && names.differ(located.all())) listed = true;
  SearchPath duplicates;
  // As the options name them: the compiler's list has one name only for each.
  keep_duplicates(located.all(), duplicates);
  if (listed) {
    PUMP_TRY(chains, listed_chains(options, profile, compilers, cwd));
    located = LocatedChains(tree, cwd, std::move(chains), trace);
  }
  BuiltSearchPath built;
  for (const auto* chain : located.all()) remember_named(tree, cwd, *chain, built, trace);
  if (listed) keep_duplicates(located.all(), duplicates);
  keep_root(located.all(), duplicates);
  // What the compiler listed is complete; what it dropped was only looked up, so as to depend on it.
  if (!listed) std::move(located.after.begin(), located.after.end(), std::back_inserter(located.system));
  const auto link = profile.clang ? link_clang_chains : link_gcc_chains;
  SearchPath path =
      listed ? link_listed_chains(located.quote, located.system)
             : link(std::move(located.quote), std::move(located.angled), std::move(located.system));
  path.split = split;
  path.links = std::move(duplicates.links);
  path.traversed = std::move(duplicates.traversed);
  path.shortens_system_paths = !profile.clang && options.canonical_system_headers;
  names.move_to(path);
  path.consulted = std::move(trace.consulted);
  built.path = std::make_shared<const SearchPath>(std::move(path));
  return built;
}

}  // namespace pump::include_server
