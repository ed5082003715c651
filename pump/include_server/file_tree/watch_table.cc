#include "pump/include_server/file_tree/watch_table.h"

#include <algorithm>

namespace pump::include_server {

int WatchTable::add(const std::string& path, Target target) {
  const std::lock_guard lock(mutex_);
  const int watch = target.file != nullptr ? file_system_.watch_file(path, target.file->status.device)
                                           : file_system_.watch(path);
  if (watch >= 0) targets_[watch].push_back(target);
  return watch;
}

int WatchTable::current(const std::string& path, bool file) {
  const std::lock_guard lock(mutex_);
  return file ? file_system_.watch_file(path, 0) : file_system_.watch(path);
}

void WatchTable::drop(int watch, Target target) {
  if (watch < 0) return;
  const std::lock_guard lock(mutex_);
  const auto found = targets_.find(watch);
  if (found == targets_.end()) return;
  std::vector<Target>& list = found.value();
  list.erase(std::remove(list.begin(), list.end(), target), list.end());
  if (!list.empty()) return;
  targets_.erase(found);
  file_system_.unwatch(watch);
}

std::vector<WatchTable::Target> WatchTable::targets_of(int watch) {
  const std::lock_guard lock(mutex_);
  const auto found = targets_.find(watch);
  return found == targets_.end() ? std::vector<Target>{} : found->second;
}

}  // namespace pump::include_server
