#include "pump/include_server/default_directories.h"

#include <algorithm>

namespace pump::include_server {

bool spelled_below(std::string_view path, std::string_view directory) {
  while (directory.size() > 1 && directory.back() == '/') directory.remove_suffix(1);
  if (directory.empty() || !path.starts_with(directory)) return false;
  return directory == "/" || (path.size() > directory.size() && path[directory.size()] == '/');
}

DefaultPlaces::DefaultPlaces(FileTree& tree, const CompilerProfile& profile) {
  Trace trace;
  for (std::string_view name : profile.system_directories) {
    if (!name.starts_with('/')) continue;
    const Directory* found = tree.directory(nullptr, name, trace);
    if (found == nullptr || found->self() == nullptr)
      continue;  // missing, or "/" itself: nothing would ever be sent
    if (std::find(real.begin(), real.end(), found) == real.end()) real.push_back(found);
    while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
    const auto covers = [&](const std::string& other) { return name == other || spelled_below(name, other); };
    if (std::any_of(spelled.begin(), spelled.end(), covers)) continue;
    std::erase_if(spelled, [&](const std::string& other) { return spelled_below(other, name); });
    spelled.emplace_back(name);
  }
  if (!spelled.empty()) {
    const std::string& first = spelled.front();
    common = first.size();
    for (const std::string& other : spelled) {
      const auto end = std::mismatch(first.begin(), first.end(), other.begin(), other.end()).first;
      common = std::min(common, static_cast<std::size_t>(end - first.begin()));
    }
  }
  way.insert(trace.traversed.begin(), trace.traversed.end());
  way_links.insert(trace.links.begin(), trace.links.end());
  consulted = std::move(trace.consulted);
}

DefaultDirectories::DefaultDirectories(FileTree& tree, const CompilerProfile& profile,
                                       std::vector<const Entry*>& consulted)
    : places_(std::make_shared<const DefaultPlaces>(tree, profile)) {
  consulted.insert(consulted.end(), places_->consulted.begin(), places_->consulted.end());
}

DefaultDirectories::DefaultDirectories(FileTree& tree, const Unit& unit, std::vector<const Entry*>& consulted)
    : places_(unit.default_places) {
  if (!places_) *this = DefaultDirectories(tree, *unit.profile, consulted);
}

bool DefaultDirectories::is_default(const Directory* directory) const {
  return std::find(places_->real.begin(), places_->real.end(), directory) != places_->real.end();
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

bool DefaultDirectories::spelled_by_default(std::string_view path) const {
  const std::vector<std::string>& spelled = places_->spelled;
  if (spelled.empty()) return false;
  if (last_spelled_ < spelled.size() && spelled_below(path, spelled[last_spelled_])) return true;
  if (!path.starts_with(std::string_view(spelled.front()).substr(0, places_->common))) return false;
  const auto found = std::find_if(spelled.begin(), spelled.end(), [&](const std::string& directory) {
    return spelled_below(path, directory);
  });
  if (found == spelled.end()) return false;
  last_spelled_ = static_cast<std::size_t>(found - spelled.begin());
  return true;
}

}  // namespace pump::include_server
