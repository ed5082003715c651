#include "pump/include_server/unit/default_directories.h"

#include <algorithm>
#include <cstring>

namespace pump::include_server {

bool spelled_below(std::string_view path, std::string_view directory) {
  while (directory.size() > 1 && directory.back() == '/') directory.remove_suffix(1);
  if (directory.empty() || !path.starts_with(directory)) return false;
  return directory == "/" || (path.size() > directory.size() && path[directory.size()] == '/');
}

bool merges_usr(const Entry& link) {
  if (link.parent->self() != nullptr) return false;
  const std::string target = "usr/" + link.name;
  return link.link_target == target || link.link_target == '/' + target;
}

ResolvedDefaults::ResolvedDefaults(FileTree& tree, const CompilerProfile& profile) {
  Trace trace;
  for (std::string_view name : profile.system_directories) {
    if (!name.starts_with('/')) continue;
    const Directory* found = tree.directory(nullptr, name, trace);
    if (found == nullptr || found->self() == nullptr)
      continue;  // missing, or "/" itself, with which nothing would ever be sent
    if (std::find(real.begin(), real.end(), found) == real.end()) real.push_back(found);
    while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
    const std::string ended = name == "/" ? "/" : std::string(name) + '/';
    if (std::any_of(spelled.begin(), spelled.end(),
                    [&](const auto& other) { return ended.starts_with(other); }))
      continue;
    std::erase_if(spelled, [&](const std::string& other) { return other.starts_with(ended); });
    spelled.push_back(ended);
  }
  if (!spelled.empty()) common_prefix = spelled.front();
  for (const std::string& other : spelled)
    common_prefix.erase(
        std::mismatch(common_prefix.begin(), common_prefix.end(), other.begin(), other.end()).first,
        common_prefix.end());
  traversed.insert(trace.traversed.begin(), trace.traversed.end());
  links.insert(trace.links.begin(), trace.links.end());
  consulted = std::move(trace.consulted);
}

DefaultDirectories::DefaultDirectories(FileTree& tree, const Unit& unit, std::vector<const Entry*>& consulted)
    : defaults_(unit.resolved_defaults) {
  if (defaults_) return;
  defaults_ = std::make_shared<const ResolvedDefaults>(tree, *unit.profile);
  consulted.insert(consulted.end(), defaults_->consulted.begin(), defaults_->consulted.end());
}

bool DefaultDirectories::is_default(const Directory* directory) const {
  return std::find(defaults_->real.begin(), defaults_->real.end(), directory) != defaults_->real.end();
}

const Directory* DefaultDirectories::holding(const Directory* directory) {
  if (directory == nullptr) return nullptr;
  Known& known = known_[(reinterpret_cast<std::uintptr_t>(directory) >> 4U) * 0x9E3779B97F4A7C15U >> 58U];
  if (known.directory == directory) return known.home;
  const Directory* outer = directory->self() == nullptr ? nullptr : holding(directory->parent());
  const Directory* answer = outer != nullptr ? outer : is_default(directory) ? directory : nullptr;
  known = {directory, answer};
  return answer;
}

bool DefaultDirectories::serves(FileTree& tree, std::string_view path, Trace& trace) {
  Trace walked;
  const Entry* const entry = tree.walk(nullptr, path, walked);
  trace.consulted.insert(trace.consulted.end(), walked.consulted.begin(), walked.consulted.end());
  const auto own_link = [this](const Entry* link) {
    return holding(link->parent) == nullptr && !on_the_way(link) && !merges_usr(*link);
  };
  const auto own_directory = [this](const Directory* passed) {
    return holding(passed) == nullptr && !on_the_way(passed);
  };
  if (std::any_of(walked.links.begin(), walked.links.end(), own_link) ||
      std::any_of(walked.traversed.begin(), walked.traversed.end(), own_directory))
    return false;
  return holding(entry->kind == EntryKind::Directory ? entry->directory : entry->parent) != nullptr;
}

bool DefaultDirectories::spelled_by_default(std::string_view path) const {
  const std::vector<std::string>& spelled = defaults_->spelled;
  const auto below = [path](const std::string& directory) {
    return path.size() > directory.size() &&
           std::memcmp(path.data(), directory.data(), directory.size()) == 0;
  };
  if (spelled.empty() || !path.starts_with(defaults_->common_prefix)) return false;
  if (below(spelled[last_spelled_])) return true;
  const auto found = std::find_if(spelled.begin(), spelled.end(), below);
  if (found == spelled.end()) return false;
  last_spelled_ = static_cast<std::size_t>(found - spelled.begin());
  return true;
}

}  // namespace pump::include_server
