// An in-memory FileSystem for tests: directories, files, links, hard links, permissions, watches, lost
// events.
//
// Tests make changes with the functions before status(); drain() reports them as inotify would. Paths are
// absolute, and only their last component may be a link. Any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/file_tree/file_system.h"

namespace pump::include_server {

class FakeFileSystem : public FileSystem {
 public:
  FakeFileSystem();

  void make_directory(const std::string& path);                  ///< and its parents
  void write(const std::string& path, const std::string& text);  ///< in place; makes the file and its parents
  void make_link(const std::string& path, const std::string& target);  ///< replaces a file or link
  void make_hard_link(const std::string& existing, const std::string& path);
  void make_other(const std::string& path);                     ///< a FIFO
  void rename(const std::string& from, const std::string& to);  ///< replaces `to`
  void remove(const std::string& path);                         ///< and everything below
  void chmod(const std::string& path, std::uint32_t mode);  ///< 0: unreadable file, directory without search

  void set_watchable(bool watchable);  ///< false: every watch fails from now on
  void set_watch_limit(int limit);     ///< that many watches, then failure
  void freeze_clock(bool frozen);      ///< time stamps stay as they are: changes inside one clock tick
  void pass_second() { clock_ += 1'000'000'000; }  ///< time stamps from now on are a second later
  void set_unsettled(bool unsettled);              ///< reads find that another process may be writing
  void lose_events();                              ///< the queue overflows
  [[nodiscard]] int watches() const;
  [[nodiscard]] int status_calls() const;
  [[nodiscard]] int read_calls() const;

  Expected<FileStatus> status(const std::string& path) override;
  Expected<std::string> read_link(const std::string& path) override;
  Expected<Content> read(const std::string& path) override;
  int watch(const std::string& directory) override;
  int watch_file(const std::string& path, std::uint64_t device) override;
  void unwatch(int watch) override;
  void drain(std::vector<WatchEvent>& events) override;

 private:
  struct Node {
    FileStatus status;
    std::string text;  ///< content or link target
    std::map<std::string, std::shared_ptr<Node>> children;
    int watch = -1;
  };
  using NodePointer = std::shared_ptr<Node>;
  /// What a path refers to. `denied`: a directory in the path may not be searched.
  struct Place {
    NodePointer directory;
    std::string name;
    NodePointer node;  ///< nullptr if missing
    bool denied = false;
  };

  Place find(const std::string& path);
  Place find_or_make_parents(const std::string& path);
  NodePointer make(EntryKind kind, std::uint32_t mode);
  void touch(Node& node, bool content);
  /// Makes the place refer to the node instead of what it had.
  void attach(const Place& place, NodePointer node);
  void detach(const Place& place);  ///< removes what the place has
  void unlink(Node& node);          ///< one hard link less; everything below it as well
  void report(const Node& node, const std::string& name, bool content = false, bool gone = false);
  int watch_node(const std::string& path, bool directory);

  mutable std::mutex mutex_;
  NodePointer root_;
  std::vector<WatchEvent> events_;
  std::uint64_t next_inode_ = 1;
  std::set<std::uint64_t> free_inodes_;  ///< reused at once, as on ext4 and tmpfs
  std::int64_t clock_ = 1'000'000'000;
  bool frozen_ = false, watchable_ = true, unsettled_ = false;
  int next_watch_ = 1, watches_ = 0, watch_limit_ = 1 << 30, status_calls_ = 0, read_calls_ = 0;
};

}  // namespace pump::include_server
