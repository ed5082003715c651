// Whether a directory answers at all: DISTCC_DIR may be on a network file system whose server is gone, and a call would
// wait for it, for hours.
//
// Each directory is opened once by a thread of its own, which nobody joins: it may never end. A directory that answers is not
// looked at again. One thread calls.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pump::scheduler {

class DirectoryCheck {
 public:
  /// Uses a directory; in a thread of its own.
  using Touch = std::function<void(const std::string&)>;
  static void open_it(const std::string& directory);

  /// `log` gets lines without newline.
  explicit DirectoryCheck(std::function<void(const std::string&)> log, Touch touch = open_it,
                          std::chrono::milliseconds patience = std::chrono::seconds(1))
      : log_(std::move(log)), touch_(std::move(touch)), patience_(patience) {}

  /// False: it has not answered so far. Waits for up to `patience` the first time, and not later. A directory that does not
  /// exist or cannot be opened answers as well.
  bool answers(const std::string& directory);

 private:
  struct Answer;
  const std::function<void(const std::string&)> log_;
  const Touch touch_;
  const std::chrono::milliseconds patience_;
  std::map<std::string, std::shared_ptr<Answer>> answers_;
};

}  // namespace pump::scheduler
