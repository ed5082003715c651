// Sharded so that workers which scan new files at once seldom wait for each other; spellings live in chunks
// that never move, so that reading one takes no lock.
#include "pump/include_server/symbols.h"

#include <tsl/robin_map.h>

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

struct Hash {
  std::size_t operator()(std::string_view text) const { return XXH3_64bits(text.data(), text.size()); }
};

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

class Interner {
 public:
  Interner() {
    add("", true);
#define PUMP_SYMBOL_ADD(name, text) add(text, true);
    PUMP_KNOWN_SYMBOLS(PUMP_SYMBOL_ADD)
#undef PUMP_SYMBOL_ADD
  }

  Symbol add(std::string_view text, bool mention) {
    const std::size_t hash = Hash{}(text);
    Shard& shard = shards_[(hash >> 48U) % kShards];
    std::lock_guard lock(shard.mutex);
    if (auto found = shard.symbols.find(text, hash); found != shard.symbols.end()) {
      if (mention) found.value().mentioned = true;
      return found->second.symbol;
    }
    const std::string_view kept = shard.arena.keep(text);
    const Symbol symbol = publish(kept);
    shard.symbols.emplace(kept, Known{symbol, mention});
    return symbol;
  }

  bool mentioned(std::string_view text) {
    const std::size_t hash = Hash{}(text);
    Shard& shard = shards_[(hash >> 48U) % kShards];
    std::lock_guard lock(shard.mutex);
    const auto found = shard.symbols.find(text, hash);
    return found != shard.symbols.end() && found->second.mentioned;
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
  static constexpr std::size_t kChunks = 1U << 15U;

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

  struct Known {
    Symbol symbol = 0;
    bool mentioned = false;
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    TextArena arena;
    tsl::robin_map<std::string_view, Known, Hash> symbols;
  };
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
