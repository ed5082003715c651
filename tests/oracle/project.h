// One case on disk, and one command of it.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/case_file.h"

namespace pump::oracle {

/// Writes the case below `root` (made anew). Throws std::runtime_error.
void write_project(const Case& project, const std::string& root);

/// A command line made from a %run line: compiler chosen, {root} replaced, no -o yet.
struct Command {
  std::vector<std::string> argv;
  std::string cwd;
};

/// The two compilers of a run, by their C drivers: a name or a path, as "gcc-16" or "/opt/llvm/bin/clang".
struct CompilerPair {
  std::string gcc = "gcc", clang = "clang";
};

/// The C++ driver that belongs to a C driver: "g++-16" for "gcc-16", "clang++" for "clang".
std::string cxx_driver(std::string cc);

/// The compilers a %run line stands for: those of the pair for CC, their C++ drivers for CXX, else itself. Those not
/// installed, or left out by %only or %versions, are not in the list.
std::vector<std::string> compilers_of(const Case& project, const std::vector<std::string>& run,
                                      const CompilerPair& pair = {});

/// The command with "-o OBJECT" behind the compiler, where it is an option even if there is a "--" later.
std::vector<std::string> with_output(const Command& command, const std::string& object);

Command make_command(const Case& project, const std::vector<std::string>& run, const std::string& compiler,
                     const std::string& root);

}  // namespace pump::oracle
