// Checks whether a command means the same on the compile server: everything that it names, except the files
// that #include finds.
//
// A relative name does: it lies below the job's working directory there. An absolute one does if distccd
// rewrites it, or if it leads into a default directory of the compiler. All others are refused.
//
// One per request; one thread. What the results depend on is appended to `trace`.
#pragma once

#include <string>
#include <vector>

#include "pump/distcc/distccd_rewriting.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/search_path_builder.h"

namespace pump::include_server {

class RemoteCommandCheck {
 public:
  /// The snapshot and the arguments must outlive the object.
  RemoteCommandCheck(const FileTree::Snapshot& snapshot, FileTree& tree, Directory* cwd,
                     const compilation::CommandLine& command, DefaultDirectories& defaults, Trace& trace);

  /// Sanitizer lists, profiles and similar files. Appends those that must be sent to `extra_inputs`.
  OrRefusal<void> auxiliary_files(const std::vector<compilation::Argument>& arguments,
                                  std::vector<std::string>& extra_inputs);
  /// Words for the assembler that change what it reads.
  OrRefusal<void> assembler_words();
  /// Appends those that must be sent to `extra_inputs`.
  OrRefusal<void> response_files(std::vector<std::string>& extra_inputs);
  /// What this depends on is appended to `source_trace` instead: it differs between commands that share a
  /// unit.
  OrRefusal<void> source(const compilation::Argument& source, Trace& source_trace);
  /// True if distccd would rewrite an absolute name in the source's position, and the object does not contain
  /// it.
  [[nodiscard]] bool absolute_source_is_rewritten(const compilation::Argument& source) const;
  OrRefusal<void> forced_files(const std::vector<compilation::Argument>& forced);
  /// `search`: UnitOptions::search. `warns_of_missing`: -Wmissing-include-dirs.
  OrRefusal<void> search_directories(const BuiltSearchPath& built,
                                     const std::vector<compilation::Argument>& search, bool warns_of_missing);

 private:
  OrRefusal<void> search_options(const std::vector<compilation::Argument>& search);
  [[nodiscard]] bool is_rewritten(const BuiltSearchPath::UserDirectory& directory,
                                  const std::vector<compilation::Argument>& search);
  bool is_in_default_directory(const std::string& path);

  FileTree& tree_;
  Directory* cwd_;
  const compilation::CommandLine& command_;
  DefaultDirectories& defaults_;
  Trace& trace_;
  distcc::DistccdRewriting rewriting_;
};

}  // namespace pump::include_server
