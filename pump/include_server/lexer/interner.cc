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

#include "pump/include_server/support/read_mostly_table.h"

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

constexpr std::uint32_t kMostSymbols = 1U << 28U;
/// Set in a table's value if the symbol is mentioned. Value 0 marks an empty slot: symbol 0 is always mentioned.
constexpr std::uint32_t kMentioned = 1U << 31U;

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
    const auto has_text = [&](std::uint32_t value) { return this->text(symbol_of(value)) == text; };
    if (const std::uint32_t known = shard.symbols.find(hash, has_text);
        known != 0 && ((known & kMentioned) != 0 || !mention))
      return symbol_of(known);
    const std::lock_guard lock(shard.mutex);
    if (const std::uint32_t known = shard.symbols.find(hash, has_text); known != 0) {
      if (mention) shard.symbols.replace(hash, has_text, known | kMentioned);
      return symbol_of(known);
    }
    const Symbol symbol = publish(shard.arena.keep(text));
    shard.symbols.insert(hash, symbol | (mention ? kMentioned : 0));
    return symbol;
  }

  bool mentioned(std::string_view text) {
    const std::uint64_t hash = hash_of(text);
    Shard& shard = shard_of(hash);
    const std::lock_guard lock(shard.mutex);
    const std::uint32_t known =
        shard.symbols.find(hash, [&](std::uint32_t value) { return this->text(symbol_of(value)) == text; });
    return (known & kMentioned) != 0;
  }

  bool contains(std::string_view text) {
    const std::uint64_t hash = hash_of(text);
    const auto has_text = [&](std::uint32_t value) { return this->text(symbol_of(value)) == text; };
    return shard_of(hash).symbols.find(hash, has_text) != 0;
  }

  /// False if `bytes` more would be too many.
  bool charge(std::size_t bytes) {
    if (made_.load(std::memory_order_relaxed) + bytes > kMostMade) return false;
    made_.fetch_add(bytes, std::memory_order_relaxed);
    return true;
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
  static constexpr std::size_t kChunks = kMostSymbols / kChunk;

  struct alignas(64) Shard {
    ReadMostlyTable<std::uint32_t> symbols;
    std::mutex mutex;
    TextArena arena;
  };

  static std::uint64_t hash_of(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
  }
  static Symbol symbol_of(std::uint32_t value) {
    return value & (kMostSymbols - 1);
  }
  /// By the lower half of the hash, which the table does not use.
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
  std::atomic<std::size_t> made_{0};  ///< bytes that expansions have added, approximately
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
std::optional<std::size_t> may_make(std::string_view text) {
  if (interner().contains(text)) return 0;
  return interner().charge(text.size()) ? std::optional(text.size()) : std::nullopt;
}
std::string_view spelling(Symbol symbol) {
  return interner().text(symbol);
}
std::size_t symbol_count() {
  return interner().count();
}

}  // namespace pump::include_server
