// Writes a case to disk and makes the commands of its runs.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/case_file.h"

namespace pump::oracle {

/// Writes the case below `root`, which it replaces. Throws std::runtime_error.
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

/// The compilers of a %run line: the pair for CC, their C++ drivers for CXX, otherwise the word itself.
/// Without compilers that are not installed or that %only or %versions exclude.
std::vector<std::string> compilers_of(const Case& project, const std::vector<std::string>& run,
                                      const CompilerPair& pair = {});

/// The command with "-o OBJECT" right after the compiler, where a later "--" does not matter.
std::vector<std::string> with_output(const Command& command, const std::string& object);

Command make_command(const Case& project, const std::vector<std::string>& run, const std::string& compiler,
                     const std::string& root);

}  // namespace pump::oracle
