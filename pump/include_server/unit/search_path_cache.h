// Search paths built before: for the same options, compiler and working directory the same one serves, as
// long as nothing that it was built from has changed. Any thread; the caller holds a Snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "pump/include_server/compiler/compiler.h"
#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/search_path.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class KnownSearchPaths {
 public:
  KnownSearchPaths(FileTree& tree, Compilers& compilers) : tree_(tree), compilers_(compilers) {}

  /// `directory`: where `cwd` leads. `generation`: of the caller's Snapshot; 0: not known.
  OrRefusal<std::shared_ptr<const BuiltSearchPath>> get(const std::string& cwd, Directory* directory,
                                                        const UnitOptions& options,
                                                        const CompilerProfile& profile,
                                                        std::uint64_t generation);

 private:
  struct Chain {
    BuiltSearchPath built;
    std::uint64_t generation = 0;
  };

  std::uint64_t number(const SearchPath& path);

  FileTree& tree_;
  Compilers& compilers_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Chain>> chains_;
  std::unordered_map<std::string, std::uint64_t> numbers_;
  std::uint64_t last_number_ = 0;
};

}  // namespace pump::include_server
