// Selects the compiler profile of a command: finds the compiler in the client's PATH, reads its defaults
// (compiler_cache.h), and refuses commands whose default directories would differ on the compile server.
//
// One per server; any thread.
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
#include "pump/os/environment.h"

namespace pump::include_server {

class ProfileSelector {
 public:
  ProfileSelector(FileTree& tree, CompilerCache& compilers) : tree_(tree), compilers_(compilers) {}

  /// `compiler`: argv[0]; relative names start at `cwd`. `environment`: the client's. What the result depends
  /// on is appended to trace.consulted.
  OrRefusal<std::shared_ptr<const CompilerProfile>> select(const FileTree::Snapshot& snapshot, Directory* cwd,
                                                           const os::Environment& environment,
                                                           const std::string& compiler,
                                                           const UnitOptions& options, Trace& trace);

 private:
  OrRefusal<void> check_prefix_variables(const FileTree::Snapshot& snapshot, ProfileRequest request,
                                         const CompilerProfile& profile, Trace& trace);
  OrRefusal<std::shared_ptr<const CompilerProfile>> without_moved_directories(
      std::shared_ptr<const CompilerProfile> profile, const CompilerProfile& plain, const ProfileFlags& flags,
      Trace& trace);

  FileTree& tree_;
  CompilerCache& compilers_;
  std::mutex mutex_;  ///< guards the next member
  /// Results of without_moved_directories(), by the id of the profile that they were made from.
  std::unordered_map<std::uint64_t, std::shared_ptr<const CompilerProfile>> reduced_;
};

}  // namespace pump::include_server
