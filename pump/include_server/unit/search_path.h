// The search path: the directories that `#include` searches, in order. A value type; any thread.
// search_path_builder.h makes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"

namespace pump::include_server {

struct SearchDirectory {
  std::string spelled;  ///< as the compiler will report it: prefix of __FILE__ ("" for the cwd given as "")
  Directory* directory = nullptr;
  bool system = false;          ///< a default directory of the compiler
  bool system_headers = false;  ///< files found here are system headers: -isystem, -idirafter, or a default
  std::vector<const Entry*> links{};          ///< on the path to it
  std::vector<const Directory*> traversed{};  ///< on the path to it
};

/// Quote directories, then -I, -isystem, defaults, -idirafter; the compiler's duplicates and missing
/// directories are already removed. `#include "x"` starts at the includer's own directory, then at index 0;
/// `#include <x>` starts at `bracket_start`.
struct SearchPath {
  std::vector<SearchDirectory> directories;
  std::size_t bracket_start = 0;
  bool split = false;  ///< -I-: the includer's directory is not searched
  /// gcc's -fcanonical-system-headers, on by default: a system header is reported by its real path if that is
  /// shorter (gcc 12, libcpp/files.cc, maybe_shorter_path).
  bool shortens_system_paths = false;
  std::uint64_t id = 0;  ///< a key for caches: equal ids mean equal paths; set by search_path_cache.h
  /// clang names a directory as it was first opened. When it sets up the search path it opens the directories
  /// that are searched, and the parents of those that are missing.
  struct FirstName {
    const Directory* directory;
    std::string name;
  };
  std::vector<FirstName> first_names;
  /// The element of `first_names` for this directory, or nullptr.
  [[nodiscard]] const FirstName* first_name_of(const Directory* directory) const;
  /// The user's directories. If one were missing on the compile server, clang would use another name for its
  /// parent.
  struct Named {
    const Directory* directory;
    std::string name;
    const Directory* parent;
    std::vector<const Entry*> links;  ///< on the path to it
  };
  std::vector<Named> named;
  std::vector<const Entry*> consulted;  ///< what the path depends on
  /// Links and directories that must be on the server though nothing is found through them. Usually empty: a
  /// file that is found brings those of its own path, and a directory in which nothing is found may be
  /// missing there.
  std::vector<const Entry*> links;
  std::vector<const Directory*> traversed;
};

}  // namespace pump::include_server
