#include "tests/unit/include_server/file_tree/fake_file_system.h"

#include <cerrno>

namespace pump::include_server {

FakeFileSystem::FakeFileSystem() {
  root_ = make(EntryKind::Directory, 0755);
}

FakeFileSystem::NodePointer FakeFileSystem::make(EntryKind kind, std::uint32_t mode) {
  auto node = std::make_shared<Node>();
  node->status.kind = kind;
  node->status.mode = mode;
  node->status.device = 1;
  node->status.links = 1;
  if (free_inodes_.empty()) {
    node->status.inode = next_inode_++;
  } else {
    node->status.inode = *free_inodes_.begin();
    free_inodes_.erase(free_inodes_.begin());
  }
  touch(*node, true);
  return node;
}

void FakeFileSystem::touch(Node& node, bool content) {
  if (!frozen_) clock_ += 1'000'000;
  node.status.ctime_ns = clock_;
  if (content) node.status.mtime_ns = clock_;
  if (node.status.kind != EntryKind::Directory) node.status.size = node.text.size();
}

FakeFileSystem::Place FakeFileSystem::find(const std::string& path) {
  Place place{nullptr, "", root_, false};
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (place.node == nullptr || place.node->status.kind != EntryKind::Directory) return {};
    place.denied |= place.node->status.mode == 0;
    place.directory = place.node;
    place.name = path.substr(at, end - at);
    const auto child = place.directory->children.find(place.name);
    place.node = child == place.directory->children.end() ? nullptr : child->second;
    at = end + 1;
  }
  return place;
}

FakeFileSystem::Place FakeFileSystem::find_or_make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const Place parent = find(path.substr(0, slash));
    if (parent.node == nullptr) attach(parent, make(EntryKind::Directory, 0755));
  }
  return find(path);
}

void FakeFileSystem::report(const Node& node, const std::string& name, bool content, bool gone) {
  if (node.watch < 0) return;
  WatchEvent event;
  event.watch = node.watch;
  event.name = name;
  event.content = content;
  event.gone = gone;
  events_.push_back(std::move(event));
}

void FakeFileSystem::unlink(Node& node) {
  for (auto& [name, child] : node.children) {
    unlink(*child);
    report(node, name);
  }
  if (--node.status.links > 0) {
    touch(node, false);
    report(node, "");
    return;
  }
  report(node, "", true, true);
  if (node.watch >= 0) --watches_;
  node.watch = -1;
  free_inodes_.insert(node.status.inode);
}

void FakeFileSystem::attach(const Place& place, NodePointer node) {
  if (place.node != nullptr) detach(place);
  place.directory->children[place.name] = std::move(node);
  report(*place.directory, place.name);
}

void FakeFileSystem::detach(const Place& place) {
  const NodePointer node = place.node;
  place.directory->children.erase(place.name);
  report(*place.directory, place.name);
  unlink(*node);
}

void FakeFileSystem::make_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  find_or_make_parents(path + "/");
}

void FakeFileSystem::write(const std::string& path, const std::string& text) {
  const std::lock_guard lock(mutex_);
  Place place = find_or_make_parents(path);
  if (place.node == nullptr) {
    attach(place, make(EntryKind::File, 0644));
    place = find(path);
  }
  place.node->text = text;
  touch(*place.node, true);
  report(*place.node, "", true);
  report(*place.directory, place.name, true);
}

void FakeFileSystem::make_link(const std::string& path, const std::string& target) {
  const std::lock_guard lock(mutex_);
  const Place place = find_or_make_parents(path);
  NodePointer node = make(EntryKind::Symlink, 0777);
  node->text = target;
  node->status.size = target.size();
  attach(place, std::move(node));
}

void FakeFileSystem::make_hard_link(const std::string& existing, const std::string& path) {
  const std::lock_guard lock(mutex_);
  const NodePointer node = find(existing).node;
  ++node->status.links;
  touch(*node, false);
  report(*node, "");
  attach(find_or_make_parents(path), node);
}

void FakeFileSystem::make_other(const std::string& path) {
  const std::lock_guard lock(mutex_);
  attach(find_or_make_parents(path), make(EntryKind::Other, 0644));
}

void FakeFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const Place source = find(from);
  const Place target = find_or_make_parents(to);
  source.directory->children.erase(source.name);
  report(*source.directory, source.name);
  if (target.node != nullptr) detach(target);
  target.directory->children[target.name] = source.node;
  touch(*source.node, false);
  report(*target.directory, target.name);
  report(*source.node, "");
}

void FakeFileSystem::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const Place place = find(path);
  if (place.node != nullptr) detach(place);
}

void FakeFileSystem::chmod(const std::string& path, std::uint32_t mode) {
  const std::lock_guard lock(mutex_);
  const Place place = find(path);
  place.node->status.mode = mode;
  touch(*place.node, false);
  report(*place.node, "");
  if (place.directory != nullptr) report(*place.directory, place.name);
}

void FakeFileSystem::set_watchable(bool watchable) {
  const std::lock_guard lock(mutex_);
  watchable_ = watchable;
}
void FakeFileSystem::set_watch_limit(int limit) {
  const std::lock_guard lock(mutex_);
  watch_limit_ = limit;
}
void FakeFileSystem::freeze_clock(bool frozen) {
  const std::lock_guard lock(mutex_);
  frozen_ = frozen;
}
void FakeFileSystem::set_unsettled(bool unsettled) {
  const std::lock_guard lock(mutex_);
  unsettled_ = unsettled;
}
void FakeFileSystem::lose_events() {
  const std::lock_guard lock(mutex_);
  events_.clear();
  WatchEvent overflow;
  overflow.overflow = true;
  events_.push_back(std::move(overflow));
}
int FakeFileSystem::watches() const {
  const std::lock_guard lock(mutex_);
  return watches_;
}
int FakeFileSystem::status_calls() const {
  const std::lock_guard lock(mutex_);
  return status_calls_;
}
int FakeFileSystem::read_calls() const {
  const std::lock_guard lock(mutex_);
  return read_calls_;
}

Expected<FileStatus> FakeFileSystem::status(const std::string& path) {
  const std::lock_guard lock(mutex_);
  ++status_calls_;
  const Place place = find(path);
  if (place.denied) return fail("denied: " + path, EACCES);
  return place.node == nullptr ? FileStatus{} : place.node->status;
}

Expected<std::string> FakeFileSystem::read_link(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const Place place = find(path);
  if (place.node == nullptr || place.denied) return fail("missing: " + path, ENOENT);
  if (place.node->status.kind != EntryKind::Symlink) return fail("no link: " + path, EINVAL);
  return place.node->text;
}

Expected<FileSystem::Content> FakeFileSystem::read(const std::string& path) {
  const std::lock_guard lock(mutex_);
  ++read_calls_;
  const Place place = find(path);
  if (place.node == nullptr) return fail("missing: " + path, ENOENT);
  if (place.denied || place.node->status.mode == 0) return fail("denied: " + path, EACCES);
  if (place.node->status.kind != EntryKind::File) return fail("no file: " + path, EINVAL);
  return Content{place.node->text, place.node->status, !unsettled_, !unsettled_};
}

int FakeFileSystem::watch_node(const std::string& path, bool directory) {
  const std::lock_guard lock(mutex_);
  const Place place = find(path);
  if (!watchable_ || place.node == nullptr || place.denied || place.node->status.mode == 0) return -1;
  if (directory != (place.node->status.kind == EntryKind::Directory)) return -1;
  if (place.node->watch >= 0) return place.node->watch;
  if (watches_ >= watch_limit_) return -1;
  ++watches_;
  return place.node->watch = next_watch_++;
}

int FakeFileSystem::watch(const std::string& directory) {
  return watch_node(directory, true);
}
int FakeFileSystem::watch_file(const std::string& path, std::uint64_t /*device*/) {
  return watch_node(path, false);
}

void FakeFileSystem::unwatch(int watch) {
  const std::lock_guard lock(mutex_);
  std::vector<Node*> left{root_.get()};
  while (!left.empty()) {
    Node* node = left.back();
    left.pop_back();
    if (node->watch == watch) {
      node->watch = -1;
      --watches_;
      return;
    }
    for (auto& [name, child] : node->children) left.push_back(child.get());
  }
}

void FakeFileSystem::drain(std::vector<WatchEvent>& events) {
  const std::lock_guard lock(mutex_);
  for (WatchEvent& event : events_) events.push_back(std::move(event));
  events_.clear();
}

}  // namespace pump::include_server
