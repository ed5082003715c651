#include "pump/include_server/mirror/reply_writer.h"

#include <xxhash.h>

#include <cerrno>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "pump/include_server/support/protocol.h"

namespace pump::include_server {
namespace {

tl::unexpected<Delivery> failure(GiveUp reason, const Error& error) {
  // That one name is too long for the mirror says nothing of the others.
  if (reason == GiveUp::MirrorFailed && error.code == ENAMETOOLONG) reason = GiveUp::NotSendable;
  return tl::make_unexpected(
      Delivery{nullptr, true, error.code == EAGAIN ? GiveUp::ChangedMeanwhile : reason, error.message});
}

Delivery removed() {
  return {nullptr, true, GiveUp::ChangedMeanwhile, "a root of the mirror was removed"};
}

FileVersion version_with(FileVersion version, const std::vector<Replacement>& replacements) {
  version.bytes = std::make_shared<const std::string>(with_replacements(*version.bytes, replacements));
  const XXH128_hash_t digest = XXH3_128bits(version.bytes->data(), version.bytes->size());
  version.hash = {digest.low64, digest.high64};
  version.size = version.bytes->size();
  return version;
}

std::string_view spelled_in(const ClosureFile& file) {
  return file.absolute ? file.spelled : std::string_view();
}

/// Where the names stand is the version's business; a version with these names at other places is refused by
/// its order.
std::string variant_of(const std::vector<Replacement>& replacements) {
  std::string variant;
  for (const Replacement& replacement : replacements) variant.append(replacement.text).append(1, '\n');
  return variant;
}

/// Nearly every file of nearly every request: it is in the mirror already.
bool append_known_file(std::string& reply, const SendPlanEntry& entry, const Mirror::Known& known,
                       bool& first_root) {
  if (entry.kind != SendPlanEntry::Kind::File || !entry.edits.replacements.empty()) return false;
  const ClosureFile& file = *entry.file;
  return known.append(reply, *file.entry, file.hash, spelled_in(file), entry.edits.padding,
                      entry.edits.prologue, first_root);
}

tl::expected<std::string, Delivery> deliver_file(FileTree& tree, const SendPlanEntry& entry, Mirror& mirror) {
  const ClosureFile& file = *entry.file;
  const std::string_view spelled = spelled_in(file);
  const std::string real_path = file.entry->path();
  ContentHash hash = file.hash;
  if (hash == ContentHash{}) {  // only probed so far
    const auto current = tree.hash(*file.entry);
    if (!current) return failure(GiveUp::ReadFailed, current.error());
    hash = *current;
  }
  if (entry.edits.replacements.empty()) {
    const std::uint64_t order = FileTree::order_of(*file.entry);
    if (auto path = mirror.find(real_path, hash, spelled, entry.edits.padding, entry.edits.prologue, order)) {
      mirror.remember_entry(*file.entry, real_path, hash, spelled, entry.edits.padding, entry.edits.prologue);
      return *std::move(path);
    }
  }
  auto version = tree.load(*file.entry);
  if (!version) return failure(GiveUp::ReadFailed, version.error());
  if (version->hash != hash) return failure(GiveUp::ChangedMeanwhile, {real_path + " has changed", EAGAIN});
  if (!entry.edits.replacements.empty())
    *version = version_with(*std::move(version), entry.edits.replacements);
  auto path = mirror.file(real_path, *version, spelled, entry.edits.padding, entry.edits.prologue,
                          variant_of(entry.edits.replacements));
  if (!path) return failure(GiveUp::MirrorFailed, path.error());
  if (entry.edits.replacements.empty())
    mirror.remember_entry(*file.entry, real_path, hash, spelled, entry.edits.padding, entry.edits.prologue);
  return *std::move(path);
}

tl::expected<std::string, Delivery> deliver_entry(FileTree& tree, const SendPlanEntry& entry,
                                                  Mirror& mirror) {
  if (entry.kind == SendPlanEntry::Kind::File) return deliver_file(tree, entry, mirror);
  auto path = entry.kind == SendPlanEntry::Kind::Link ? mirror.link(entry.path, entry.target)
                                                      : mirror.directory(entry.path);
  if (!path) return failure(GiveUp::MirrorFailed, path.error());
  return *std::move(path);
}

/// Makes the copies that nobody else is making. Whoever waited for each in turn would walk through a list of
/// new headers one step behind another worker.
void put_copies(FileTree& tree, std::span<const SendPlanEntry> entries, Mirror& mirror) {
  std::vector<const SendPlanEntry*> missing;
  {
    const Mirror::Known known(mirror);
    std::string reply;
    bool first_root = true;
    for (const SendPlanEntry& entry : entries) {
      if (entry.kind != SendPlanEntry::Kind::File || !entry.edits.replacements.empty() ||
          entry.edits.padding != 0)
        continue;
      reply.clear();
      if (!append_known_file(reply, entry, known, first_root)) missing.push_back(&entry);
    }
  }
  if (missing.size() > 1)
    for (const SendPlanEntry* entry : missing) put_copy(tree, *entry->file, entry->edits.prologue, mirror);
}

}  // namespace

void put_copy(FileTree& tree, const ClosureFile& file, std::string_view prologue, Mirror& mirror) {
  const auto version = tree.load(*file.entry);
  if (!version || version->hash != file.hash) return;
  const std::string real_path = file.entry->path();
  const std::string_view spelled = spelled_in(file);
  if (mirror.add_file(real_path, *version, spelled, prologue))
    mirror.remember_entry(*file.entry, real_path, file.hash, spelled, 0, prologue);
}

Delivery deliver(FileTree& tree, const SendPlan& plan, Mirror& mirror) {
  thread_local std::string reply;  // its room is kept
  reply.clear();
  append_token(reply, "ARGC", static_cast<std::uint32_t>(plan.entries.size()));
  Delivery delivery;
  std::optional<Mirror::Known> known;
  bool copied = false;
  for (const SendPlanEntry& entry : plan.entries) {
    if (!known) known.emplace(mirror);
    if (append_known_file(reply, entry, *known, delivery.first_root)) continue;
    known.reset();
    if (!std::exchange(copied, true)) put_copies(tree, {&entry, &plan.entries.back() + 1}, mirror);
    const auto path = deliver_entry(tree, entry, mirror);
    if (!path)
      return path.error().give_up == GiveUp::MirrorFailed && !mirror.whole() ? removed() : path.error();
    append_token(reply, "ARGV", static_cast<std::uint32_t>(path->size()));
    reply += *path;
    delivery.first_root = delivery.first_root && mirror.in_first_root(*path);
  }
  if (!delivery.first_root && !mirror.whole()) return removed();
  delivery.encoded = std::make_shared<const std::string>(reply);
  return delivery;
}

}  // namespace pump::include_server
