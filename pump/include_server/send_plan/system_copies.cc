#include "pump/include_server/send_plan/system_copies.h"

#include <algorithm>

namespace pump::include_server {

SystemCopies::SystemCopies(const Unit& unit, const Closure& closure, DefaultDirectories& defaults)
    : closure_(closure) {
  for (const SearchDirectory& directory : unit.search->directories) {
    if (directory.system || directory.directory == nullptr || !directory.spelled.starts_with('/')) continue;
    if (defaults.holding(directory.directory) == nullptr || defaults.is_default(directory.directory))
      continue;
    directories_.push_back(&directory);
  }
  const bool shortens = unit.search->shortens_system_paths;
  any_ = std::any_of(directories_.begin(), directories_.end(), [&](const SearchDirectory* directory) {
    if (shortens && directory->system_headers) return false;
    return std::any_of(closure_.files.begin(), closure_.files.end(), [&](const ClosureFile& file) {
      return file.absolute && spelled_below(file.spelled, directory->spelled) &&
             defaults.holding(file.entry->parent) != nullptr;
    });
  });
}

bool SystemCopies::found_by_option(std::string_view spelled) const {
  return std::any_of(directories_.begin(), directories_.end(), [&](const SearchDirectory* directory) {
    return spelled_below(spelled, directory->spelled);
  });
}

bool SystemCopies::include_headers_of(const SearchDirectory& directory) const {
  return any_ && std::find(directories_.begin(), directories_.end(), &directory) != directories_.end();
}

bool SystemCopies::need(const Entry& link) const {
  if (!any_) return false;
  const std::string path = link.path();
  return std::any_of(closure_.files.begin(), closure_.files.end(), [&](const ClosureFile& file) {
    return spelled_below(file.spelled, path) && found_by_option(file.spelled);
  });
}

}  // namespace pump::include_server
