#include "pump/include_server/mirror/reply_writer.h"

#include <cerrno>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

WrittenReply failed(GiveUp reason, std::string detail) {
  return {nullptr, true, reason, std::move(detail)};
}

tl::unexpected<WrittenReply> failure(GiveUp reason, const Error& error) {
  if (error.code == EAGAIN) reason = GiveUp::ChangedMeanwhile;
  // One name that is too long for the mirror does not make the mirror unusable for others.
  if (reason == GiveUp::MirrorFailed && error.code == ENAMETOOLONG) reason = GiveUp::NotSendable;
  return tl::make_unexpected(failed(reason, error.message));
}

WrittenReply root_removed() {
  return failed(GiveUp::ChangedMeanwhile, "a root of the mirror was removed");
}

/// Nearly every file of nearly every request is in the mirror already.
bool append_if_there(std::string& reply, const SendPlanEntry& entry, const CopyIndex::Reader& copies,
                     bool& first_root) {
  return entry.kind == SendPlanEntry::Kind::File &&
         copies.append(reply, *entry.file->entry, entry.file->hash, entry.edits, first_root);
}

tl::expected<std::string, WrittenReply> write_file(FileTree& tree, const SendPlanEntry& entry,
                                                   Mirror& mirror) {
  const ClosureFile& file = *entry.file;
  const std::string real_path = file.entry->path();
  ContentHash hash = file.hash;
  if (hash == ContentHash{}) {  // only probed so far
    const auto current = tree.hash(*file.entry);
    if (!current) return failure(GiveUp::ReadFailed, current.error());
    hash = *current;
  }
  if (auto path = mirror.find(real_path, hash, entry.edits, FileTree::order_of(*file.entry))) {
    mirror.store_entry(*file.entry, real_path, hash, entry.edits);
    return *std::move(path);
  }
  auto version = tree.load(*file.entry);
  if (!version) return failure(GiveUp::ReadFailed, version.error());
  if (version->hash != hash) return failure(GiveUp::ChangedMeanwhile, {real_path + " has changed", EAGAIN});
  auto path = mirror.file(real_path, *version, entry.edits);
  if (!path) return failure(GiveUp::MirrorFailed, path.error());
  mirror.store_entry(*file.entry, real_path, hash, entry.edits);
  return *std::move(path);
}

tl::expected<std::string, WrittenReply> write_entry(FileTree& tree, const SendPlanEntry& entry,
                                                    Mirror& mirror) {
  if (entry.kind == SendPlanEntry::Kind::File) return write_file(tree, entry, mirror);
  auto path = entry.kind == SendPlanEntry::Kind::Link ? mirror.link(entry.path, entry.target)
                                                      : mirror.directory(entry.path);
  if (!path) return failure(GiveUp::MirrorFailed, path.error());
  return *std::move(path);
}

/// Writes those copies that no other thread is writing. Two workers that need the same new headers thus share
/// the work; without this, the second would wait for the first at each header in turn.
void write_missing_copies(FileTree& tree, std::span<const SendPlanEntry> entries, Mirror& mirror) {
  std::vector<const SendPlanEntry*> missing;
  {
    const CopyIndex::Reader copies = mirror.reader();
    std::string ignored;
    bool first_root = true;
    for (const SendPlanEntry& entry : entries)
      if (entry.kind == SendPlanEntry::Kind::File && entry.edits.replacements.empty() &&
          !append_if_there(ignored, entry, copies, first_root))
        missing.push_back(&entry);
  }
  if (missing.size() < 2) return;
  for (const SendPlanEntry* entry : missing) {
    const ClosureFile& file = *entry->file;
    const auto version = tree.load(*file.entry);
    if (!version || version->hash != file.hash) continue;  // write_file() returns the error
    const std::string real_path = file.entry->path();
    if (mirror.try_file(real_path, *version, entry->edits))
      mirror.store_entry(*file.entry, real_path, file.hash, entry->edits);
  }
}

}  // namespace

WrittenReply write_reply(const FileTree::Snapshot& /*snapshot*/, FileTree& tree, const SendPlan& plan,
                         Mirror& mirror) {
  thread_local std::string reply;  // keeps its capacity
  reply.clear();
  append_token(reply, "ARGC", static_cast<std::uint32_t>(plan.entries.size()));
  WrittenReply written;
  std::optional<CopyIndex::Reader> copies;
  bool wrote_missing = false;
  for (const SendPlanEntry& entry : plan.entries) {
    if (!copies) copies.emplace(mirror.reader());
    if (append_if_there(reply, entry, *copies, written.first_root)) continue;
    copies.reset();  // the mirror changes below
    if (!std::exchange(wrote_missing, true))
      write_missing_copies(tree, {&entry, &plan.entries.back() + 1}, mirror);
    const auto path = write_entry(tree, entry, mirror);
    if (!path) {
      const bool removed = path.error().give_up == GiveUp::MirrorFailed && !mirror.whole();
      return removed ? root_removed() : path.error();
    }
    append_token(reply, "ARGV", static_cast<std::uint32_t>(path->size()));
    reply += *path;
    written.first_root = written.first_root && mirror.in_first_root(*path);
  }
  if (!written.first_root && !mirror.whole()) return root_removed();
  written.encoded = std::make_shared<const std::string>(reply);
  return written;
}

}  // namespace pump::include_server
