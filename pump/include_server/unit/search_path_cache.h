// Built search paths: one for each combination of options, compiler and working directory, valid as long as
// nothing that it depends on changes. Any thread. At most 4000 are kept; then all are dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "pump/include_server/compiler/compiler_cache.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/search_path_builder.h"

namespace pump::include_server {

class SearchPathCache {
 public:
  SearchPathCache(FileTree& tree, CompilerCache& compilers) : tree_(tree), compilers_(compilers) {}

  /// `directory` is the one that the path `cwd` leads to. Sets SearchPath::id.
  OrRefusal<std::shared_ptr<const BuiltSearchPath>> get(const FileTree::Snapshot& snapshot,
                                                        const std::string& cwd, Directory* directory,
                                                        const UnitOptions& options,
                                                        const CompilerProfile& profile);

 private:
  struct CachedPath {
    BuiltSearchPath built;
    std::uint64_t generation = 0;  ///< of the snapshot in which it was built
  };

  std::uint64_t id_of(const SearchPath& path);

  FileTree& tree_;
  CompilerCache& compilers_;
  std::mutex mutex_;  ///< guards the members below
  std::unordered_map<std::string, std::shared_ptr<const CachedPath>> paths_;
  std::unordered_map<std::string, std::uint64_t> ids_;  ///< by the path's content
  std::uint64_t last_id_ = 0;
};

}  // namespace pump::include_server
