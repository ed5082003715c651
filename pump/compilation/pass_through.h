// Arguments that one option passes to another tool: -Wp,… -Wa,… -Wl,… -Xpreprocessor -Xassembler -Xlinker
// -Xclang. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::compilation {

/// The words that the argument passes on: "a" and "b" for -Wp,a,b; "a" for -Xclang a. Empty for other
/// options.
std::vector<std::string> passed_words(const Argument& argument);

/// The options that the preprocessor sees, in its order: the driver's own, then those in -Wp, and
/// -Xpreprocessor, then those in -Xclang. Inputs keep their places. -Wp,-MD,FILE becomes DependencyFile and
/// DependencyFileName. `first` and `value_word` of a passed option are the words of CommandLine that carried
/// it.
///
/// The order is that of the compilers. gcc's driver appends the words of -Wp, and -Xpreprocessor to its own
/// (specs: %Z is last). clang's appends the same, then the words of -Xclang.
std::vector<Argument> preprocessor_arguments(const CommandLine& command);

}  // namespace pump::compilation
