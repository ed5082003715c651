// Does the command mean the same on the compile server? Checks of everything it names besides what #include
// finds.
//
// A relative name works: it lies below the job's working directory there. An absolute one works if distccd
// rewrites it, or if it leads into a default directory of the compiler. Everything else means n = 0. The
// caller holds a Snapshot.
#pragma once

#include <string>
#include <vector>

#include "pump/distcc/distccd_rewriting.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/search_path.h"

namespace pump::include_server {

class RemoteCommandCheck {
 public:
  RemoteCommandCheck(FileTree& tree, Directory* cwd, const compilation::CommandLine& command,
                     DefaultDirectories& defaults, Trace& trace);

  /// Sanitizer lists, profiles and the like; appends those that must be sent.
  OrRefusal<void> auxiliary_files(const std::vector<compilation::Argument>& arguments,
                                  std::vector<std::string>& extra_inputs);
  /// Words for the assembler that change what it reads.
  OrRefusal<void> assembler_words();
  OrRefusal<void> response_files(std::vector<std::string>& extra_inputs);
  OrRefusal<void> source(const compilation::Argument& source, Trace& way);
  /// True where distccd puts the job's root in front of an absolute name in the source's place, and the
  /// object does not show it.
  [[nodiscard]] bool absolute_source_is_rewritten(const compilation::Argument& source) const;
  OrRefusal<void> forced_files(const std::vector<compilation::Argument>& forced);
  /// `search`: UnitOptions::search.
  OrRefusal<void> search_directories(const BuiltSearchPath& built,
                                     const std::vector<compilation::Argument>& search, bool warns_of_missing);

 private:
  OrRefusal<void> search_options(const std::vector<compilation::Argument>& search);
  [[nodiscard]] bool is_rewritten(const BuiltSearchPath::Named& one,
                                  const std::vector<compilation::Argument>& search);
  /// True where an unrewritten absolute name works nevertheless: it means a system header, or none.
  bool same_there(const std::string& path);

  FileTree& tree_;
  Directory* cwd_;
  const compilation::CommandLine& command_;
  DefaultDirectories& defaults_;
  Trace& trace_;
  distcc::DistccdRewriting rewriting_;
};

}  // namespace pump::include_server
