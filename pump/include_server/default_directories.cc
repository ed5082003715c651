#include "pump/include_server/default_directories.h"

#include <algorithm>

namespace pump::include_server {

bool spelled_below(std::string_view path, std::string_view directory) {
  while (directory.size() > 1 && directory.back() == '/') directory.remove_suffix(1);
  if (directory.empty() || !path.starts_with(directory)) return false;
  return directory == "/" || (path.size() > directory.size() && path[directory.size()] == '/');
}

DefaultDirectories::DefaultDirectories(FileTree& tree, const CompilerProfile& profile,
                                       std::vector<const Entry*>& consulted) {
  Trace trace;
  for (const std::string& spelled : profile.system_directories) {
    if (!spelled.starts_with('/')) continue;
    const Directory* real = tree.directory(nullptr, spelled, trace);
    if (real == nullptr || real->self() == nullptr)
      continue;  // missing, or "/" itself: nothing would ever be sent
    spelled_.push_back(spelled);
    if (!is_default(real)) real_.push_back(real);
  }
  way_.insert(trace.traversed.begin(), trace.traversed.end());
  way_links_.insert(trace.links.begin(), trace.links.end());
  consulted.insert(consulted.end(), trace.consulted.begin(), trace.consulted.end());
}

bool DefaultDirectories::is_default(const Directory* directory) const {
  return std::find(real_.begin(), real_.end(), directory) != real_.end();
}

const Directory* DefaultDirectories::holding(const Directory* directory) {
  if (directory == nullptr) return nullptr;
  if (const auto known = known_.find(directory); known != known_.end()) return known->second;
  const Directory* outer = directory->self() == nullptr ? nullptr : holding(directory->parent());
  const Directory* answer = outer != nullptr ? outer : is_default(directory) ? directory : nullptr;
  known_[directory] = answer;
  return answer;
}

bool DefaultDirectories::spelled_by_default(std::string_view spelled) const {
  if (last_spelled_ < spelled_.size() && spelled_below(spelled, spelled_[last_spelled_])) return true;
  const auto found = std::find_if(spelled_.begin(), spelled_.end(), [&](const std::string& directory) {
    return spelled_below(spelled, directory);
  });
  if (found == spelled_.end()) return false;
  last_spelled_ = static_cast<std::size_t>(found - spelled_.begin());
  return true;
}

}  // namespace pump::include_server
