// Where an #include leads: the compiler's lookup rules over the cached file tree, with the results kept per
// search path.
//
// A kept result names every entry it depends on; one check per unit that these are still in force makes it as
// good as a fresh lookup. One per worker.
#pragma once

#include <tsl/robin_map.h>

#include <deque>
#include <memory>
#include <vector>

#include "pump/include_server/file_tree.h"
#include "pump/include_server/scan.h"
#include "pump/include_server/symbols.h"
#include "pump/include_server/unit.h"

namespace pump::include_server {

enum class Certainty : std::uint8_t { No, Maybe, Yes };

/// One version of a file, with what the unit being walked knows about it.
struct SourceFile {
  const Entry* entry = nullptr;
  bool hashed = false;
  ContentHash hash;
  /// Another file may be taken for this one by #pragma once: same content (gcc), or hard links (clang).
  bool has_twin = false;
  std::uint32_t scan_mode = 0;
  const Scan* scan = nullptr;  ///< in `scan_mode`
  /// In every mode it was walked in, kept: definitions are compared by address.
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const Scan>>> scans;

  // In the current unit, once `epoch` is the unit's:
  std::uint32_t epoch = 0;
  std::uint32_t closure_index = 0;
  Certainty once = Certainty::No;  ///< #pragma once or #import was seen
  Certainty entered = Certainty::No;
  bool entered_absolute = false, entered_relative = false;

  std::uint32_t summary_stamp = 0, summary_index = 0;  ///< scratch of Recorder
};

/// What was looked for, and where from: IncludeLookup's business.
struct LookupKey {
  std::uint32_t start, directory, name;
  bool operator==(const LookupKey&) const = default;
};

struct Resolution {
  static constexpr int kBeside = -1;   ///< found in the includer's directory
  static constexpr int kNoChain = -2;  ///< an absolute name, or a file named on the command line

  bool found = false;
  bool only_precompiled = false;  ///< x.h is missing, but x.h.gch exists
  SourceFile* file = nullptr;     ///< nullptr: not found, or no regular file
  Symbol spelled = 0;             ///< as the compiler reports it in __FILE__
  Symbol directory = 0;           ///< its dirname
  int found_at = kNoChain;        ///< index in the search path
  bool system_headers = false;    ///< found as gcc finds system headers: its own includes are, too
  Trace trace;
  /// Of trace.consulted, .links and .traversed, one after the other: see IncludeLookup::first_use.
  std::vector<std::uint32_t> ids;
  std::uint32_t validated = 0;     ///< epoch
  std::uint64_t generation = 0;    ///< of the tree, when last validated
  std::uint32_t recorded = 0;      ///< epoch in which the walk put it into the closure
  std::uint32_t version = 0;       ///< how often it was looked up anew
  LookupKey key{};

  std::uint32_t summary_stamp = 0, summary_index = 0;  ///< scratch of Recorder
};

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
  /// True where a resolution that get() once returned still leads where it did; looks it up anew otherwise.
  bool still(Resolution& resolution, std::uint32_t version) {
    if (resolution.validated != epoch_) check(resolution);
    return resolution.version == version;
  }
  /// Counts the times resolutions were dropped: pointers to them are void then.
  [[nodiscard]] std::uint32_t drops() const { return drops_; }
  /// True for the first caller in this unit.
  bool first_use(std::uint32_t id) { return std::exchange(stamps_[id], epoch_) != epoch_; }

 private:
  using Key = LookupKey;
  struct HashKey {
    std::size_t operator()(const Key& key) const {
      std::uint64_t mixed = (std::uint64_t{key.directory} << 32U | key.name) * 0x9E3779B97F4A7C15U;
      mixed ^= std::uint64_t{key.start} * 0xC2B2AE3D27D4EB4FU;
      return static_cast<std::size_t>(mixed ^ (mixed >> 29U));
    }
  };
  /// All lookups of one (search path, working directory, compiler family).
  struct Space {
    std::uint64_t search_id = 0;
    const Directory* cwd = nullptr;
    bool clang = false;
    std::uint32_t used = 0;
    tsl::robin_map<Key, Resolution*, HashKey> known;
    std::deque<Resolution> resolutions;
  };
  static constexpr std::uint32_t kBeginPath = ~0U, kBeginBeside = ~0U - 1, kBeginBesideSystem = ~0U - 2;

  Resolution& get(const Key& key);
  void check(Resolution& resolution);
  void resolve(const Key& key, Resolution& result);
  bool try_path(std::string spelled, int found_at, bool system, Resolution& result);
  void try_chain(std::size_t start, std::string_view name, Resolution& result);
  void look_for_precompiled(std::size_t start, const Key& key, std::string_view name, Resolution& result);
  SourceFile* source_file(const Entry* entry);
  void number(Resolution& result);
  std::uint32_t id_of(const void* thing);

  FileTree& tree_;
  const SearchPath* search_ = nullptr;
  Directory* cwd_ = nullptr;
  bool clang_ = false;
  std::uint32_t epoch_ = 0;
  std::uint64_t generation_ = 0;
  Space* space_ = nullptr;
  std::vector<std::unique_ptr<Space>> spaces_;
  std::size_t resolutions_ = 0;
  std::uint32_t drops_ = 0;
  std::deque<SourceFile> files_;
  tsl::robin_map<const Entry*, SourceFile*> file_of_;
  tsl::robin_map<const void*, std::uint32_t> id_of_;  ///< of entries and directories
  std::vector<std::uint32_t> stamps_;
};

}  // namespace pump::include_server
