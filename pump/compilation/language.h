// The languages of input files, by gcc's names: "c", "c++", "objective-c", "assembler-with-cpp",
// "cpp-output", "c++-header", … Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/compilation/command.h"

namespace pump::compilation {

/// The language of an input by the value of the last -x before it, or by its suffix if that is empty or
/// "none". Empty: a linker input.
std::string_view language_of(std::string_view file, std::string_view forced_language);

/// The driver's own language, by its name or --driver-mode=. g++, c++ and clang++, also with a target prefix
/// or a version suffix, compile .c, .h and .i as C++.
enum class DriverLanguage { C, Cxx };
DriverLanguage driver_language(const CommandLine& command);

/// An input and the language that it is compiled as.
struct Source {
  const Argument* argument = nullptr;  ///< points into CommandLine::arguments
  std::string language;                ///< by -x, suffix and driver; empty: a linker input
};
/// Every input in order, linker inputs too.
std::vector<Source> inputs(const CommandLine& command);

/// True for languages that are compiled to an object: not headers, modules and linker inputs.
bool is_translation_unit(std::string_view language);
/// True for languages without preprocessing: "cpp-output", "c++-cpp-output", …, "assembler".
bool is_preprocessed(std::string_view language);

}  // namespace pump::compilation
