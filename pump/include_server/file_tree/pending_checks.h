// What the next FileTree::begin() must do although no watch reported it.
//
// Any thread. The mutex is a leaf of the lock order.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/entry.h"

namespace pump::include_server {

class PendingChecks {
 public:
  /// A load found another file or content than this version has: it must be replaced.
  void add_suspect(Entry& entry) {
    const std::lock_guard lock(mutex_);
    suspects_.push_back(&entry);
    pending_.store(true, std::memory_order_release);
  }
  /// The name got another version: what was known below the old directory must be retired.
  void add_replaced(Directory& directory) {
    const std::lock_guard lock(mutex_);
    replaced_.push_back(&directory);
    pending_.store(true, std::memory_order_release);
  }
  [[nodiscard]] bool empty() const { return !pending_.load(std::memory_order_acquire); }
  [[nodiscard]] std::vector<Entry*> take_suspects() {
    const std::lock_guard lock(mutex_);
    pending_.store(!replaced_.empty(), std::memory_order_release);
    return std::exchange(suspects_, {});
  }
  [[nodiscard]] std::vector<Directory*> take_replaced() {
    const std::lock_guard lock(mutex_);
    pending_.store(!suspects_.empty(), std::memory_order_release);
    return std::exchange(replaced_, {});
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> pending_{false};
  std::vector<Entry*> suspects_;
  std::vector<Directory*> replaced_;
};

}  // namespace pump::include_server
