// The files of closures as fragments (pump/distcc/fragments.h), for launchers. The mirror is the same for stock clients.
//
// A fragment is found by what it is made of, and never changes: a file that was edited, or that a unit needs with other
// edits, is another fragment. So nothing is ever in the way of anything, and a reply stays right for as long as its
// launcher holds it. What is no longer needed stays until all fragments are dropped together (CurrentFragments).
//
// Any thread may call any method.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/mirror/fragment_file.h"
#include "pump/include_server/send_plan/copy_edits.h"

namespace pump::include_server {

class Fragments {
 public:
  /// Error: as FragmentFile::create().
  static Expected<std::shared_ptr<Fragments>> create();
  explicit Fragments(std::unique_ptr<FragmentFile> file) : file_(std::move(file)) {}
  Fragments(const Fragments&) = delete;
  Fragments& operator=(const Fragments&) = delete;

  /// The fragment of that content of the entry's file, if there is one.
  std::optional<distcc::Extent> find(const Entry& entry, const ContentHash& hash, const CopyEdits& edits);
  /// The fragment of `version` of the entry's file, which is written unless it is there. Errors, here and below:
  /// ENAMETOOLONG: distccd could not make the file; FragmentFile::append().
  Expected<distcc::Extent> file(const Entry& entry, const FileVersion& version, const CopyEdits& edits);
  /// Writes the fragment as file() does, unless it is there or another thread is writing it. False if it did not.
  bool try_file(const Entry& entry, const FileVersion& version, const CopyEdits& edits);
  /// A link at `path` with that target.
  Expected<distcc::Extent> link(const std::string& path, const std::string& target);
  /// Makes distccd create the directory `path`.
  Expected<distcc::Extent> directory(const std::string& path);

  /// For many lookups in a row. While a Reader exists, all changes wait: keep it for a moment only, and change nothing by
  /// the same thread.
  class Reader {
   public:
    explicit Reader(const Fragments& fragments) : fragments_(fragments), lock_(fragments.mutex_) {}
    /// find(), for an entry whose fragment find() or file() has given before.
    [[nodiscard]] std::optional<distcc::Extent> find(const Entry& entry, const ContentHash& hash,
                                                     const CopyEdits& edits) const;

   private:
    const Fragments& fragments_;
    std::shared_lock<std::shared_mutex> lock_;
  };

  [[nodiscard]] std::uint64_t bytes() const { return file_->size(); }
  [[nodiscard]] int fd() const { return file_->fd(); }  ///< of the file that the extents are of

 private:
  struct Hasher {
    std::size_t operator()(const ContentHash& hash) const { return static_cast<std::size_t>(hash.low); }
  };

  std::optional<distcc::Extent> known(const ContentHash& key) const;
  /// Needs writer_of(by_path).
  Expected<distcc::Extent> write_file(const ContentHash& by_entry, const ContentHash& by_path,
                                      const std::string& path, const FileVersion& version,
                                      const CopyEdits& edits);
  Expected<distcc::Extent> append(const ContentHash& key, const std::string& name, std::string_view header,
                                  std::string_view content);
  std::mutex& writer_of(const ContentHash& key) { return writing_[key.high % writing_.size()]; }

  mutable std::shared_mutex mutex_;  ///< `extents_`
  /// By hashes of what the fragments are made of. A file's has two: with its path, and with its entry, which is found
  /// without making a path.
  tsl::robin_map<ContentHash, distcc::Extent, Hasher> extents_;
  std::mutex appending_;  ///< appends to `file_`
  const std::unique_ptr<FragmentFile> file_;
  std::array<std::mutex, 64> writing_;  ///< by key: a fragment is made once
};

}  // namespace pump::include_server
