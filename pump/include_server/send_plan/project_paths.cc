#include "pump/include_server/send_plan/project_paths.h"

#include <cstring>

namespace pump::include_server {

void ProjectPaths::add(std::string_view path) {
  const bool same_directory = !last_directory_.empty() && path.starts_with(last_directory_) &&
                              path.find('/', last_directory_.size()) == std::string_view::npos &&
                              path.compare(last_directory_.size(), 2, "..") != 0;
  if (same_directory) {
    path.remove_prefix(last_directory_.size() - 1);
  } else {
    last_directory_ = path.substr(0, path.rfind('/') + 1);
    goes_up_ = goes_up_ || path.find("/..") != std::string_view::npos;
  }
  (paths_ += path) += '\0';
}

bool ProjectPaths::contain(std::string_view text) const {
  return ::memmem(paths_.data(), paths_.size(), text.data(), text.size()) != nullptr;
}

bool ProjectPaths::may_leave(const Directory& directory) const {
  return goes_up_ && contain(directory.self()->name + "/..");
}

bool ProjectPaths::leave(const Directory& directory, FileTree& tree, Directory* cwd, Trace& trace) const {
  std::string_view rest = paths_;
  while (!rest.empty()) {
    const std::string_view path = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(path.size() + 1);
    for (std::size_t at = path.find("/.."); at != std::string_view::npos; at = path.find("/..", at + 1)) {
      const bool is_component = at + 3 == path.size() || path[at + 3] == '/';
      if (is_component && tree.directory(cwd, path.substr(0, at), trace) == &directory) return true;
    }
  }
  return false;
}

}  // namespace pump::include_server
