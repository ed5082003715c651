#include "pump/include_server/unit/search_path_cache.h"

#include <fmt/format.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace pump::include_server {
namespace {

constexpr std::size_t kMostChains = 4000;

}  // namespace

OrRefusal<std::shared_ptr<const BuiltSearchPath>> KnownSearchPaths::get(const std::string& cwd,
                                                                        Directory* directory,
                                                                        const UnitOptions& options,
                                                                        const CompilerProfile& profile,
                                                                        std::uint64_t generation) {
  std::string key = fmt::format("{}{}{}{}", profile.id, '\0', cwd, '\0');
  for (const compilation::Argument& argument : options.search)
    key += fmt::format("{}{}{}{}{}", argument.carrier, argument.spelling, argument.separate ? '\1' : '\2',
                       argument.value, '\0');
  key += options.sysroot;
  key.append(1, '\0').append(1, options.canonical_system_headers ? '1' : '0');
  std::shared_ptr<const Chain> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = chains_.find(key); it != chains_.end()) known = it->second;
  }
  const auto path_of = [](const std::shared_ptr<const Chain>& chain) {
    return std::shared_ptr<const BuiltSearchPath>(chain, &chain->built);
  };
  if (known && tree_.unchanged_since(known->built.path->consulted, known->generation)) return path_of(known);
  auto built = build_search_path(tree_, directory, options, profile, compilers_);
  if (!built) {
    const int code = built.error().code;
    return refuse(code == ENOTSUP  ? GiveUp::NotSendable
                  : code == EINVAL ? GiveUp::MalformedCommand
                                   : GiveUp::CompilerUnknown,
                  built.error().message);
  }
  SearchPath path = *built->path;
  path.id = number(path);
  built->path = std::make_shared<const SearchPath>(std::move(path));
  auto chain = std::make_shared<Chain>(Chain{*std::move(built), generation});
  const std::lock_guard lock(mutex_);
  if (chains_.size() >= kMostChains) chains_.clear();
  chains_[key] = chain;
  return path_of(chain);
}

// Equal chains get equal numbers for as long as the server lives: lookups are remembered under them.
std::uint64_t KnownSearchPaths::number(const SearchPath& path) {
  // Names hold any byte but NUL.
  std::string content = fmt::format("{} {} {}", path.bracket_start, path.split, path.shortens_system_paths);
  const auto add = [&content](std::string_view name) { content.append(1, '\0').append(name); };
  for (const SearchDirectory& directory : path.directories) {
    add(directory.spelled);
    add(directory.directory->path());
    add(fmt::format("{} {}", directory.system, directory.system_headers));
  }
  add({});
  for (const SearchPath::FirstName& first : path.first_names) {
    add(first.directory->path());
    add(first.name);
  }
  const std::lock_guard lock(mutex_);
  if (numbers_.size() >= kMostChains) numbers_.clear();
  const auto [it, added] = numbers_.try_emplace(std::move(content), 0);
  if (added) it->second = ++last_number_;
  return it->second;
}

}  // namespace pump::include_server
