#include "pump/include_server/unit/search_path_cache.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

constexpr std::size_t kMostPaths = 4000;

}  // namespace

OrRefusal<std::shared_ptr<const BuiltSearchPath>> SearchPathCache::get(const FileTree::Snapshot& snapshot,
                                                                       const std::string& cwd,
                                                                       Directory* directory,
                                                                       const UnitOptions& options,
                                                                       const CompilerProfile& profile) {
  std::string key = os::format("{}{}{}{}", profile.id, '\0', cwd, '\0');
  for (const compilation::Argument& argument : options.search)
    key += os::format("{}{}{}{}{}", argument.carrier, argument.spelling, argument.separate ? '\1' : '\2',
                      argument.value, '\0');
  key += options.sysroot;
  key.append(1, '\0').append(1, options.canonical_system_headers ? '1' : '0');
  std::shared_ptr<const CachedPath> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = paths_.find(key); it != paths_.end()) known = it->second;
  }
  const auto path_of = [](const std::shared_ptr<const CachedPath>& cached) {
    return std::shared_ptr<const BuiltSearchPath>(cached, &cached->built);
  };
  if (known && tree_.unchanged_since(known->built.path->consulted, known->generation)) return path_of(known);
  auto built = build_search_path(snapshot, tree_, directory, options, profile, compilers_);
  if (!built) {
    const int code = built.error().code;
    return refuse(code == ENOTSUP  ? GiveUp::NotSendable
                  : code == EINVAL ? GiveUp::MalformedCommand
                                   : GiveUp::CompilerUnknown,
                  built.error().message);
  }
  SearchPath path = *built->path;
  path.id = id_of(path);
  built->path = std::make_shared<const SearchPath>(std::move(path));
  auto cached = std::make_shared<CachedPath>(CachedPath{*std::move(built), snapshot.generation()});
  const std::lock_guard lock(mutex_);
  if (paths_.size() >= kMostPaths) paths_.clear();
  paths_[key] = cached;
  return path_of(cached);
}

// Caches of later stages use the ids as keys. An id is never used again for another path.
std::uint64_t SearchPathCache::id_of(const SearchPath& path) {
  // Names hold any byte but NUL.
  std::string content = os::format("{} {} {}", path.bracket_start, path.split, path.shortens_system_paths);
  const auto add = [&content](std::string_view name) { content.append(1, '\0').append(name); };
  for (const SearchDirectory& directory : path.directories) {
    add(directory.spelled);
    add(directory.directory->path());
    add(os::format("{} {}", directory.system, directory.system_headers));
  }
  add({});
  for (const SearchPath::FirstName& first : path.first_names) {
    add(first.directory->path());
    add(first.name);
  }
  const std::lock_guard lock(mutex_);
  if (ids_.size() >= kMostPaths) ids_.clear();
  const auto [it, added] = ids_.try_emplace(std::move(content), 0);
  if (added) it->second = ++last_id_;
  return it->second;
}

}  // namespace pump::include_server
