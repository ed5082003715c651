// Where an #include leads: the compiler's lookup rules over the cached file tree, with the results kept per
// search path.
//
// A kept result names every entry it depends on; one check per unit that these are still in force makes it as
// good as a fresh lookup. One per worker.
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
#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/preprocessor/evaluation_cache.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

enum class Certainty : std::uint8_t { No, Maybe, Yes };

/// One version of a file, with what the unit being walked knows about it: but for `scans` in one cache line,
/// because a walk looks at it for every #include.
struct alignas(64) SourceFile {
  const Entry* entry = nullptr;
  WalkedScan* walked = nullptr;  ///< in `scan_mode`
  ContentHash hash;
  std::uint32_t scan_mode = 0;
  Symbol guard = 0;  ///< the scan's
  bool hashed = false;
  /// Another file may be taken for this one by #pragma once: same content (gcc), or hard links (clang).
  bool has_twin = false;

  // In the current unit, once `epoch` is the unit's:
  bool entered_absolute = false, entered_relative = false;
  std::uint32_t epoch = 0;
  std::uint32_t closure_index = 0;
  Certainty once = Certainty::No;  ///< #pragma once or #import was seen
  Certainty entered = Certainty::No;
  bool once_listed = false;  ///< `once` was not No at some time
  bool servers_own = false;  ///< ClosureFile's

  /// In every mode it was walked in, kept: definitions are compared by address.
  std::vector<std::pair<std::uint32_t, std::unique_ptr<WalkedScan>>> scans;
};
static_assert(offsetof(SourceFile, scans) <= 64);

/// What was looked for, and where from: IncludeLookup's business.
struct LookupKey {
  std::uint32_t start, directory, name;
  bool operator==(const LookupKey&) const = default;
};

/// The links and directories that a path leads through. Equal ones are one: the files of a directory, as a
/// rule, come by the same way.
struct Way {
  std::vector<const Entry*> links;
  std::vector<const Directory*> traversed;
  std::vector<std::uint32_t> ids;  ///< of links and traversed, one after the other
  std::uint32_t used_in = 0;       ///< epoch: all of it is in the closure
};

/// A directory by one of its names, and what the walk to it consulted: shared by all that is found below it.
struct DirectoryPath {
  Symbol spelled = 0;
  std::uint32_t validated = 0;     ///< epoch, as the next
  std::uint32_t consulted_in = 0;  ///< what it depends on is in the closure
  std::uint32_t version = 0;       ///< how often it was walked anew
  Directory* directory = nullptr;  ///< nullptr: there is none
  SharedEntries consulted = nullptr;
  std::uint64_t generation = 0;
  Trace trace;  ///< but for `consulted`
};

struct alignas(64) Resolution {
  static constexpr int kBeside = -1;   ///< found in the includer's directory
  static constexpr int kNoChain = -2;  ///< an absolute name, or a file named on the command line

  // What a directive that comes here once more looks at, in one cache line.
  SourceFile* file = nullptr;             ///< nullptr: not found, or no regular file
  SharedEntries consulted = nullptr;      ///< but for those of `paths`
  Way* way = nullptr;                     ///< nullptr: through nothing but the working directory
  std::array<DirectoryPath*, 2> paths{};  ///< directories looked in by a path; nullptr: none
  std::uint32_t validated = 0;            ///< epoch
  std::uint32_t recorded = 0;             ///< epoch in which the walk put it into the closure
  Symbol spelled = 0;                     ///< as the compiler reports it in __FILE__
  Symbol directory = 0;                   ///< its dirname
  int found_at = kNoChain;                ///< index in the search path
  bool found = false;
  bool only_precompiled = false;  ///< x.h is missing, but x.h.gch exists
  bool system_headers = false;    ///< found as gcc finds system headers: its own includes are, too

  std::string_view text;         ///< of `spelled`, in the next line
  std::uint64_t generation = 0;  ///< of the tree, when last validated
  std::array<std::uint32_t, 2> path_versions{};
  LookupKey key{};
  const Directory* parent = nullptr;  ///< clang: where its name stands; another one than the file's by a link
};
static_assert(offsetof(Resolution, text) == 64);

class IncludeLookup {
 public:
  explicit IncludeLookup(FileTree& tree) : tree_(tree) {}

  void begin_unit(const Unit& unit);
  /// A path from the working directory: the source, an extra input.
  Resolution& path(std::string_view spelled);
  /// `#include "name"` in a file whose dirname is `directory`, or `#include <name>`.
  /// `system`: that file is a system header.
  Resolution& include(Symbol directory, Symbol name, bool angled, bool system = false);
  /// The chain from `start` on: #include_next.
  Resolution& chain(std::size_t start, Symbol name);

  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// The number of the unit's lookups: resolutions of one space stay, those of another may have been dropped.
  [[nodiscard]] std::uint32_t space() const { return space_->number; }
  /// What get() once returned in this space, looked up anew where it leads somewhere else now.
  Resolution& in_force(Resolution& resolution) {
    if (resolution.validated < quiet_since_) check(resolution);
    return resolution;
  }
  /// Lets conditions be evaluated anew: definitions outside of the scans of files are dropped.
  void forget_conditions(ConditionStore& store);
  void forget_runs();
  /// Scans of versions that are no longer in force, 32 MiB and more. They cannot be freed one by one:
  /// definitions are known by their addresses.
  [[nodiscard]] bool holds_much_that_is_outdated();
  /// What a resolution depends on and leads through, each once per unit.
  void put_into(Closure& closure, Resolution& resolution);

 private:
  using Key = LookupKey;
  struct HashKey {
    std::size_t operator()(const Key& key) const {
      std::uint64_t mixed = (std::uint64_t{key.directory} << 32U | key.name) * 0x9E3779B97F4A7C15U;
      mixed ^= std::uint64_t{key.start} * 0xC2B2AE3D27D4EB4FU;
      return static_cast<std::size_t>(mixed ^ (mixed >> 29U));
    }
  };
  /// All lookups of one (search path, working directory, compiler family and naming).
  struct Space {
    std::uint32_t number = 0;
    std::uint64_t search_id = 0;
    const Directory* cwd = nullptr;
    bool clang = false, first_names_count = false;
    std::uint32_t used = 0;
    tsl::robin_map<Key, Resolution*, HashKey> known;
    std::deque<Resolution> resolutions;
    tsl::robin_map<Symbol, DirectoryPath*> path_of;
    std::deque<DirectoryPath> paths;
  };
  static constexpr std::uint32_t kBeginPath = ~0U, kBeginBeside = ~0U - 1, kBeginBesideSystem = ~0U - 2;

  Resolution& get(const Key& key);
  void check(Resolution& resolution);
  void resolve(const Key& key, Resolution& result);
  DirectoryPath& directory_path(Symbol spelled);
  void check(DirectoryPath& path);
  void walk_to(DirectoryPath& path);
  void depend_on(DirectoryPath& path, Resolution& result, Trace& trace);
  bool try_path(std::string_view directory, std::string_view name, int found_at, bool system,
                Resolution& result, Trace& trace);
  void try_chain(std::size_t start, std::string_view name, Resolution& result, Trace& trace);
  void note_root(const std::vector<const Directory*>& traversed);
  void look_for_precompiled(std::size_t start, const Key& key, std::string_view name, Resolution& result,
                            Trace& trace);
  SourceFile* source_file(const Entry* entry);
  bool first_use(std::uint32_t id) { return std::exchange(stamps_[id], epoch_) != epoch_; }
  void put_way(Closure& closure, Way& way);
  /// nullptr where there is nothing.
  Way* way_of(const Trace& trace);
  std::uint32_t id_of(const void* thing);

  FileTree& tree_;
  const SearchPath* search_ = nullptr;
  Directory* cwd_ = nullptr;
  bool clang_ = false;
  bool first_names_count_ = false;  ///< DirectoryNaming::First
  std::uint32_t epoch_ = 0;
  std::uint32_t quiet_since_ = 0;  ///< epoch: what was valid then, or later, still is
  std::uint64_t generation_ = 0;
  std::uint64_t weighed_at_ = 0;  ///< generation, by holds_much_that_is_outdated()
  Space* space_ = nullptr;
  std::vector<std::unique_ptr<Space>> spaces_;
  std::size_t resolutions_ = 0;
  std::uint32_t spaces_made_ = 0;
  std::deque<SourceFile> files_;
  tsl::robin_map<const Entry*, SourceFile*> file_of_;
  std::map<std::vector<std::uint32_t>, Way> ways_;    ///< by Way::ids
  tsl::robin_map<const void*, std::uint32_t> id_of_;  ///< of links and directories
  std::vector<std::uint32_t> stamps_;
  // Used within one function each time; their room is kept.
  Trace scratch_;
  std::vector<const Directory*> beyond_root_;  ///< "/", where a lookup went up from there
  std::vector<std::uint32_t> scratch_ids_;
};

}  // namespace pump::include_server
