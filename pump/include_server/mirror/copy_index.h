// The contents of a mirror: the path of each copy, link and directory in it, and which version of the file a
// copy is of. Any thread; the class has its own lock.
//
// An item is found by its key, a string that the mirror makes. Files are also found by their entry in the
// file tree, without building a string: that is what nearly every file of nearly every request needs.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/send_plan/copy_edits.h"

namespace pump::include_server {

class CopyIndex {
 public:
  struct Item {
    ContentHash hash;         ///< zero for links and directories, and while a file is being replaced
    std::uint64_t order = 0;  ///< FileVersion::order
    std::uint64_t size = 0;   ///< bytes on disk
    std::string path;
    bool in_first_root = false;
  };

  /// The item; nothing if there is none, or something else has taken its path since.
  [[nodiscard]] std::optional<Item> find(const std::string& key) const;
  /// The path of the key's file, if it has this content. `order`: the version's; from now on no earlier
  /// version replaces it. 0: not known.
  std::optional<std::string> find_version(const std::string& key, const ContentHash& hash,
                                          std::uint64_t order);
  /// Call before the key's file is replaced by a version of that order: from now on nothing finds the old
  /// version. False if a later version is or was there, or another variant of the same version is.
  bool claim(const std::string& key, std::uint64_t order);
  void store(const std::string& key, Item item);
  /// Call after something else was put at this path: its former item is no longer found.
  void forget_path(const std::string& path);
  /// Makes the key's file, if it has this content, known to Reader as the entry's copy with these edits. Not
  /// for edits with replacements.
  void store_entry(const Entry& entry, const CopyEdits& edits, const std::string& key,
                   const ContentHash& hash);
  [[nodiscard]] std::uint64_t bytes() const;  ///< of all items, on disk

  /// For many lookups in a row. While a Reader exists, all changes of the index wait: keep it for a moment
  /// only, and change nothing by the same thread.
  class Reader {
   public:
    explicit Reader(const CopyIndex& index) : index_(index), lock_(index.mutex_) {}
    /// Appends the entry's copy to `reply`, as a token of distcc's protocol. False if there is no such copy,
    /// it has another content, or store_entry() was not called for it. Sets `first_root` to false if the
    /// copy is not in the first root.
    bool append(std::string& reply, const Entry& entry, const ContentHash& hash, const CopyEdits& edits,
                bool& first_root) const;

   private:
    const CopyIndex& index_;
    std::shared_lock<std::shared_mutex> lock_;
  };

 private:
  struct Stored {
    Item item;
    std::string token;  ///< the path as it stands in a reply
    bool gone = false;  ///< something else stands at the path
  };
  struct EntryKey {
    const Entry* entry;
    std::string line_name, prologue;
    unsigned padding;
  };
  struct EntryView {
    const Entry* entry;
    std::string_view line_name, prologue;
    unsigned padding;
  };
  struct EntryHash {
    std::size_t operator()(const auto& key) const {
      return (reinterpret_cast<std::uintptr_t>(key.entry) >> 4U) * 0x9E3779B97F4A7C15U >> 20U;
    }
  };
  struct EntryEqual {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const {
      return a.entry == b.entry && a.padding == b.padding && a.line_name == b.line_name &&
             a.prologue == b.prologue;
    }
  };

  mutable std::shared_mutex mutex_;                 ///< all below
  std::unordered_map<std::string, Stored> by_key_;  ///< addresses of its values stay valid
  std::unordered_map<std::string, Stored*> by_path_;
  tsl::robin_map<EntryKey, const Stored*, EntryHash, EntryEqual> by_entry_;
  std::uint64_t bytes_ = 0;
};

}  // namespace pump::include_server
