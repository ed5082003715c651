// A file below DISTCC_DIR that stays open between units: to open and to close it takes much longer than to use it.
//
// The user may remove or replace the file, its directory or DISTCC_DIR at any time, and then distcc processes use another
// file. So each use begins with open(), which compares the path with the descriptor by one stat(2). One thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "pump/os/unique_fd.h"

namespace pump::scheduler {

class KeptFile {
 public:
  /// Opens DISTCC_DIR/SUBDIRECTORY/NAME (distcc_directory.h), unless it is open already. False: it cannot be used, and
  /// there is no descriptor.
  bool open(const std::string& distcc_directory, const char* subdirectory, const std::string& name);
  void close() { file_.reset(); }
  /// Removes the file, if it is open and still at its path.
  void remove();
  [[nodiscard]] bool is_open() const { return static_cast<bool>(file_); }
  [[nodiscard]] int fd() const { return file_.get(); }

 private:
  [[nodiscard]] bool is_at(const std::string& path) const;

  std::string path_;
  os::UniqueFd file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace pump::scheduler
