// What walks of the cached file tree return: names (Entry) and directories (Directory).
//
// FileTree makes and owns both, and frees none before it ends, so that pointers to them may be kept as
// dependencies. An Entry is one version of a name. A change never edits it: the name gets a new Entry, and
// `changed_at` of the old one is set. Any thread may read them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/file_tree/file_system.h"

namespace pump::include_server {

class Directory;
struct FileContent;

/// One version of one name in one real directory. All but the atomic members are immutable once a walk
/// returned it.
struct Entry {
  /// nullptr only for "/" and for paths that cannot name a file (too long, looping).
  Directory* parent = nullptr;
  std::string name;
  EntryKind kind = EntryKind::Missing;
  /// 0 while this version is in force; greater than any generation once another one has replaced it.
  std::atomic<std::uint64_t> changed_at{0};
  FileStatus status;               ///< a Directory's times, size and links are those of its first lookup
  std::string link_target;         ///< Symlink only
  Directory* directory = nullptr;  ///< Directory only
  /// The real path: no component but possibly the last is a link.
  [[nodiscard]] std::string path() const;

  /// For the file tree's own classes.
  struct Internal {
    std::uint64_t hash = 0;                      ///< of `name`
    std::uint64_t created_at = 0;                ///< generation that made this version; 0: the first one
    Entry* previous = nullptr;                   ///< the version before
    std::atomic<std::uint8_t> flags{0};          ///< EntryFlag
    std::atomic<std::uint64_t> validated_at{0};  ///< the last ticket given out before its last check
    std::atomic<FileContent*> content{nullptr};  ///< once it was loaded
  };
  mutable Internal internal;
};

/// One real directory. If its parent gets another directory of the same name, that is a new Directory.
class Directory {
 public:
  Directory(std::string path, Directory* parent, Entry* self);
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }  ///< real path; "/" for the root
  [[nodiscard]] Directory* parent() const { return parent_; }      ///< the root's parent is the root
  /// Its entry in its parent; nullptr for the root.
  [[nodiscard]] const Entry* self() const { return self_; }
  /// The path of a name in it.
  [[nodiscard]] std::string path_of(std::string_view name) const;

  /// The names looked up in it. For the file tree's own classes (directory_names.h).
  struct Names;
  [[nodiscard]] Names& names() const { return *names_; }

 private:
  std::string path_;
  Directory* parent_;
  Entry* self_;
  std::unique_ptr<Names> names_;
};

}  // namespace pump::include_server
