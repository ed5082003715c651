#include "pump/include_server/mirror/reply_writer.h"

#include <cerrno>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/fragments.h"
#include "pump/include_server/mirror/copy_content.h"
#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

WrittenReply failed(GiveUp reason, std::string detail) {
  return {nullptr, true, reason, std::move(detail)};
}

using Written = tl::expected<void, WrittenReply>;

tl::unexpected<WrittenReply> failure(GiveUp reason, const Error& error) {
  if (error.code == EAGAIN) reason = GiveUp::ChangedMeanwhile;
  // One name that is too long does not make the mirror unusable for others.
  if (reason == GiveUp::MirrorFailed && error.code == ENAMETOOLONG) reason = GiveUp::NotSendable;
  return tl::make_unexpected(failed(reason, error.message));
}

WrittenReply root_removed() {
  return failed(GiveUp::ChangedMeanwhile, "a root of the mirror was removed");
}

// The two kinds of reply have the same members, which ReplyWriter uses.

/// Paths in the mirror.
class PathReply {
 public:
  /// `encoded`: for the reply; it keeps its capacity.
  PathReply(Mirror& mirror, const SendPlan& plan, std::string& encoded) : mirror_(mirror), encoded_(encoded) {
    encoded_.clear();
    append_token(encoded_, "ARGC", static_cast<std::uint32_t>(plan.entries.size()));
  }

  using Reader = CopyIndex::Reader;
  [[nodiscard]] Reader reader() const { return mirror_.reader(); }
  static bool has(const Reader& copies, const SendPlanEntry& entry) {
    std::string ignored;
    bool first_root = true;
    return copies.append(ignored, *entry.file->entry, entry.file->hash, entry.edits, first_root);
  }
  bool append_known(const Reader& copies, const SendPlanEntry& entry) {
    return copies.append(encoded_, *entry.file->entry, entry.file->hash, entry.edits, written_.first_root);
  }

  /// False if there is no copy of this content.
  bool append_found(const SendPlanEntry& entry, const ContentHash& hash) {
    const Entry& file = *entry.file->entry;
    const std::string real_path = file.path();
    const auto path = mirror_.find(real_path, hash, entry.edits, FileTree::order_of(file));
    if (!path) return false;
    mirror_.store_entry(file, real_path, hash, entry.edits);
    append(*path);
    return true;
  }
  Status append_file(const SendPlanEntry& entry, const FileVersion& version) {
    const std::string real_path = entry.file->entry->path();
    PUMP_TRY(const std::string path, mirror_.file(real_path, version, entry.edits));
    mirror_.store_entry(*entry.file->entry, real_path, version.hash, entry.edits);
    append(path);
    return {};
  }
  void try_file(const SendPlanEntry& entry, const FileVersion& version) {
    const std::string real_path = entry.file->entry->path();
    if (entry.edits.replacements.empty() && mirror_.try_file(real_path, version, entry.edits))
      mirror_.store_entry(*entry.file->entry, real_path, version.hash, entry.edits);
  }
  Status append_link(const std::string& real_path, const std::string& target) {
    PUMP_TRY(const std::string path, mirror_.link(real_path, target));
    append(path);
    return {};
  }
  Status append_directory(const std::string& real_path) {
    PUMP_TRY(const std::string path, mirror_.directory(real_path));
    append(path);
    return {};
  }

  [[nodiscard]] bool removed() const { return !mirror_.whole(); }
  WrittenReply finish() {
    if (!written_.first_root && removed()) return root_removed();
    written_.encoded = std::make_shared<const std::string>(encoded_);
    return std::move(written_);
  }

 private:
  void append(const std::string& path) {
    append_token(encoded_, "ARGV", static_cast<std::uint32_t>(path.size()));
    encoded_ += path;
    written_.first_root = written_.first_root && mirror_.in_first_root(path);
  }

  Mirror& mirror_;
  std::string& encoded_;
  WrittenReply written_;
};

/// Extents of the fragments.
class FragmentReply {
 public:
  FragmentReply(Fragments& fragments, std::string_view prediction)
      : fragments_(fragments), prediction_(prediction) {}

  using Reader = Fragments::Reader;
  [[nodiscard]] Reader reader() const { return Reader(fragments_); }
  static bool has(const Reader& fragments, const SendPlanEntry& entry) {
    return fragments.find(*entry.file->entry, entry.file->hash, entry.edits).has_value();
  }
  bool append_known(const Reader& fragments, const SendPlanEntry& entry) {
    return append(entry, fragments.find(*entry.file->entry, entry.file->hash, entry.edits));
  }

  bool append_found(const SendPlanEntry& entry, const ContentHash& hash) {
    return append(entry, fragments_.find(*entry.file->entry, hash, entry.edits));
  }
  Status append_file(const SendPlanEntry& entry, const FileVersion& version) {
    PUMP_TRY(const distcc::Extent extent, fragments_.file(*entry.file->entry, version, entry.edits));
    append(entry, extent);
    return {};
  }
  void try_file(const SendPlanEntry& entry, const FileVersion& version) {
    (void)fragments_.try_file(*entry.file->entry, version, entry.edits);
  }
  Status append_link(const std::string& path, const std::string& target) {
    PUMP_TRY(const distcc::Extent extent, fragments_.link(path, target));
    append(path, extent);
    return {};
  }
  Status append_directory(const std::string& path) {
    PUMP_TRY(const distcc::Extent extent, fragments_.directory(path));
    append((path == "/" ? "" : path) + std::string(distcc::kDirectoryMarker), extent);
    return {};
  }

  [[nodiscard]] static bool removed() { return false; }
  [[nodiscard]] WrittenReply finish() {
    WrittenReply written;
    written.encoded = std::make_shared<const std::string>(
        distcc::encode_fragment_list(distcc::make_fragment_list(std::move(names_), std::move(extents_))) +=
        prediction_);
    return written;
  }

 private:
  void append(std::string name, const distcc::Extent& extent) {
    names_.push_back(std::move(name));
    extents_.push_back(extent);
  }
  bool append(const SendPlanEntry& entry, const std::optional<distcc::Extent>& extent) {
    if (!extent) return false;
    append(name_of_copy(entry.file->entry->path(), entry.edits), *extent);
    return true;
  }

  Fragments& fragments_;
  std::string_view prediction_;
  std::vector<std::string> names_;
  std::vector<distcc::Extent> extents_;
};

template <typename Reply>
class ReplyWriter {
 public:
  ReplyWriter(FileTree& tree, const SendPlan& plan, Reply reply)
      : tree_(tree), plan_(plan), reply_(std::move(reply)) {}

  WrittenReply write() {
    std::optional<typename Reply::Reader> copies;
    bool wrote_missing = false;
    for (const SendPlanEntry& entry : plan_.entries) {
      if (!copies) copies.emplace(reply_.reader());
      // Nearly every file of nearly every request is there already.
      if (entry.kind == SendPlanEntry::Kind::File && reply_.append_known(*copies, entry)) continue;
      copies.reset();  // the copies change below
      if (!std::exchange(wrote_missing, true)) write_missing({&entry, &plan_.entries.back() + 1});
      if (const auto written = write_entry(entry); !written) {
        const bool removed = written.error().give_up == GiveUp::MirrorFailed && reply_.removed();
        return removed ? root_removed() : written.error();
      }
    }
    return reply_.finish();
  }

 private:
  /// Writes those copies that no other thread is writing. Two workers that need the same new headers thus share
  /// the work; without this, the second would wait for the first at each header in turn.
  void write_missing(std::span<const SendPlanEntry> entries) {
    std::vector<const SendPlanEntry*> missing;
    {
      const auto copies = reply_.reader();
      for (const SendPlanEntry& entry : entries)
        if (entry.kind == SendPlanEntry::Kind::File && !Reply::has(copies, entry)) missing.push_back(&entry);
    }
    if (missing.size() < 2) return;
    for (const SendPlanEntry* entry : missing) {
      const auto version = tree_.load(*entry->file->entry);
      if (version && version->hash == entry->file->hash) reply_.try_file(*entry, *version);
      // write_file() returns the error
    }
  }

  Written write_entry(const SendPlanEntry& entry) {
    if (entry.kind == SendPlanEntry::Kind::File) return write_file(entry);
    const Status appended = entry.kind == SendPlanEntry::Kind::Link
                                ? reply_.append_link(entry.path, entry.target)
                                : reply_.append_directory(entry.path);
    if (!appended) return failure(GiveUp::MirrorFailed, appended.error());
    return {};
  }

  Written write_file(const SendPlanEntry& entry) {
    const ClosureFile& file = *entry.file;
    ContentHash hash = file.hash;
    if (hash == ContentHash{}) {  // only probed so far
      const auto current = tree_.hash(*file.entry);
      if (!current) return failure(GiveUp::ReadFailed, current.error());
      hash = *current;
    }
    if (reply_.append_found(entry, hash)) return {};
    const auto version = tree_.load(*file.entry);
    if (!version) return failure(GiveUp::ReadFailed, version.error());
    if (version->hash != hash)
      return failure(GiveUp::ChangedMeanwhile, {file.entry->path() + " has changed", EAGAIN});
    const Status appended = reply_.append_file(entry, *version);
    if (!appended) return failure(GiveUp::MirrorFailed, appended.error());
    return {};
  }

  FileTree& tree_;
  const SendPlan& plan_;
  Reply reply_;
};

}  // namespace

WrittenReply write_reply(const FileTree::Snapshot& /*snapshot*/, FileTree& tree, const SendPlan& plan,
                         Mirror& mirror) {
  thread_local std::string encoded;
  return ReplyWriter(tree, plan, PathReply(mirror, plan, encoded)).write();
}

WrittenReply write_reply(const FileTree::Snapshot& /*snapshot*/, FileTree& tree, const SendPlan& plan,
                         Fragments& fragments, std::string_view prediction) {
  return ReplyWriter(tree, plan, FragmentReply(fragments, prediction)).write();
}

}  // namespace pump::include_server
