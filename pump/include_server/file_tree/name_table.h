// The names of one directory: a hash table that is read without a lock while one thread inserts.
//
// Why not tsl::robin_map behind a shared_mutex: a warm walk is two or three look-ups of some 15 ns each, and
// taking and releasing a contended reader lock costs more than all of them. robin_map moves elements on
// insertion, so it cannot be read meanwhile. Here slots are only ever filled, or their Entry exchanged;
// growth publishes a larger array and keeps the smaller ones (together no larger than the new one) until the
// table ends.
//
// find() and for_each(): any thread. insert() and replace(): under the directory's mutex.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

class NameTable {
 public:
  [[nodiscard]] Entry* find(std::string_view name, std::uint64_t hash) const {
    const Slots* slots = current_.load(std::memory_order_acquire);
    if (slots == nullptr) return nullptr;
    for (std::size_t i = hash & slots->mask;; i = (i + 1) & slots->mask) {
      const Slot& slot = slots->array[i];
      Entry* entry = slot.entry.load(std::memory_order_acquire);
      if (entry == nullptr) return nullptr;
      if (slot.hash.load(std::memory_order_relaxed) == hash && entry->name == name) return entry;
    }
  }

  void insert(Entry* entry) {
    Slots* slots = current_.load(std::memory_order_relaxed);
    if (slots == nullptr || 2 * (used_ + 1) > slots->mask + 1) slots = grow(slots);
    put(*slots, entry);
    ++used_;
  }

  void replace(const Entry* old, Entry* fresh) {
    Slots& slots = *current_.load(std::memory_order_relaxed);
    const std::uint64_t hash = old->internal.hash;
    for (std::size_t i = hash & slots.mask;; i = (i + 1) & slots.mask) {
      if (slots.array[i].entry.load(std::memory_order_relaxed) != old) continue;
      slots.array[i].entry.store(fresh, std::memory_order_release);
      return;
    }
  }

  template <typename Function>
  void for_each(Function function) const {
    const Slots* slots = current_.load(std::memory_order_acquire);
    for (std::size_t i = 0; slots != nullptr && i <= slots->mask; ++i)
      if (Entry* entry = slots->array[i].entry.load(std::memory_order_acquire)) function(*entry);
  }

 private:
  struct Slot {
    std::atomic<std::uint64_t> hash{0};
    std::atomic<Entry*> entry{nullptr};
  };
  struct Slots {
    explicit Slots(std::size_t size) : mask(size - 1), array(std::make_unique<Slot[]>(size)) {}
    std::size_t mask;
    std::unique_ptr<Slot[]> array;
  };

  static void put(Slots& slots, Entry* entry) {
    const std::uint64_t hash = entry->internal.hash;
    std::size_t i = hash & slots.mask;
    while (slots.array[i].entry.load(std::memory_order_relaxed) != nullptr) i = (i + 1) & slots.mask;
    slots.array[i].hash.store(hash, std::memory_order_relaxed);
    slots.array[i].entry.store(entry, std::memory_order_release);
  }

  Slots* grow(const Slots* old) {
    all_.push_back(std::make_unique<Slots>(old == nullptr ? 8 : 2 * (old->mask + 1)));
    Slots* fresh = all_.back().get();
    for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i)
      if (Entry* entry = old->array[i].entry.load(std::memory_order_relaxed)) put(*fresh, entry);
    current_.store(fresh, std::memory_order_release);
    return fresh;
  }

  std::atomic<Slots*> current_{nullptr};
  std::vector<std::unique_ptr<Slots>> all_;
  std::size_t used_ = 0;
};

}  // namespace pump::include_server
