// Sharded so that workers which scan new files at once seldom wait for each other; spellings live in chunks
// that never move, so that reading one takes no lock.
#include "pump/include_server/lexer/interner.h"

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

namespace pump::include_server {
namespace {

class TextArena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > kBlock / 4) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
      std::memcpy(blocks_.back().get(), text.data(), text.size());
      return {blocks_.back().get(), text.size()};
    }
    if (left_ < text.size()) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
      next_ = blocks_.back().get();
      left_ = kBlock;
    }
    if (!text.empty()) std::memcpy(next_, text.data(), text.size());
    std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    return kept;
  }

 private:
  static constexpr std::size_t kBlock = 1U << 16U;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

/// A hash table of symbols that is read without a lock while one thread inserts: slots are only ever filled,
/// or marked; growth publishes a larger array and keeps the smaller ones, which together are no larger than
/// the new one.
class SymbolTable {
 public:
  static constexpr std::uint32_t kMostSymbols = 1U << 28U;

  /// What a slot holds: the upper half of the hash, whether the symbol is mentioned, the symbol; 0: nothing.
  class Found {
   public:
    explicit Found(std::uint64_t bits) : bits_(bits) {}
    explicit operator bool() const { return bits_ != 0; }
    [[nodiscard]] Symbol symbol() const { return static_cast<Symbol>(bits_ & (kMostSymbols - 1)); }
    [[nodiscard]] bool mentioned() const { return (bits_ & kMentioned) != 0; }

   private:
    std::uint64_t bits_;
  };

  /// Any thread. `is_it(symbol)`: whether that is its text.
  template <typename IsIt>
  [[nodiscard]] Found find(std::uint64_t hash, const IsIt& is_it) const {
    const Slot* const slot = slot_of(hash, is_it);
    return Found(slot == nullptr ? 0 : slot->load(std::memory_order_acquire));
  }
  /// Under the lock, as the next.
  void insert(std::uint64_t hash, Symbol symbol, bool mentioned) {
    const Slots* slots = current_.load(std::memory_order_relaxed);
    if (slots == nullptr || 2 * (used_ + 1) > slots->mask + 1) slots = grow(slots);
    put(*slots, bits_of(hash) | (mentioned ? kMentioned : 0) | symbol);
    ++used_;
  }
  template <typename IsIt>
  void mention(std::uint64_t hash, const IsIt& is_it) {
    slot_of(hash, is_it)->fetch_or(kMentioned);
  }

 private:
  static constexpr std::uint64_t kMentioned = 1U << 31U;

  using Slot = std::atomic<std::uint64_t>;
  struct Slots {
    explicit Slots(std::size_t size) : mask(size - 1), array(std::make_unique<Slot[]>(size)) {}
    std::size_t mask;
    std::unique_ptr<Slot[]> array;
  };

  /// Never 0 for a filled slot: symbol 0 is the empty text, whose hash is not.
  static std::uint64_t bits_of(std::uint64_t hash) { return hash & ~std::uint64_t{0xFFFFFFFF}; }

  template <typename IsIt>
  Slot* slot_of(std::uint64_t hash, const IsIt& is_it) const {
    const Slots* const slots = current_.load(std::memory_order_acquire);
    if (slots == nullptr) return nullptr;
    for (std::size_t i = (hash >> 32U) & slots->mask;; i = (i + 1) & slots->mask) {
      const std::uint64_t bits = slots->array[i].load(std::memory_order_acquire);
      if (bits == 0) return nullptr;
      if (bits_of(bits) == bits_of(hash) && is_it(Found(bits).symbol())) return &slots->array[i];
    }
  }
  static void put(const Slots& slots, std::uint64_t bits) {
    std::size_t i = (bits >> 32U) & slots.mask;
    while (slots.array[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & slots.mask;
    slots.array[i].store(bits, std::memory_order_release);
  }
  const Slots* grow(const Slots* old) {
    all_.push_back(std::make_unique<Slots>(old == nullptr ? 64 : 4 * (old->mask + 1)));
    const Slots* const fresh = all_.back().get();
    for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i)
      if (const std::uint64_t bits = old->array[i].load(std::memory_order_relaxed)) put(*fresh, bits);
    current_.store(fresh, std::memory_order_release);
    return fresh;
  }

  std::atomic<const Slots*> current_{nullptr};
  std::vector<std::unique_ptr<const Slots>> all_;
  std::size_t used_ = 0;
};

class Interner {
 public:
  Interner() {
    add("", true);
#define PUMP_SYMBOL_ADD(name, text) add(text, true);
    PUMP_KNOWN_SYMBOLS(PUMP_SYMBOL_ADD)
#undef PUMP_SYMBOL_ADD
  }

  Symbol add(std::string_view text, bool mention) {
    const std::uint64_t hash = hash_of(text);
    Shard& shard = shard_of(hash);
    const auto is_it = [&](Symbol symbol) { return this->text(symbol) == text; };
    if (const auto known = shard.symbols.find(hash, is_it); known && (known.mentioned() || !mention))
      return known.symbol();
    const std::lock_guard lock(shard.mutex);
    if (const auto known = shard.symbols.find(hash, is_it)) {
      if (mention) shard.symbols.mention(hash, is_it);
      return known.symbol();
    }
    const Symbol symbol = publish(shard.arena.keep(text));
    shard.symbols.insert(hash, symbol, mention);
    return symbol;
  }

  bool mentioned(std::string_view text) {
    const std::uint64_t hash = hash_of(text);
    Shard& shard = shard_of(hash);
    const std::lock_guard lock(shard.mutex);
    const auto known = shard.symbols.find(hash, [&](Symbol symbol) { return this->text(symbol) == text; });
    return known && known.mentioned();
  }

  [[nodiscard]] std::string_view text(Symbol symbol) const {
    return chunks_[symbol / kChunk].load(std::memory_order_acquire)[symbol % kChunk];
  }
  [[nodiscard]] std::size_t count() const {
    return next_.load(std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kChunk = 8192;
  static constexpr std::size_t kChunks = SymbolTable::kMostSymbols / kChunk;

  struct alignas(64) Shard {
    SymbolTable symbols;
    std::mutex mutex;
    TextArena arena;
  };

  static std::uint64_t hash_of(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
  }
  /// By bits that the table does not look at.
  Shard& shard_of(std::uint64_t hash) {
    return shards_[hash % kShards];
  }

  Symbol publish(std::string_view kept) {
    const std::uint32_t symbol = next_.fetch_add(1, std::memory_order_relaxed);
    auto& slot = chunks_[(symbol / kChunk) % kChunks];
    std::string_view* chunk = slot.load(std::memory_order_acquire);
    if (chunk == nullptr) {
      std::lock_guard lock(growth_);
      chunk = slot.load(std::memory_order_acquire);
      if (chunk == nullptr) {
        chunk = new std::string_view[kChunk];
        slot.store(chunk, std::memory_order_release);
      }
    }
    chunk[symbol % kChunk] = kept;
    return symbol;
  }

  std::array<Shard, kShards> shards_;
  std::array<std::atomic<std::string_view*>, kChunks> chunks_{};
  std::atomic<std::uint32_t> next_{0};
  std::mutex growth_;
};

// Never destroyed: worker threads may still read spellings while the process exits.
Interner& interner() {
  static Interner& instance = *new Interner;
  return instance;
}

}  // namespace

Symbol intern(std::string_view text) {
  return interner().add(text, true);
}
Symbol intern_given(std::string_view text) {
  return interner().add(text, false);
}
bool is_mentioned(std::string_view text) {
  return interner().mentioned(text);
}
std::string_view spelling(Symbol symbol) {
  return interner().text(symbol);
}
std::size_t symbol_count() {
  return interner().count();
}

}  // namespace pump::include_server
