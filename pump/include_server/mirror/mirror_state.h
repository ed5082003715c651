// What a Mirror consists of: its roots, what stands in them, and an index of it. All but `first` and the counters is
// guarded by the mutex named beside it.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pump/include_server/mirror/mirror.h"
#include "pump/include_server/mirror/mirror_root.h"
#include "pump/include_server/mirror/mirror_watch.h"

namespace pump::include_server {

/// A copy by what a request knows of it without building a string.
struct CopyView {
  const Entry* entry;
  std::string_view spelled, prologue;
  unsigned padding;
};
struct CopyKey {
  const Entry* entry;
  std::string spelled, prologue;
  unsigned padding;
};
struct CopyHash {
  std::size_t operator()(const auto& copy) const {
    return (reinterpret_cast<std::uintptr_t>(copy.entry) >> 4U) * 0x9E3779B97F4A7C15U >> 20U;
  }
};
struct CopyEqual {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const {
    return a.entry == b.entry && a.padding == b.padding && a.spelled == b.spelled && a.prologue == b.prologue;
  }
};

struct TextHash {
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

struct Mirror::State {
  static constexpr unsigned kMaxRoots = 1024;

  struct Slot {
    ContentHash hash;
    std::uint64_t order = 0;
    std::uint64_t size = 0;
    std::string path;
    std::string token;  ///< the path as it stands in a reply
    bool in_first_root = false;
    bool gone = false;  ///< something else stands at the path
  };
  struct Root {
    explicit Root(MirrorRoot made) : root(std::move(made)) {}
    MirrorRoot root;
    tsl::robin_set<std::string, TextHash, TextEqual> directories;  ///< made, and known to be real directories
  };
  /// Makes what is to stand at the given path.
  using Writer = Status (State::*)(const std::string& path, const std::string& content);

  std::string base;
  std::mutex structure;  ///< directories, `roots`, `taken`
  std::deque<Root> roots;
  std::atomic<Root*> first{nullptr};
  std::atomic<bool> damaged{false};             ///< a root is missing, or something in one
  tsl::robin_map<std::string, unsigned> taken;  ///< name in a root -> roots in which it stands

  mutable std::shared_mutex indexed;
  std::unordered_map<std::string, Slot> index;     ///< the slots' addresses last
  std::unordered_map<std::string, Slot*> by_path;  ///< whose slot what stands there is
  tsl::robin_map<CopyKey, const Slot*, CopyHash, CopyEqual> by_entry;
  std::array<std::mutex, 64>
      writing;  ///< by name in a root: each file is compressed once, one variant at a time
  std::atomic<std::uint64_t> written{0};
  std::atomic<std::uint64_t> temporaries{0};
  MirrorWatch watch;  ///< behind `roots`: it ends before they are removed

  Expected<Root*> root(unsigned number);
  Status make_parents(Root& in, std::string_view name);
  /// Puts `content` under `name` into the first root from the wanted one on in which nothing else is in the
  /// way.
  Expected<std::string> place(const std::string& name, const std::string& content, Writer write,
                              unsigned roots_at_most);
  Status put_file(const std::string& path, const std::string& content);
  /// In place of the file that stands there; who reads it sees the one or the other.
  Status replace_file(const std::string& path, const std::string& content);
  Status put_link(const std::string& path, const std::string& target);
  std::string temporary_path();
  /// What was made before and is missing now was removed by somebody.
  Status noticed(Status status);
  std::mutex& writer_of(const std::string& name) {
    return writing[std::hash<std::string>()(name) % writing.size()];
  }
  std::optional<Slot> slot(const std::string& key) const;
  /// The path of the key's file where it holds that content. `order`: as for Mirror::find.
  std::optional<std::string> find(const std::string& key, const ContentHash& hash, std::uint64_t order);
  /// Before the slot's file is replaced by a version of that order: from here on nobody is told that the old
  /// one is there. False where a later version is, or has been told to be, or another variant of the same
  /// version.
  bool claim(const std::string& key, std::uint64_t order);
  /// The key's file, in place of the version `known` where there is one, else under `name`. Its writer holds
  /// writer_of(name).
  Expected<std::string> put_copy(const std::string& key, const std::string& name,
                                 const std::optional<Slot>& known, const FileVersion& version,
                                 const std::string& compressed);
  void remember(const std::string& key, Slot slot);
  void forget_path(const std::string& path);
};

}  // namespace pump::include_server
