// The state of a random project while it is generated, shared by the parts of the generator.
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

/// A condition for the file `from`; sometimes one that the server cannot or need not evaluate exactly.
std::string condition(Draft& draft, const std::string& from);

/// A spelling of the name of a project file, as an include in `from`. Unless `sure`, the file may not exist.
std::string spelling(Draft& draft, const std::string& from, std::size_t file, bool& sure);

/// An absolute name in quotes. It may exist only on the server.
std::string absolute_spelling(Draft& draft);

/// A pragma in one of its spellings.
std::string pragma(Draft& draft, const std::string& text);
/// A pragma with an effect on preprocessing, and text that shows the effect.
std::string telling_pragma(Draft& draft, const std::string& from);

/// A #define or #undef that names one macro only in some dialects.
std::string odd_definition(Draft& draft);

/// A line that puts its position and the expansion of `expression` into the compiler's output.
std::string observation(Draft& draft, const std::string& label, const std::string& expression);

/// The commands. Called last, after all files are written.
void choose_commands(Draft& draft);

}  // namespace pump::fuzz
