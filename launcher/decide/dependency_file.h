// The dependency file of a command: what the compiler would call it and write as its target, and the one spelling in which
// it is asked of distcc.
//
// distcc and distccd know the options -MD, -MMD, -MF, -MT and -MP, but not what the compiler makes of them where some are
// left out: without -MF, distcc's own preprocessing writes the file into the working directory instead of beside the
// object; without -MT, distccd names another target. So file and target are always said: "-MD -MF FILE -MT TARGET". The
// rules are those of gcc's specs (cpp_unique_options) and of clang's driver (Clang::AddPreprocessingOptions). What they do
// not cover is compiled here. The file that comes back has the server's names, and its lines are broken for names below
// the job's root: run/local_rule.h corrects both. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/local_reason.h"
#include "pump/compilation/command.h"

namespace pump::launcher {

/// Who writes the file: they break lines differently.
enum class RuleStyle { Gcc, Clang };

struct DependencyFile {
  std::string name;    ///< as the compiler would open it
  std::string target;  ///< as it stands in the file
  bool system_headers = true;
  bool phony_targets = false;
  RuleStyle style = RuleStyle::Gcc;
  /// gcc 14 and later name it among the prerequisites; empty: none, or an earlier gcc.
  std::string module_map;
  bool is_new = false;  ///< it did not exist before
};

/// Either a fault, or the file; neither where the command asks for none.
struct DependencyRequest {
  std::optional<Fault> fault;
  std::optional<DependencyFile> file;
};
/// `output`: the object's name; `said`: the command names it (-o).
DependencyRequest dependency_request(const compilation::CommandLine& command,
                                     const compilation::Source& source, const std::string& output);

/// True for the arguments that ask for a dependency file or say something of it: dependency_words() replaces them all.
bool is_about_dependencies(const compilation::Argument& argument);
std::vector<std::string> dependency_words(const DependencyFile& file);

}  // namespace pump::launcher
