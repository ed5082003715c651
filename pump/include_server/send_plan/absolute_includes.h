// Finds `#include "/absolute/name"` in the text of a file.
//
// distccd rewrites absolute names in options, not in texts. Such an include would look outside the job's
// root: an error on the server, or another machine's file. CMake's unity files and precompiled-header stubs
// consist of them. absolute_include_rewriter.h replaces the names in the copies that are sent.
//
// Rejected: answer n = 0 for all of them, as distcc's Python server does. Unity builds would never be
// distributed in pump mode.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

struct AbsoluteInclude {
  std::string name;
  /// The name with its delimiters, in the file's bytes. Equal: the directive cannot be rewritten. It is an
  /// #include_next, it spans several lines, or a comment stands before the name.
  std::size_t begin = 0, end = 0;
};

/// The directives of this text that name a file absolutely, in order. Names that come from macros are not
/// found.
std::vector<AbsoluteInclude> find_absolute_includes(std::string_view bytes, const LexMode& lex);

/// Keeps results by content and mode. Any thread.
class AbsoluteIncludeCache {
 public:
  using Found = std::shared_ptr<const std::vector<AbsoluteInclude>>;
  /// The absolute includes of the entry's current version; nullptr if there are none, as in most files.
  /// Error: as FileTree::load.
  Expected<Found> find(FileTree& tree, const Entry& entry, const LexMode& lex);

  /// The entries for which find() has returned nullptr so far under one mode. While this object exists,
  /// find() waits: keep it for a moment only.
  class WithoutAny {
   public:
    [[nodiscard]] bool contains(const Entry& entry) const {
      return entries_ != nullptr && entries_->contains(&entry);
    }

   private:
    friend class AbsoluteIncludeCache;
    WithoutAny(const AbsoluteIncludeCache& cache, std::uint32_t mode) : lock_(cache.mutex_) {
      if (const auto found = cache.without_any_.find(mode); found != cache.without_any_.end())
        entries_ = &found->second;
    }
    std::shared_lock<std::shared_mutex> lock_;
    const tsl::robin_set<const Entry*>* entries_ = nullptr;
  };
  [[nodiscard]] WithoutAny without_any(const LexMode& lex) const;

 private:
  /// The same text may have a directive in one mode and a raw string in another.
  struct Key {
    ContentHash hash;
    std::uint32_t mode = 0;  ///< ScanMode::bits
    bool operator==(const Key&) const = default;
  };
  struct Hasher {
    std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.hash.low + key.mode); }
  };
  mutable std::shared_mutex mutex_;
  tsl::robin_map<Key, Found, Hasher> known_;
  std::map<std::uint32_t, tsl::robin_set<const Entry*>> without_any_;  ///< by mode
};

}  // namespace pump::include_server
