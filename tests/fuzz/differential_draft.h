// A random project in the making: what the parts of the generator share.
#pragma once

#include <string>
#include <vector>

#include "tests/fuzz/differential_generator.h"
#include "tests/fuzz/differential_random.h"

namespace pump::fuzz {

/// Defines the macros that every file uses.
constexpr const char* kPrelude = "prelude.h";

enum class Guard { None, Ifndef, Once, IfNotDefined, PragmaOperator };

struct ProjectFile {
  std::string path;
  Guard guard = Guard::None;
};

struct Draft {
  explicit Draft(std::uint64_t seed) : random(seed) {}

  Random random;
  Generated out;
  bool cxx = true;      ///< the language of the source
  std::string charset;  ///< of all files; empty: UTF-8
  std::vector<std::string> directories, linked_directories, linked_files;
  std::vector<ProjectFile> files;  ///< the source first
  std::string source_directory() const { return files[0].path.substr(0, files[0].path.rfind('/') + 1); }
  std::string macro() { return "M" + std::to_string(random.below(6)); }
};

/// An integer expression for #if.
std::string expression(Draft& draft, int depth);

/// A condition; now and then one that asks what the server cannot or need not know exactly. `from` is the
/// file it stands in.
std::string condition(Draft& draft, const std::string& from);

/// Some way to write the name of a file of the project from within `from`. Not `sure`: it may lead nowhere.
std::string spelling(Draft& draft, const std::string& from, std::size_t file, bool& sure);

/// An absolute name, in quotes; it may be one that exists on the server only.
std::string absolute_spelling(Draft& draft);

/// A pragma, in one of the many ways to write it.
std::string pragma(Draft& draft, const std::string& text);
/// One that tells a preprocessor something, and what shows its effect.
std::string telling_pragma(Draft& draft, const std::string& from);

/// A #define or #undef of what only some dialects take for one macro.
std::string odd_definition(Draft& draft);

/// A line that shows in the compiler's output where it stands, and what `expression` expands to.
std::string observation(Draft& draft, const std::string& label, const std::string& expression);

/// The commands: the last part, once all files are written.
void choose_commands(Draft& draft);

}  // namespace pump::fuzz
