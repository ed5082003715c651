// A hash table that any thread reads without a lock while one thread at a time inserts.
//
// A look-up in a warm table takes some 15 ns. A reader lock that several threads contend for costs more than
// that, and tsl::robin_map moves elements on insertion, so it cannot be read meanwhile. Here a slot is filled
// once; only its value may be replaced. Growth publishes a larger array. The smaller ones live until the table
// ends, because readers may still use them; together they are no larger than the new one.
//
// find(), for_each(): any thread. insert(), replace(): the caller holds one mutex for all of them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pump::include_server {

/// `Value`: a pointer or an integer; Value{} marks an empty slot and is never inserted. Keys are not stored: the
/// caller passes the key's 64-bit hash, of which only the upper half is used, and a predicate for values.
template <typename Value>
class ReadMostlyTable {
 public:
  /// The value of that hash for which `matches(value)` is true; Value{} if there is none.
  template <typename Matches>
  [[nodiscard]] Value find(std::uint64_t hash, const Matches& matches) const {
    const Slot* slot = slot_of(hash, matches);
    return slot == nullptr ? Value{} : slot->value.load(std::memory_order_acquire);
  }

  /// `value` is not in the table yet.
  void insert(std::uint64_t hash, Value value) {
    const Slots* slots = current_.load(std::memory_order_relaxed);
    if (slots == nullptr || 2 * (used_ + 1) > slots->mask + 1) slots = grow(slots);
    fill(*slots, upper_half(hash), value);
    ++used_;
  }

  /// `fresh` has the same key as the value that matches, which is in the table.
  template <typename Matches>
  void replace(std::uint64_t hash, const Matches& matches, Value fresh) {
    slot_of(hash, matches)->value.store(fresh, std::memory_order_release);
  }

  template <typename Function>
  void for_each(const Function& function) const {
    const Slots* slots = current_.load(std::memory_order_acquire);
    for (std::size_t i = 0; slots != nullptr && i <= slots->mask; ++i)
      if (const Value value = slots->array[i].value.load(std::memory_order_acquire); value != Value{})
        function(value);
  }

 private:
  struct Slot {
    std::atomic<std::uint32_t> hash{0};  ///< the upper half; written before `value`
    std::atomic<Value> value{};
  };
  struct Slots {
    explicit Slots(std::size_t size) : mask(size - 1), array(std::make_unique<Slot[]>(size)) {}
    std::size_t mask;
    std::unique_ptr<Slot[]> array;
  };

  static std::uint32_t upper_half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

  template <typename Matches>
  Slot* slot_of(std::uint64_t hash, const Matches& matches) const {
    const Slots* slots = current_.load(std::memory_order_acquire);
    if (slots == nullptr) return nullptr;
    const std::uint32_t wanted = upper_half(hash);
    for (std::size_t i = wanted & slots->mask;; i = (i + 1) & slots->mask) {
      Slot& slot = slots->array[i];
      const Value value = slot.value.load(std::memory_order_acquire);
      if (value == Value{}) return nullptr;
      if (slot.hash.load(std::memory_order_relaxed) == wanted && matches(value)) return &slot;
    }
  }

  static void fill(const Slots& slots, std::uint32_t hash, Value value) {
    std::size_t i = hash & slots.mask;
    while (slots.array[i].value.load(std::memory_order_relaxed) != Value{}) i = (i + 1) & slots.mask;
    slots.array[i].hash.store(hash, std::memory_order_relaxed);
    slots.array[i].value.store(value, std::memory_order_release);
  }

  const Slots* grow(const Slots* old) {
    all_.push_back(std::make_unique<Slots>(old == nullptr ? 8 : 2 * (old->mask + 1)));
    const Slots* fresh = all_.back().get();
    for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i) {
      const Slot& slot = old->array[i];
      if (const Value value = slot.value.load(std::memory_order_relaxed); value != Value{})
        fill(*fresh, slot.hash.load(std::memory_order_relaxed), value);
    }
    current_.store(fresh, std::memory_order_release);
    return fresh;
  }

  std::atomic<const Slots*> current_{nullptr};
  std::vector<std::unique_ptr<Slots>> all_;
  std::size_t used_ = 0;
};

}  // namespace pump::include_server
