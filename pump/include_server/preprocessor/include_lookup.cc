#include "pump/include_server/preprocessor/include_lookup.h"

#include <algorithm>
#include <climits>

#include "pump/compilation/relative_root.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

/// Results kept by one IncludeLookup. If there are more, the spaces used longest ago are dropped.
constexpr std::size_t kMostResolutions = 60'000;

std::string joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

/// The directory part. That of "a//b" is "a//" to gcc and "a" to clang.
Symbol dirname_symbol(std::string_view path, bool clang) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return known::kEmpty;
  if (clang) {
    while (slash > 1 && path[slash - 1] == '/') --slash;
  } else if (slash > 0 && path[slash - 1] == '/') {
    ++slash;
  }
  return intern(path.substr(0, slash == 0 ? 1 : slash));
}

const Entry* first_unreadable(const std::vector<const Entry*>& consulted) {
  const auto found = std::find_if(consulted.begin(), consulted.end(),
                                  [](const Entry* entry) { return entry->status.error != 0; });
  return found == consulted.end() ? nullptr : *found;
}

}  // namespace

void IncludeLookup::begin_unit(const Unit& unit) {
  ++epoch_;
  if (!tree_.all_unchanged_since(generation_)) quiet_since_ = epoch_;
  generation_ = tree_.generation();
  search_ = unit.search.get();
  cwd_ = unit.cwd_directory;
  clang_ = unit.profile->clang;
  first_names_count_ = unit.profile->dialect.directories == DirectoryNaming::First;
  if (resolutions_ > kMostResolutions) {
    std::sort(spaces_.begin(), spaces_.end(), [](const auto& a, const auto& b) { return a->used > b->used; });
    while (!spaces_.empty() && resolutions_ > kMostResolutions / 2) {
      resolutions_ -= spaces_.back()->resolutions.size();
      spaces_.pop_back();
    }
  }
  const auto wanted = std::find_if(spaces_.begin(), spaces_.end(), [&](const auto& space) {
    return space->search_id == search_->id && space->cwd == cwd_ && space->clang == clang_ &&
           space->first_names_count == first_names_count_;
  });
  if (wanted == spaces_.end()) {
    spaces_.push_back(std::make_unique<Space>());
    spaces_.back()->number = ++spaces_made_;
    spaces_.back()->search_id = search_->id;
    spaces_.back()->cwd = cwd_;
    spaces_.back()->clang = clang_;
    spaces_.back()->first_names_count = first_names_count_;
    space_ = spaces_.back().get();
  } else {
    space_ = wanted->get();
  }
  space_->used = epoch_;
}

Resolution& IncludeLookup::path(std::string_view spelled) {
  return get({kBeginPath, 0, intern(spelled)});
}

Resolution& IncludeLookup::include(Symbol directory, Symbol name, bool angled, bool system) {
  const std::string_view text = spelling(name);
  if (!text.empty() && text.front() == '/') return get({kBeginPath, 0, name});
  if (angled || search_->split) return chain(angled ? search_->bracket_start : 0, name);
  return get({system && search_->shortens_system_paths ? kBeginBesideSystem : kBeginBeside, directory, name});
}

Resolution& IncludeLookup::chain(std::size_t start, Symbol name) {
  return get({static_cast<std::uint32_t>(start), 0, name});
}

Resolution& IncludeLookup::get(const LookupKey& key) {
  Resolution*& slot = space_->known[key];
  if (slot == nullptr) {
    space_->resolutions.emplace_back();
    ++resolutions_;
    slot = &space_->resolutions.back();
    resolve(key, *slot);
  }
  return in_force(*slot);
}

void IncludeLookup::check(Resolution& resolution) {
  bool same = true;
  for (std::size_t i = 0; i < resolution.paths.size(); ++i) {
    DirectoryPath* const path = resolution.paths[i];
    if (path == nullptr) continue;
    if (path->validated != epoch_) check(*path);
    same = same && path->version == resolution.path_versions[i];
  }
  if (same && tree_.unchanged_since(*resolution.consulted, resolution.generation)) {
    resolution.validated = epoch_;
    resolution.generation = generation_;
  } else {
    resolve(LookupKey(resolution.key), resolution);
  }
}

void IncludeLookup::check(DirectoryPath& path) {
  if (!tree_.unchanged_since(*path.consulted, path.generation)) look_up(path);
  path.validated = epoch_;
  path.generation = generation_;
}

DirectoryPath& IncludeLookup::directory_path(Symbol spelled) {
  DirectoryPath*& path = space_->path_of[spelled];
  if (path == nullptr) {
    path = &space_->paths.emplace_back();
    path->spelled = spelled;
    look_up(*path);
  }
  if (path->validated != epoch_) check(*path);
  return *path;
}

void IncludeLookup::look_up(DirectoryPath& path) {
  path.trace.clear();
  path.recorded = 0;
  ++path.version;
  path.generation = generation_;
  // With "." at the end, the trace contains the last component like the directories before it.
  path.directory = tree_.directory(cwd_, joined(spelling(path.spelled), "."), path.trace);
  path.unreadable = first_unreadable(path.trace.consulted);
  path.consulted = tree_.keep(std::exchange(path.trace.consulted, {}));
}

void IncludeLookup::depend_on(DirectoryPath& path, Resolution& result, Trace& trace) {
  if (path.unreadable != nullptr) result.unreadable = path.unreadable;
  for (std::size_t i = 0; i < result.paths.size(); ++i) {
    if (result.paths[i] != nullptr && result.paths[i] != &path) continue;
    result.paths[i] = &path;
    result.path_versions[i] = path.version;
    return;
  }
  // A third directory: the chain found the name twice, but not by the path as it is spelled.
  trace.consulted.insert(trace.consulted.end(), path.consulted->begin(), path.consulted->end());
}

void IncludeLookup::resolve(const LookupKey& key, Resolution& result) {
  result = Resolution{};
  result.validated = epoch_;
  result.generation = generation_;
  result.key = key;
  const std::string_view name = spelling(key.name);
  Trace trace;
  if (name.empty()) {
    // Nothing has an empty name.
  } else if (key.start == kBeginPath) {
    try_path({}, name, Resolution::kNoChain, false, result, trace);
  } else if (key.start == kBeginBeside || key.start == kBeginBesideSystem) {
    const bool system = key.start == kBeginBesideSystem;
    if (!try_path(spelling(key.directory), name, Resolution::kBeside, system, result, trace))
      try_chain(0, name, result, trace);
  } else {
    try_chain(key.start, name, result, trace);
  }
  if (!name.empty() && !result.found && !clang_) {
    result.only_precompiled = !find_precompiled(key, search_->directories.size(), trace).empty();
    trace.links.clear();
    trace.traversed.clear();
  }
  // On the server, a name that goes up beyond "/" leads out of the job's root, whether it is found here or
  // not.
  trace.traversed.insert(trace.traversed.end(), beyond_root_.begin(), beyond_root_.end());
  beyond_root_.clear();
  result.traversal = traversal_of(trace);
  if (result.unreadable == nullptr) result.unreadable = first_unreadable(trace.consulted);
  result.consulted = tree_.keep(std::move(trace.consulted));
}

void IncludeLookup::note_root(const std::vector<const Directory*>& traversed) {
  for (const Directory* directory : traversed)
    if (directory->self() == nullptr) beyond_root_.push_back(directory);
}

bool IncludeLookup::try_path(std::string_view directory, std::string_view name, int found_at, bool system,
                             Resolution& result, Trace& trace) {
  std::string spelled = joined(directory, name);
  Trace& rest = scratch_;  // the trace of the part after `directory`
  rest.clear();
  DirectoryPath* through = nullptr;
  const Entry* entry = nullptr;
  if (!directory.empty() && spelled.size() < PATH_MAX) {
    through = &directory_path(intern(directory));
    depend_on(*through, result, trace);
    note_root(through->trace.traversed);
    if (through->directory == nullptr) return false;
    entry = tree_.walk(through->directory, name, rest);
  }
  if (through == nullptr || through->trace.links.size() + rest.links.size() > FileTree::kMostLinks) {
    through = nullptr;
    rest.clear();
    entry = tree_.walk(cwd_, spelled, rest);
  }
  trace.consulted.insert(trace.consulted.end(), rest.consulted.begin(), rest.consulted.end());
  note_root(rest.traversed);
  if (entry->kind != EntryKind::File && entry->kind != EntryKind::Other) return false;
  // The server needs the links and directories on the path only if something is found at its end.
  if (through != nullptr) {
    trace.links = through->trace.links;
    trace.traversed = through->trace.traversed;
  }
  trace.links.insert(trace.links.end(), rest.links.begin(), rest.links.end());
  trace.traversed.insert(trace.traversed.end(), rest.traversed.begin(), rest.traversed.end());
  if (system && search_->shortens_system_paths) {
    std::string real = entry->path();
    if (real.size() < compilation::absolute_size(spelled, cwd_->path())) {
      if (!spelled.starts_with('/')) result.unshortened = spelling(intern(spelled));
      spelled = std::move(real);
    }
  }
  result.found = true;
  result.found_at = found_at;
  result.system_headers = system;
  result.spelled = intern(spelled);
  result.text = spelling(result.spelled);
  result.directory = dirname_symbol(spelled, clang_);
  if (clang_) {
    if (result.directory == known::kEmpty) result.directory = intern(".");
    result.parent = entry->parent;
    if (!rest.links.empty()) {
      rest.clear();
      if (const Directory* named = tree_.directory(cwd_, spelling(result.directory), rest))
        result.parent = named;
      trace.consulted.insert(trace.consulted.end(), rest.consulted.begin(), rest.consulted.end());
    }
    const SearchPath::FirstName* const first =
        first_names_count_ ? search_->first_name_of(result.parent) : nullptr;
    if (first != nullptr) result.directory = intern(first->name);
  }
  if (entry->kind == EntryKind::File) result.file = &files_.file_of(*entry);
  return true;
}

void IncludeLookup::try_chain(std::size_t start, std::string_view name, Resolution& result, Trace& trace) {
  for (std::size_t i = start; i < search_->directories.size(); ++i) {
    const SearchDirectory& directory = search_->directories[i];
    if (directory.directory == nullptr) continue;
    // Relative to the real directory first: most names are not found, and that costs less this way.
    Trace& probe = scratch_;
    probe.clear();
    const Entry* entry = tree_.walk(directory.directory, name, probe);
    trace.consulted.insert(trace.consulted.end(), probe.consulted.begin(), probe.consulted.end());
    note_root(probe.traversed);
    if (entry->kind != EntryKind::File && entry->kind != EntryKind::Other) continue;
    if (try_path(directory.spelled, name, static_cast<int>(i), directory.system_headers, result, trace))
      return;
  }
}

std::string IncludeLookup::find_precompiled(const LookupKey& key, std::size_t end, Trace& trace) {
  const std::string name = std::string(spelling(key.name)) + ".gch";
  const auto exists = [](const Entry* entry) { return entry->kind != EntryKind::Missing; };
  std::size_t start = key.start;
  if (key.start >= kBeginBesideSystem) {
    std::string beside = key.start == kBeginPath ? name : joined(spelling(key.directory), name);
    if (exists(tree_.walk(cwd_, beside, trace))) return beside;
    start = key.start == kBeginPath ? end : 0;
  }
  for (std::size_t i = start; i < end; ++i) {
    const SearchDirectory& directory = search_->directories[i];
    if (directory.directory != nullptr && exists(tree_.walk(directory.directory, name, trace)))
      return joined(directory.spelled, name);
  }
  return {};
}

std::string IncludeLookup::precompiled(const Resolution& resolution, Closure& closure) {
  std::size_t end = 0;
  if (!resolution.found) end = search_->directories.size();
  if (resolution.found_at >= 0) end = static_cast<std::size_t>(resolution.found_at) + 1;
  Trace trace;
  std::string name = find_precompiled(resolution.key, end, trace);
  closure.consulted.push_back(tree_.keep(std::move(trace.consulted)));
  return name;
}

/// nullptr if there is nothing in the trace.
Traversal* IncludeLookup::traversal_of(const Trace& trace) {
  if (trace.links.empty() && trace.traversed.empty()) return nullptr;
  std::vector<std::uint32_t>& ids = scratch_ids_;
  ids.clear();
  for (const Entry* link : trace.links) ids.push_back(id_of(&link->link_target));
  for (const Directory* directory : trace.traversed) ids.push_back(id_of(directory));
  const auto known = traversals_.find(ids);
  if (known != traversals_.end()) return &known->second;
  return &traversals_.emplace(ids, Traversal{trace.links, trace.traversed, ids}).first->second;
}

void IncludeLookup::put_into(Closure& closure, Resolution& resolution) {
  resolution.recorded = epoch_;
  for (DirectoryPath* path : resolution.paths)
    if (path != nullptr && std::exchange(path->recorded, epoch_) != epoch_)
      closure.consulted.push_back(path->consulted);
  closure.consulted.push_back(resolution.consulted);
  if (!resolution.unshortened.empty()) closure.shortened.push_back({resolution.unshortened, resolution.text});
  Traversal* const traversal = resolution.traversal;
  if (traversal != nullptr && std::exchange(traversal->recorded, epoch_) != epoch_)
    put_traversal(closure, *traversal);
}

void IncludeLookup::put_traversal(Closure& closure, const Traversal& traversal) {
  const std::uint32_t* id = traversal.ids.data();
  for (const Entry* link : traversal.links)
    if (first_use(*id++)) closure.links.push_back(link);
  for (const Directory* directory : traversal.directories)
    if (first_use(*id++)) closure.traversed.push_back(directory);
}

std::uint32_t IncludeLookup::id_of(const void* thing) {
  const auto [position, inserted] = id_of_.emplace(thing, static_cast<std::uint32_t>(stamps_.size()));
  if (inserted) stamps_.push_back(0);
  return position->second;
}

}  // namespace pump::include_server
