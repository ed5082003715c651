// Preprocessors keep tables between units, so they are lent out rather than made anew. Any thread.
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

  Closure run(const Unit& unit) {
    std::unique_ptr<Preprocessor> preprocessor = take();
    // One that threw has tables in an unknown state: it is not put back.
    Closure closure = preprocessor->run(unit);
    if (preprocessor->worn_out()) return closure;
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
