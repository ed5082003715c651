// Decision: one root is usual; a second, third … takes what cannot stand in the first: another spelling,
// padding, variant or link target of a name that is in use, a directory where a link or file stands. So a
// path that was handed out is never made to mean something else than a later version of the same file, and
// all roots strip to the same names.
//
// Rejected: replacing a link by a directory in place: another request may just have been told of the link,
// and creating files "below" a link that has not been removed would write into the user's own tree.
#include "pump/include_server/mirror/mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "pump/include_server/mirror/mirror_state.h"
#include "pump/include_server/send_plan/line_marker.h"
#include "pump/include_server/support/lzo.h"
#include "pump/include_server/support/protocol.h"

namespace pump::include_server {

namespace {

constexpr std::string_view kForcedDirectory = "/forcing_technique_271828";
constexpr unsigned kLinkTargets = 16;  // of one link, before the oldest gives way

std::string file_key(const std::string& real_path, std::string_view spelled, unsigned padding,
                     std::string_view prologue, std::string_view variant = {}) {
  std::string key;
  key.reserve(real_path.size() + spelled.size() + prologue.size() + variant.size() + 8);
  key.append(real_path).append(1, '\0').append(spelled).append(1, '\0').append(prologue);
  if (!variant.empty()) key.append(1, '\0').append(variant).append(1, '\0');
  if (padding > 0) key += std::to_string(padding);
  return key;
}

std::string name_of_copy(const std::string& real_path, std::string_view spelled) {
  return real_path + (spelled.empty() ? ".lzo" : ".lzo.abs");
}

Expected<std::string> compressed_copy(const std::string& bytes, std::string_view spelled, unsigned padding,
                                      std::string_view prologue) {
  if (spelled.empty() && padding == 0) return lzo_compress(bytes);
  std::string text = spelled.empty() ? bytes : with_line_directive(bytes, spelled, prologue);
  text.append(padding, '\n');
  return lzo_compress(text);
}

}  // namespace

Expected<std::unique_ptr<Mirror>> Mirror::create(const std::string& client_tmp) {
  auto state = std::make_unique<State>();
  PUMP_TRY(state->base, mirror_base(client_tmp));
  remove_dead_roots(state->base);
  auto first = state->root(0);
  if (!first && client_tmp.empty() && state->base != "/tmp") {
    state->base = "/tmp";
    remove_dead_roots(state->base);
    first = state->root(0);
  }
  if (!first) return tl::make_unexpected(std::move(first).error());
  state->first = *first;
  return std::unique_ptr<Mirror>(new Mirror(std::move(state)));
}

Mirror::Mirror(std::unique_ptr<State> state) : state_(std::move(state)) {}
Mirror::~Mirror() = default;

std::optional<std::string> Mirror::find(const std::string& real_path, const ContentHash& hash,
                                        std::string_view spelled, unsigned padding, std::string_view prologue,
                                        std::uint64_t order) const {
  return state_->find(file_key(real_path, spelled, padding, prologue), hash, order);
}

Mirror::Known::Known(const Mirror& mirror) : mirror_(mirror), lock_(mirror.state_->indexed) {}

bool Mirror::Known::append(std::string& reply, const Entry& entry, const ContentHash& hash,
                           std::string_view spelled, unsigned padding, std::string_view prologue,
                           bool& first_root) const {
  const auto& by_entry = mirror_.state_->by_entry;
  const auto found = by_entry.find(CopyView{&entry, spelled, prologue, padding});
  if (found == by_entry.end() || found->second->gone || found->second->hash != hash) return false;
  reply += found->second->token;
  first_root = first_root && found->second->in_first_root;
  return true;
}

void Mirror::remember_entry(const Entry& entry, const std::string& real_path, const ContentHash& hash,
                            std::string_view spelled, unsigned padding, std::string_view prologue) {
  const std::lock_guard lock(state_->indexed);
  const auto found = state_->index.find(file_key(real_path, spelled, padding, prologue));
  if (found == state_->index.end() || found->second.hash != hash) return;  // an outdated version's
  state_->by_entry[CopyKey{&entry, std::string(spelled), std::string(prologue), padding}] = &found->second;
}

Expected<std::string> Mirror::file(const std::string& real_path, const FileVersion& version,
                                   std::string_view spelled, unsigned padding, std::string_view prologue,
                                   std::string_view variant) {
  std::string key = file_key(real_path, spelled, padding, prologue, variant);
  if (auto path = state_->find(key, version.hash, version.order)) return *std::move(path);
  const std::string name = name_of_copy(real_path, spelled);
  const std::lock_guard lock(state_->writer_of(name));
  if (auto path = state_->find(key, version.hash, version.order)) return *std::move(path);
  auto known = state_->slot(key);
  if (known && !state_->claim(key, version.order)) {
    // A request that began before the file changed: it gets the version it analysed, beside the current one.
    key += "outdated";
    known = state_->slot(key);
    if (known && known->hash == version.hash) return known->path;
    if (known && !state_->claim(key, version.order))
      return fail(fmt::format("a later version of '{}' has been sent", real_path), EAGAIN);
  }
  PUMP_TRY(const std::string compressed, compressed_copy(*version.bytes, spelled, padding, prologue));
  return state_->put_copy(key, name, known, version, compressed);
}

bool Mirror::add_file(const std::string& real_path, const FileVersion& version, std::string_view spelled,
                      std::string_view prologue) {
  const std::string key = file_key(real_path, spelled, 0, prologue);
  const std::string name = name_of_copy(real_path, spelled);
  const std::unique_lock lock(state_->writer_of(name), std::try_to_lock);
  if (!lock || state_->slot(key)) return false;
  const auto compressed = compressed_copy(*version.bytes, spelled, 0, prologue);
  return compressed && state_->put_copy(key, name, std::nullopt, version, *compressed);
}

Expected<std::string> Mirror::link(const std::string& real_path, const std::string& target) {
  std::string key = real_path + '\0' + target + '\0' + "link";
  if (const auto known = state_->slot(key)) return known->path;
  const std::lock_guard lock(state_->writer_of(real_path));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(std::string path, state_->place(real_path, target, &State::put_link, kLinkTargets));
  state_->forget_path(path);
  state_->remember(key, {{}, 0, 0, path, {}});
  return path;
}

Expected<std::string> Mirror::directory(const std::string& real_path) {
  const std::string key = real_path + '\0' + '\0' + "directory";
  if (const auto known = state_->slot(key)) return known->path;
  const std::string name = (real_path == "/" ? "" : real_path) + std::string(kForcedDirectory);
  const std::lock_guard lock(state_->writer_of(name));
  if (const auto known = state_->slot(key)) return known->path;
  PUMP_TRY(const std::string empty, lzo_compress({}));
  PUMP_TRY(std::string path, state_->place(name, empty, &State::put_file, State::kMaxRoots));
  state_->remember(key, {{}, 0, empty.size(), path, {}});
  return path;
}

bool Mirror::intact() const {
  if (state_->watch.lost_something()) state_->damaged = true;
  return !state_->damaged.load() && state_->first.load()->root.intact();
}

bool Mirror::whole() const {
  if (state_->damaged.load()) return false;
  const std::lock_guard lock(state_->structure);
  const bool all = std::all_of(state_->roots.begin(), state_->roots.end(),
                               [](const State::Root& root) { return root.root.intact(); });
  if (!all) state_->damaged = true;
  return all;
}

bool Mirror::in_first_root(std::string_view path) const {
  return path.starts_with(root()) && path.substr(root().size()).starts_with('/');
}

std::uint64_t Mirror::bytes() const {
  return state_->written;
}
const std::string& Mirror::root() const {
  return state_->first.load()->root.path();
}

}  // namespace pump::include_server
