// `#include "/absolute/name"`: found in a file's text, and rewritten in the copy that is sent.
//
// distccd rewrites absolute names in options, not in sources, so such an include would look outside the job's
// root: an error on the server, or another machine's file. CMake's unity files and precompiled-header stubs
// consist of them. The copy names the file by the way over the root instead (compilation/absolute_names.h), which
// the launcher recognizes in dependency files. The line structure stays; the included file says by its #line (it
// is an absolute one) what name the compiler shall report elsewhere.
//
// Rejected: n = 0 for all of them, as distcc's Python server does: unity builds would never be distributed in
// pump mode. What cannot be rewritten is left alone and told, so that the caller can give up: a name that
// comes from a macro (it is not found here at all), one split over lines, #include_next.
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
  std::size_t begin = 0,
              end = 0;  ///< the name with its delimiters, in the file's bytes; equal: cannot be rewritten
};

/// The directives of this text that name a file absolutely, in order.
std::vector<AbsoluteInclude> find_absolute_includes(std::string_view bytes, const LexMode& lex);

/// One replacement: bytes [begin, end) become `text`.
struct Replacement {
  std::size_t begin = 0, end = 0;
  std::string text;
};
/// Replacements in order, not overlapping.
std::string replaced(std::string_view bytes, const std::vector<Replacement>& replacements);

/// Remembers the result by content and mode. Any thread.
class AbsoluteIncludeCache {
 public:
  using Found = std::shared_ptr<const std::vector<AbsoluteInclude>>;
  /// Of the version in force; nullptr where there are none, as a rule. Error: as FileTree::load.
  Expected<Found> of(FileTree& tree, const Entry& entry, const LexMode& lex);

  /// The entries of which of() has said so far that there are none under that mode. Keeps of() waiting: for a
  /// moment only.
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
  /// One text has a directive where another mode sees the inside of a string.
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
