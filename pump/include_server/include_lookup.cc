#include "pump/include_server/include_lookup.h"

#include <algorithm>

#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

/// Results kept per worker; beyond, the search paths used longest ago are forgotten.
constexpr std::size_t kMostResolutions = 60'000;

std::string joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

/// Of "a//b": gcc goes on with "a//", clang with "a".
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

}  // namespace

void IncludeLookup::begin_unit(const Unit& unit) {
  ++epoch_;
  generation_ = tree_.generation();
  search_ = unit.search.get();
  cwd_ = unit.cwd_directory;
  clang_ = unit.profile->clang;
  if (resolutions_ > kMostResolutions) {
    std::sort(spaces_.begin(), spaces_.end(), [](const auto& a, const auto& b) { return a->used > b->used; });
    while (!spaces_.empty() && resolutions_ > kMostResolutions / 2) {
      resolutions_ -= spaces_.back()->resolutions.size();
      spaces_.pop_back();
    }
    ++drops_;
  }
  const auto wanted = std::find_if(spaces_.begin(), spaces_.end(), [&](const auto& space) {
    return space->search_id == search_->id && space->cwd == cwd_ && space->clang == clang_;
  });
  if (wanted == spaces_.end()) {
    spaces_.push_back(std::make_unique<Space>());
    spaces_.back()->search_id = search_->id;
    spaces_.back()->cwd = cwd_;
    spaces_.back()->clang = clang_;
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

Resolution& IncludeLookup::get(const Key& key) {
  Resolution*& slot = space_->known[key];
  if (slot == nullptr) {
    space_->resolutions.emplace_back();
    ++resolutions_;
    slot = &space_->resolutions.back();
    resolve(key, *slot);
  } else if (slot->validated != epoch_) {
    check(*slot);
  }
  return *slot;
}

void IncludeLookup::check(Resolution& resolution) {
  if (tree_.unchanged_since(resolution.trace.consulted, resolution.generation)) {
    resolution.validated = epoch_;
    resolution.generation = generation_;
  } else {
    resolve(LookupKey(resolution.key), resolution);
  }
}

void IncludeLookup::resolve(const Key& key, Resolution& result) {
  const std::uint32_t version = result.version + 1;
  result = Resolution{};
  result.validated = epoch_;
  result.generation = generation_;
  result.version = version;
  result.key = key;
  const std::string_view name = spelling(key.name);
  if (name.empty()) return;
  if (key.start == kBeginPath) {
    try_path(std::string(name), Resolution::kNoChain, false, result);
  } else if (key.start == kBeginBeside || key.start == kBeginBesideSystem) {
    const bool system = key.start == kBeginBesideSystem;
    if (!try_path(joined(spelling(key.directory), name), Resolution::kBeside, system, result))
      try_chain(0, name, result);
  } else {
    try_chain(key.start, name, result);
  }
  if (!result.found && !clang_) look_for_precompiled(key.start, key, name, result);
  number(result);
}

bool IncludeLookup::try_path(std::string spelled, int found_at, bool system, Resolution& result) {
  Trace trace;
  const Entry* entry = tree_.walk(cwd_, spelled, trace);
  result.trace.consulted.insert(result.trace.consulted.end(), trace.consulted.begin(), trace.consulted.end());
  if (entry->kind != EntryKind::File && entry->kind != EntryKind::Other) return false;
  // What the kernel walks through matters on the server only where something is found at the end.
  result.trace.links = std::move(trace.links);
  result.trace.traversed = std::move(trace.traversed);
  if (system && search_->shortens_system_paths) {
    std::string real = entry->path();
    if (real.size() < spelled.size()) spelled = std::move(real);
  }
  result.found = true;
  result.found_at = found_at;
  result.system_headers = system;
  result.spelled = intern(spelled);
  result.directory = dirname_symbol(spelled, clang_);
  if (clang_) {
    if (result.directory == known::kEmpty) result.directory = intern(".");
    const auto& names = search_->first_names;
    const auto first = std::find_if(names.begin(), names.end(),
                                    [&](const auto& name) { return name.directory == entry->parent; });
    if (first != names.end()) result.directory = intern(first->name);
  }
  if (entry->kind == EntryKind::File) result.file = source_file(entry);
  return true;
}

void IncludeLookup::try_chain(std::size_t start, std::string_view name, Resolution& result) {
  for (std::size_t i = start; i < search_->directories.size(); ++i) {
    const SearchDirectory& directory = search_->directories[i];
    if (directory.directory == nullptr) continue;
    // From the real directory first: most probes fail, and then the walk to it tells nothing new.
    Trace trace;
    const Entry* entry = tree_.walk(directory.directory, name, trace);
    result.trace.consulted.insert(result.trace.consulted.end(), trace.consulted.begin(),
                                  trace.consulted.end());
    if (entry->kind != EntryKind::File && entry->kind != EntryKind::Other) continue;
    const bool found =
        try_path(joined(directory.spelled, name), static_cast<int>(i), directory.system_headers, result);
    if (found) return;
  }
}

void IncludeLookup::look_for_precompiled(std::size_t start, const Key& key, std::string_view name,
                                         Resolution& result) {
  const std::string precompiled = std::string(name) + ".gch";
  const auto exists = [&](const Entry* entry) { return entry->kind != EntryKind::Missing; };
  if (key.start >= kBeginBesideSystem) {
    const std::string beside =
        key.start == kBeginPath ? precompiled : joined(spelling(key.directory), precompiled);
    result.only_precompiled = exists(tree_.walk(cwd_, beside, result.trace));
    start = key.start == kBeginPath ? search_->directories.size() : 0;
  }
  for (std::size_t i = start; i < search_->directories.size() && !result.only_precompiled; ++i)
    if (Directory* directory = search_->directories[i].directory; directory != nullptr)
      result.only_precompiled = exists(tree_.walk(directory, precompiled, result.trace));
  result.trace.links.clear();
  result.trace.traversed.clear();
}

SourceFile* IncludeLookup::source_file(const Entry* entry) {
  SourceFile*& file = file_of_[entry];
  if (file == nullptr) {
    file = &files_.emplace_back();
    file->entry = entry;
  }
  return file;
}

void IncludeLookup::number(Resolution& result) {
  std::vector<const Entry*>& consulted = result.trace.consulted;
  std::sort(consulted.begin(), consulted.end());
  consulted.erase(std::unique(consulted.begin(), consulted.end()), consulted.end());
  consulted.shrink_to_fit();
  result.ids.reserve(consulted.size() + result.trace.links.size() + result.trace.traversed.size());
  for (const Entry* entry : consulted) result.ids.push_back(id_of(entry));
  for (const Entry* link : result.trace.links) result.ids.push_back(id_of(&link->link_target));
  for (const Directory* directory : result.trace.traversed) result.ids.push_back(id_of(directory));
}

std::uint32_t IncludeLookup::id_of(const void* thing) {
  const auto [position, inserted] = id_of_.emplace(thing, static_cast<std::uint32_t>(stamps_.size()));
  if (inserted) stamps_.push_back(0);
  return position->second;
}

}  // namespace pump::include_server
