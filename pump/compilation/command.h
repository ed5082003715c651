// What a compiler command line says: the one place that knows which gcc and clang options take a value, in which
// spelling, and which words are inputs. Read by the launcher (what goes where) and by the include server (search path,
// macros, sources); it decides nothing itself.
//
// Option tables follow gcc 9-14 (`gcc --help=...`, gcc.gnu.org/onlinedocs) and clang 11-19 (`clang -cc1 --help`,
// Options.td). Unknown options count as one word, as both drivers treat what they pass on. Any thread; no I/O but @files.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::compilation {

/// Options that somebody acts on, one enumerator per meaning whatever the spelling (-I, --include-directory=, …).
/// Everything else is Other: skipped with the right number of words.
enum class Option {
  Other,
  Input,          ///< a word that is an input file; value = its name
  EndOfOptions,   ///< "--"
  // what is done
  Compile,        ///< -c
  Assemble,       ///< -S
  PreprocessOnly, ///< -E
  DependenciesOnly, ///< -M, -MM (without -MD/-MMD: no compilation)
  DependencyFile, ///< -MD, -MMD, -MP, -MG (value empty)
  DependencyFileName, ///< -MF FILE
  DependencyTarget,   ///< -MT, -MQ
  SyntaxOnly,     ///< -fsyntax-only
  Output,         ///< -o
  Version,        ///< --version, -v, -###, -dumpversion, --help, -print-*
  // search path
  IncludeDirectory,      ///< -I
  QuoteDirectory,        ///< -iquote
  SystemDirectory,       ///< -isystem, -cxx-isystem
  AfterDirectory,        ///< -idirafter
  Prefix,                ///< -iprefix
  WithPrefix,            ///< -iwithprefix
  WithPrefixBefore,      ///< -iwithprefixbefore
  SplitDirectories,      ///< -I-
  FrameworkDirectory,    ///< -F, -iframework
  Sysroot,               ///< --sysroot
  IncludeSysroot,        ///< -isysroot
  NoStandardIncludes,    ///< -nostdinc
  NoStandardCxxIncludes, ///< -nostdinc++
  StandardLibrary,       ///< -stdlib=
  // forced inputs and macros
  ForcedInclude,  ///< -include
  ForcedMacros,   ///< -imacros
  IncludePch,     ///< -include-pch
  Define,         ///< -D; value NAME or NAME=BODY or NAME(ARGS)=BODY
  Undefine,       ///< -U
  UndefineAll,    ///< -undef
  // language
  Language,       ///< -x
  Standard,       ///< -std=, -ansi
  Target,         ///< --target=, -target, -m32, -m64, -march= …: predefined macros depend on it
  // passed on to another tool; value already split at commas
  ToPreprocessor, ///< -Wp,… -Xpreprocessor
  ToAssembler,    ///< -Wa,… -Xassembler
  ToLinker,       ///< -Wl,… -Xlinker
  ToClangCc1,     ///< -Xclang
  // side outputs and what else cannot travel; the launcher's table (spec page 03)
  SplitDwarf, SaveTemps, StackUsage, TimeTrace, Coverage, ProfileUse, Dump, CallGraphInfo, NativeTuning, Plugin,
  ModuleMapper, Modules, ModuleFile, Specs, VfsOverlay, ConfigFile, SanitizerList, RandomSeed, DebugInfo, PrefixMap,
};

struct Argument {
  Option option = Option::Other;
  std::string spelling;         ///< the option word without a joined value ("-I", "--include-directory=")
  std::string value;            ///< joined or separate value; for Input the file name
  std::size_t first = 0;        ///< index of its first word in CommandLine::words
  std::size_t words = 1;        ///< how many words it takes
  bool separate = false;        ///< the value is a word of its own
};

struct CommandLine {
  std::string compiler;             ///< argv[0]
  std::vector<std::string> words;   ///< argv, @files replaced by their words (argv[0] included)
  std::vector<Argument> arguments;  ///< in order; argv[0] not included
  std::vector<std::string> response_files;  ///< every @file expanded, nested ones too, as spelled

  [[nodiscard]] bool has(Option option) const;
  /// The last occurrence, which wins for most options; nullptr where there is none.
  [[nodiscard]] const Argument* last(Option option) const;
};

/// Reads a response file for the parser; nothing where it cannot be read (the word then stays as it is, as in gcc).
using ReadResponseFile = std::function<std::optional<std::string>(const std::string& path)>;

/// Parses argv (compiler first). Relative @files are handed to `read` as spelled. Errors: no compiler, an option whose
/// value is missing, response files nested too deep.
Expected<CommandLine> parse(const std::vector<std::string>& argv, const ReadResponseFile& read);

/// GNU response file syntax (libiberty's buildargv): blanks separate, ' " and \ quote.
std::vector<std::string> split_response_file(std::string_view text);

/// The language of an input by its suffix or by the -x in force: gcc's own names ("c", "c++", "objective-c",
/// "assembler-with-cpp", "cpp-output", "c++-header", …); empty for anything that is for the linker.
std::string_view language_of(std::string_view file, std::string_view forced_language);

}  // namespace pump::compilation
