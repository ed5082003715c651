// The names that were looked up in one directory, and the directory's watch. For the file tree's own classes.
//
// Any thread. `table` is read without a lock; everything else, and changes of `table`, are under `mutex`. It
// is held from before a name's status is read until its Entry is in `table`. The thread that applies an event
// takes it as well, so that it finds the entry even if the change happened between the two.
#pragma once

#include <deque>
#include <mutex>

#include "pump/include_server/file_tree/name_table.h"

namespace pump::include_server {

struct Directory::Names {
  NameTable table;  ///< the newest version of each name
  std::mutex mutex;
  std::deque<Entry> entries;  ///< all versions of all names
  Entry* self = nullptr;      ///< Directory::self()
  int watch = -1;
  bool watch_tried = false;
  bool dead = false;  ///< replaced in its parent: entries are validated by path, never watched
};

}  // namespace pump::include_server
