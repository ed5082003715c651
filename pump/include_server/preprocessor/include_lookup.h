// Which file an #include names: the compiler's lookup rules over the cached file tree.
//
// #include "name" looks in the includer's directory, then along the search path; #include <name> along the
// search path from SearchPath::bracket_start; #include_next from the directory after the one the includer was
// found in.
//
// Results are kept per search path. A kept result lists every entry of the file tree that it depends on, and
// is looked up again if one of them changed. Nothing is checked twice in one translation unit.
//
// Part of one Walker; not thread-safe. The caller of Preprocessor::run() holds the Snapshot of the file tree.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/preprocessor/source_file.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// What is looked up, and where the lookup starts. Internal to IncludeLookup.
struct LookupKey {
  std::uint32_t start, directory, name;
  bool operator==(const LookupKey&) const = default;
};

/// The links and directories that a path leads through. Interned: equal values share one object, because the
/// files of one directory are usually reached in the same way.
struct Traversal {
  std::vector<const Entry*> links;
  std::vector<const Directory*> directories;
  std::vector<std::uint32_t> ids;  ///< of the links, then of the directories
  std::uint32_t recorded = 0;      ///< epoch in which all of it was put into the closure
};

/// A directory by one of its paths, with what finding it depended on. Shared by everything that is found in
/// it.
struct DirectoryPath {
  Symbol spelled = 0;
  std::uint32_t validated = 0;     ///< epoch of the last check
  std::uint32_t recorded = 0;      ///< epoch in which `consulted` was put into the closure
  std::uint32_t version = 0;       ///< how often it was looked up
  Directory* directory = nullptr;  ///< nullptr: there is none
  SharedEntries consulted = nullptr;
  const Entry* unreadable = nullptr;  ///< as in Resolution
  std::uint64_t generation = 0;       ///< of the tree, at the last check
  Trace trace;                        ///< without `consulted`
};

/// The result of a lookup.
struct Resolution {
  static constexpr int kBeside = -1;   ///< found in the includer's directory
  static constexpr int kNoChain = -2;  ///< an absolute name, or a file named on the command line

  bool found = false;
  SourceFile* file = nullptr;  ///< nullptr: not found, or not a regular file
  Symbol spelled = 0;          ///< the path as the compiler reports it in __FILE__
  std::string_view text;       ///< spelling of `spelled`
  std::string_view
      unshortened;  ///< the relative path, if `spelled` is the real one because that is shorter; interned
  Symbol directory = 0;           ///< directory part of `spelled`
  int found_at = kNoChain;        ///< index in SearchPath::directories, kBeside or kNoChain
  bool only_precompiled = false;  ///< x.h does not exist, but x.h.gch does
  /// What the compiler cannot look at, for another reason than that nothing is there; nullptr: none.
  const Entry* unreadable = nullptr;
  bool system_headers = false;  ///< found as gcc finds system headers; so are its own includes
  /// For clang: the directory that holds the name. It is not the file's directory if the name is a link.
  const Directory* parent = nullptr;

  // For IncludeLookup: what the result depends on.
  LookupKey key{};
  SharedEntries consulted = nullptr;      ///< without those of `paths`
  Traversal* traversal = nullptr;         ///< nullptr: nothing but the working directory
  std::array<DirectoryPath*, 2> paths{};  ///< directories that were looked in; nullptr: none
  std::array<std::uint32_t, 2> path_versions{};
  std::uint32_t validated = 0;   ///< epoch of the last check
  std::uint32_t recorded = 0;    ///< epoch in which it was put into the closure
  std::uint64_t generation = 0;  ///< of the tree, at the last check
};

class IncludeLookup {
 public:
  IncludeLookup(FileTree& tree, SourceFileTable& files) : tree_(tree), files_(files) {}

  /// `unit` must live until the next call. Resolutions stay valid until then.
  void begin_unit(const Unit& unit);
  /// A path from the working directory: the source, an extra input.
  Resolution& path(std::string_view spelled);
  /// `#include "name"` in a file whose directory part is `directory`, or `#include <name>`.
  /// `system`: that file is a system header.
  Resolution& include(Symbol directory, Symbol name, bool angled, bool system = false);
  /// `#include_next`: the search path from index `start` on.
  Resolution& chain(std::size_t start, Symbol name);

  /// Number of the translation unit.
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// Number of the present set of kept results (one search path, working directory and compiler family).
  /// Resolutions of the present space exist as long as its number is seen; those of others may be gone.
  [[nodiscard]] std::uint32_t space() const { return space_->number; }
  /// Updates a resolution of this space that was kept by the caller.
  Resolution& in_force(Resolution& resolution) {
    if (resolution.validated < quiet_since_) check(resolution);
    return resolution;
  }
  /// The file "x.h.gch" that gcc finds no later than the resolution's file, or any if there is no file; empty: none. Adds what
  /// that depends on to the closure.
  std::string precompiled(const Resolution& resolution, Closure& closure);
  /// Adds what the resolution depends on and leads through to the closure, each entry once per unit.
  void put_into(Closure& closure, Resolution& resolution);

 private:
  struct HashKey {
    std::size_t operator()(const LookupKey& key) const {
      std::uint64_t mixed = (std::uint64_t{key.directory} << 32U | key.name) * 0x9E3779B97F4A7C15U;
      mixed ^= std::uint64_t{key.start} * 0xC2B2AE3D27D4EB4FU;
      return static_cast<std::size_t>(mixed ^ (mixed >> 29U));
    }
  };
  /// All lookups of one search path, working directory, compiler family and directory naming.
  struct Space {
    std::uint32_t number = 0;
    std::uint64_t search_id = 0;
    const Directory* cwd = nullptr;
    bool clang = false, first_names_count = false;
    std::uint32_t used = 0;  ///< epoch of the last use
    tsl::robin_map<LookupKey, Resolution*, HashKey> known;
    std::deque<Resolution> resolutions;
    tsl::robin_map<Symbol, DirectoryPath*> path_of;
    std::deque<DirectoryPath> paths;
  };
  /// LookupKey::start: an index in the search path, or one of these.
  static constexpr std::uint32_t kBeginPath = ~0U, kBeginBeside = ~0U - 1, kBeginBesideSystem = ~0U - 2;

  Resolution& get(const LookupKey& key);
  void check(Resolution& resolution);
  void resolve(const LookupKey& key, Resolution& result);
  DirectoryPath& directory_path(Symbol spelled);
  void check(DirectoryPath& path);
  void look_up(DirectoryPath& path);
  void depend_on(DirectoryPath& path, Resolution& result, Trace& trace);
  bool try_path(std::string_view directory, std::string_view name, int found_at, bool system,
                Resolution& result, Trace& trace);
  void try_chain(std::size_t start, std::string_view name, Resolution& result, Trace& trace);
  void note_root(const std::vector<const Directory*>& traversed);
  /// `end`: of the directories in the search path to look in.
  std::string find_precompiled(const LookupKey& key, std::size_t end, Trace& trace);
  bool first_use(std::uint32_t id) { return std::exchange(stamps_[id], epoch_) != epoch_; }
  void put_traversal(Closure& closure, const Traversal& traversal);
  Traversal* traversal_of(const Trace& trace);
  std::uint32_t id_of(const void* thing);

  FileTree& tree_;
  SourceFileTable& files_;
  const SearchPath* search_ = nullptr;
  Directory* cwd_ = nullptr;
  bool clang_ = false;
  bool first_names_count_ = false;  ///< DirectoryNaming::First
  std::uint32_t epoch_ = 0;
  std::uint32_t quiet_since_ = 0;  ///< epoch: what was valid then, or later, is still valid
  std::uint64_t generation_ = 0;   ///< of the tree
  Space* space_ = nullptr;
  std::vector<std::unique_ptr<Space>> spaces_;
  std::size_t resolutions_ = 0;  ///< in all spaces
  std::uint32_t spaces_made_ = 0;
  std::map<std::vector<std::uint32_t>, Traversal> traversals_;  ///< by Traversal::ids
  tsl::robin_map<const void*, std::uint32_t> id_of_;            ///< of links and directories
  std::vector<std::uint32_t> stamps_;                           ///< by id: epoch of the last use
  // Buffers that are used within one function; they keep their capacity.
  Trace scratch_;
  std::vector<const Directory*> beyond_root_;  ///< "/", if a lookup went up from there
  std::vector<std::uint32_t> scratch_ids_;
};

}  // namespace pump::include_server
