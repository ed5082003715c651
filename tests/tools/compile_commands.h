// Commands of a compile_commands.json, and what their own compilers report about them. For corpora and
// benchmarks. Any thread. Every function throws std::runtime_error with the file and the fault.
#pragma once

#include <string>
#include <vector>

namespace pump::tools {

/// One command of a compile_commands.json.
struct CompileCommand {
  std::string directory;
  std::string file;
  std::vector<std::string> argv;  ///< without launchers before the compiler
};

/// All commands of the file.
std::vector<CompileCommand> read_compile_commands(const std::string& path);

/// The prerequisites of the rule that the compiler prints with `-M`, in order, without make's quoting.
std::vector<std::string> dependencies_of(const CompileCommand& command);

/// The default include directories of the command's compiler and language (from `-v`), as real paths that end
/// with "/".
std::vector<std::string> default_directories(const CompileCommand& command);

}  // namespace pump::tools
