// Preprocessors that are not in use. They keep tables between translation units, so they are reused. Any
// thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "pump/include_server/preprocessor/preprocessor.h"

namespace pump::include_server {

class PreprocessorPool {
 public:
  explicit PreprocessorPool(std::function<std::unique_ptr<Preprocessor>()> make) : make_(std::move(make)) {}

  /// As Preprocessor::run().
  Closure run(const FileTree::Snapshot& snapshot, const Unit& unit) {
    std::unique_ptr<Preprocessor> preprocessor = take();
    // If run() throws, the tables are in an unknown state: the preprocessor is not put back.
    Closure closure = preprocessor->run(snapshot, unit);
    if (preprocessor->is_outdated()) return closure;
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(preprocessor));
    return closure;
  }

 private:
  std::unique_ptr<Preprocessor> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return make_();
    auto preprocessor = std::move(idle_.back());
    idle_.pop_back();
    return preprocessor;
  }

  std::function<std::unique_ptr<Preprocessor>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Preprocessor>> idle_;
};

}  // namespace pump::include_server
