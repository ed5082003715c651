// The entries of one directory by name. find() and for_each(): any thread. insert() and replace(): under the
// directory's mutex.
#pragma once

#include <cstdint>
#include <string_view>

#include "pump/include_server/file_tree/entry.h"
#include "pump/include_server/support/read_mostly_table.h"

namespace pump::include_server {

class NameTable {
 public:
  /// nullptr if there is none. `hash`: of the name, as in Entry::internal.
  [[nodiscard]] Entry* find(std::string_view name, std::uint64_t hash) const {
    return table_.find(hash, [name](const Entry* entry) { return entry->name == name; });
  }
  void insert(Entry* entry) { table_.insert(entry->internal.hash, entry); }
  /// `fresh` has the name of `old`, which is in the table.
  void replace(const Entry* old, Entry* fresh) {
    table_.replace(
        old->internal.hash, [old](const Entry* entry) { return entry == old; }, fresh);
  }
  template <typename Function>
  void for_each(const Function& function) const {
    table_.for_each([&](Entry* entry) { function(*entry); });
  }

 private:
  ReadMostlyTable<Entry*> table_;
};

}  // namespace pump::include_server
