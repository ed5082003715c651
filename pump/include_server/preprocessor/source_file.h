// The source files that a Preprocessor has read: one SourceFile per version of a file, with its scans and
// their cached results.
//
// Files and scans are kept for as long as the table lives, because macro definitions are compared by address.
// Part of one Walker; not thread-safe. The caller of Preprocessor::run() holds the Snapshot of the file tree.
#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/lexer/scan_cache.h"
#include "pump/include_server/preprocessor/evaluation_cache.h"
#include "pump/os/error.h"

namespace pump::include_server {

/// Maybe: it depends on a condition that is not known.
enum class Certainty : std::uint8_t { No, Maybe, Yes };

/// A scan with the cached results of its directives.
struct WalkedScan {
  explicit WalkedScan(std::shared_ptr<const Scan> the_scan)
      : scan(std::move(the_scan)),
        size(static_cast<DirectiveIndex>(scan->directives.size())),
        includes(scan->literal_includes),
        runs(size),
        conditions(scan->expressions.size()) {}

  std::shared_ptr<const Scan> scan;
  DirectiveIndex size;                   ///< number of directives
  std::vector<CachedInclude> includes;   ///< by Directive::slot of an #include that names its header
  std::vector<ResultNumber> runs;        ///< by the index of the run's first directive
  std::vector<ResultNumber> conditions;  ///< by Directive::slot of an #if or #elif

  /// Approximate memory use, the scan included.
  [[nodiscard]] std::size_t bytes() const;
};

/// One version of a file.
struct SourceFile {
  static constexpr std::uint32_t kNotInClosure = ~0U;

  const Entry* entry = nullptr;
  ContentHash hash;     ///< valid if `hashed`
  bool hashed = false;  ///< its content has been read
  /// Another file may be the same file to the compiler (file_states.h): a hard link, or equal content.
  bool may_have_same_file = false;
  WalkedScan* walked = nullptr;  ///< the scan in `scan_mode`
  std::uint32_t scan_mode = 0;   ///< ScanMode::bits() + 1; 0: none
  Symbol guard = 0;              ///< that scan's Scan::guard

  // State in the current translation unit; SourceFileTable::in_unit() resets it.
  std::uint32_t epoch = 0;                      ///< number of the unit
  std::uint32_t closure_index = kNotInClosure;  ///< in Closure::files
  Certainty once = Certainty::No;               ///< #pragma once or #import was seen: file_states.h
  Certainty entered = Certainty::No;            ///< file_states.h
  bool once_listed = false;                     ///< `once` was not No at some time
  bool entered_absolute = false;                ///< entered by an absolute path
  bool entered_relative = false;                ///< entered by a relative path
  bool servers_own = false;                     ///< ClosureFile::servers_own

  /// The scan of each mode in which the file was walked.
  std::vector<std::pair<std::uint32_t, std::unique_ptr<WalkedScan>>> scans;
};

class SourceFileTable {
 public:
  SourceFileTable(FileTree& tree, ScanCache& scans) : tree_(tree), scans_(scans) {}

  /// Files are scanned in `mode` from now on.
  void begin_unit(const ScanMode& mode);
  /// `entry` is of kind File. The address stays the same.
  SourceFile& file_of(const Entry& entry);
  /// Resets the file's state if the file is new to the current unit.
  SourceFile& in_unit(SourceFile& file) const;
  /// Reads and scans the file if that was not done before. EAGAIN: the file changed since the Snapshot.
  Expected<WalkedScan*> scan_of(SourceFile& file) {
    if (file.walked != nullptr && file.scan_mode == mode_bits_) return file.walked;
    return load_scan(file);
  }
  /// True if the file's scan in the current mode is known and has a guard.
  [[nodiscard]] bool has_guard(const SourceFile& file) const {
    return file.scan_mode == mode_bits_ && file.guard != 0;
  }

  /// Call these when the result stores are cleared.
  void forget_runs();
  void forget_conditions();
  /// Memory used for versions that have been replaced. It cannot be freed while the table lives.
  [[nodiscard]] std::size_t outdated_bytes() const;

 private:
  Expected<WalkedScan*> load_scan(SourceFile& file);
  void look_for_same_content(SourceFile& file);

  FileTree& tree_;
  ScanCache& scans_;
  ScanMode mode_;
  std::uint32_t mode_bits_ = 0;
  std::uint32_t epoch_ = 0;
  std::deque<SourceFile> files_;
  tsl::robin_map<const Entry*, SourceFile*> file_of_;
  tsl::robin_map<std::uint64_t, SourceFile*> file_of_content_;  ///< the first file of each ContentHash::low
};

}  // namespace pump::include_server
