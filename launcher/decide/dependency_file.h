// The dependency file that a command requests: its name and target as the compiler chooses them, and the
// options by which it is requested from distcc.
//
// distcc and distccd support -MD, -MMD, -MF, -MT and -MP, but not the compiler's defaults. Without -MF,
// distcc's own preprocessing writes the file to the working directory instead of beside the object; without
// -MT, distccd names another target. So file and target are always given: "-MD -MF FILE -MT TARGET". The
// defaults are those of gcc's specs (cpp_unique_options) and of clang's driver
// (Clang::AddPreprocessingOptions). Requests that they do not cover are compiled here. The file that comes
// back has the server's names, with lines broken for names below the job's root: run/local_rule.h corrects
// both. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/local_reason.h"
#include "pump/compilation/command.h"
#include "pump/compilation/language.h"

namespace pump::launcher {

/// The compiler that writes the file. gcc and clang break lines differently.
enum class RuleStyle { Gcc, Clang };

struct DependencyFile {
  std::string name;    ///< as the compiler would open it
  std::string target;  ///< as quoted in the file
  bool system_headers = true;
  bool phony_targets = false;
  RuleStyle style = RuleStyle::Gcc;
  /// gcc 14 and later list it among the prerequisites. Empty: no map, or an earlier gcc.
  std::string module_map;
};

/// Either a fault or a file; neither if the command requests none.
struct DependencyRequest {
  std::optional<Fault> fault;
  std::optional<DependencyFile> file;
};
/// `output`: the object's name.
DependencyRequest dependency_request(const compilation::CommandLine& command,
                                     const compilation::Source& source, const std::string& output);

/// True for arguments that request or describe a dependency file. dependency_words() replaces them all.
bool is_about_dependencies(const compilation::Argument& argument);
/// The options for distcc.
std::vector<std::string> dependency_words(const DependencyFile& file);

}  // namespace pump::launcher
