// What a compiler command line says: the one place that knows which gcc and clang options take a value, in
// which spelling, and which words are inputs. Read by the launcher (what goes where) and by the include
// server (search path, macros, sources); it decides nothing itself.
//
// Option tables follow gcc 9-14 (`gcc --help=...`, gcc.gnu.org/onlinedocs) and clang 11-19 (`clang -cc1
// --help`, Options.td). Unknown options count as one word, as both drivers treat what they pass on. Any
// thread; no I/O but @files.
//
// Two readings of one command: `arguments` is what the driver sees (-Xclang X is one argument of two words);
// preprocessor_arguments() is what its preprocessor sees, with -Wp, -Xpreprocessor and -Xclang taken apart.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::compilation {

/// Options that somebody acts on, one enumerator per meaning whatever the spelling (-I, --include-directory=,
/// …). Everything else is Other: skipped with the right number of words.
enum class Option {
  Other,
  Input,         ///< a word that is an input file; value = its name
  EndOfOptions,  ///< "--"
  // what is done
  Compile,             ///< -c
  Assemble,            ///< -S
  PreprocessOnly,      ///< -E
  DependenciesOnly,    ///< -M, -MM (without -MD/-MMD: no compilation)
  DependencyFile,      ///< -MD, -MMD, -MP, -MG (value empty)
  DependencyFileName,  ///< -MF FILE
  DependencyTarget,    ///< -MT, -MQ
  SyntaxOnly,          ///< -fsyntax-only
  Output,              ///< -o
  Version,             ///< --version, -v, -###, -dumpversion, --help, -print-*
  // search path
  IncludeDirectory,       ///< -I
  QuoteDirectory,         ///< -iquote
  SystemDirectory,        ///< -isystem, -cxx-isystem
  AfterDirectory,         ///< -idirafter
  Prefix,                 ///< -iprefix
  WithPrefix,             ///< -iwithprefix
  WithPrefixBefore,       ///< -iwithprefixbefore
  SplitDirectories,       ///< -I-
  FrameworkDirectory,     ///< -F, -iframework
  Sysroot,                ///< --sysroot
  IncludeSysroot,         ///< -isysroot
  NoStandardIncludes,     ///< -nostdinc
  NoStandardCxxIncludes,  ///< -nostdinc++
  StandardLibrary,        ///< -stdlib=
  // forced inputs and macros
  ForcedInclude,  ///< -include
  ForcedMacros,   ///< -imacros
  IncludePch,     ///< -include-pch
  Define,         ///< -D; value NAME or NAME=BODY or NAME(ARGS)=BODY
  Undefine,       ///< -U
  UndefineAll,    ///< -undef
  // language
  Language,  ///< -x
  Standard,  ///< -std=, -ansi
  Target,    ///< --target=, -target, -m32, -m64, -march= …: predefined macros depend on it
  // passed on to another tool; see passed_words() for the words behind the commas
  ToPreprocessor,  ///< -Wp,… -Xpreprocessor
  ToAssembler,     ///< -Wa,… -Xassembler
  ToLinker,        ///< -Wl,… -Xlinker
  ToClangCc1,      ///< -Xclang
  // side outputs and what else cannot travel; the launcher's table (spec page 03)
  SplitDwarf,
  SaveTemps,
  StackUsage,
  TimeTrace,
  Coverage,
  ProfileUse,
  Dump,
  CallGraphInfo,
  NativeTuning,
  Plugin,
  ModuleMapper,
  Modules,
  ModuleFile,
  Specs,
  VfsOverlay,
  ConfigFile,
  SanitizerList,
  RandomSeed,
  DebugInfo,
  PrefixMap,
  // what only the include server cares about
  SysrootDirectory,  ///< -iwithsysroot, -iframeworkwithsysroot, -isystem-after, -stdlib++-isystem: clang's
                     ///< rarer ones
  DriverMode,        ///< --driver-mode=
  WorkingDirectory,  ///< -working-directory
  ToolDirectory,     ///< -B, --gcc-toolchain=, --gcc-install-dir=, -resource-dir: moves default directories
  EmbedDirectory,    ///< --embed-dir=
  InputCharset,      ///< -finput-charset=
  Traditional,       ///< -traditional-cpp, -traditional
  Wrapper,           ///< -wrapper, -no-integrated-cpp
  AuxiliaryInput,  ///< other files the compiler reads: -fxray-attr-list=, -fthinlto-index=, -fprofile-list= …
  MissingIncludeDirectories,  ///< -Wmissing-include-dirs, -Wno-…, -Werror=… (see spelling)
};

struct Argument {
  Option option = Option::Other;
  /// The option word without a joined value ("-I", "--include-directory="). Long spellings of families are given in the
  /// short one: "--machine-arch=x" as "-m" and "arch=x", "--lto" as "-flto".
  std::string spelling;
  std::string value;      ///< joined or separate value; for Input the file name
  std::size_t first = 0;  ///< index of its first word in CommandLine::words
  std::size_t words = 1;  ///< how many words it takes
  bool separate = false;  ///< the value is a word of its own
  std::size_t value_word =
      0;  ///< index of the word that ends with the value; equals `first` where it is joined
  std::string
      carrier;  ///< of preprocessor_arguments(): "-Xclang" or "-Xpreprocessor" where it came from there
};

/// The option as one word, without a value that is a word of its own: "-flto=2", "-g0", whatever the spelling was.
std::string as_word(const Argument& argument);

struct CommandLine {
  std::string compiler;                     ///< argv[0]
  std::vector<std::string> words;           ///< argv, @files replaced by their words (argv[0] included)
  std::vector<Argument> arguments;          ///< in order; argv[0] not included
  std::vector<std::string> response_files;  ///< every @file expanded, nested ones too, as spelled
  /// For each of `words` the index of the argv word it was; kFromResponseFile for what came out of an @file.
  std::vector<std::size_t> origins;
  static constexpr std::size_t kFromResponseFile = static_cast<std::size_t>(-1);

  [[nodiscard]] bool has(Option option) const;
  /// The last occurrence, which wins for most options; nullptr where there is none.
  [[nodiscard]] const Argument* last(Option option) const;
};

/// Reads a response file for the parser; nothing where it cannot be read (the word then stays as it is, as in
/// gcc).
using ReadResponseFile = std::function<std::optional<std::string>(const std::string& path)>;

/// Parses argv (compiler first). Relative @files are handed to `read` as spelled. Errors: no compiler, an
/// option whose value is missing, response files nested too deep, a response file that compilers read differently.
Expected<CommandLine> parse(const std::vector<std::string>& argv, const ReadResponseFile& read);

/// The words behind -Wp,a,b / -Wa,a,b / -Wl,a,b / -Xclang a / …: "a", "b". Empty for other options.
std::vector<std::string> passed_words(const Argument& argument);

/// What the preprocessor gets, in its order: the driver's own arguments, then the words of -Wp, and
/// -Xpreprocessor, then those of -Xclang, parsed as options in their turn (-Wp,-MD,FILE becomes
/// DependencyFile and DependencyFileName). `first` and `value_word` of those point at the words of
/// CommandLine that carried them. Inputs stay in place.
std::vector<Argument> preprocessor_arguments(const CommandLine& command);

/// GNU response file syntax (libiberty's buildargv): blanks separate, ' " and \ quote. Error: a backslash that gcc 16
/// reads as POSIX's shell does, and earlier versions and clang otherwise.
Expected<std::vector<std::string>> split_response_file(std::string_view text);

/// The language of an input by its suffix or by the -x in force: gcc's own names ("c", "c++", "objective-c",
/// "assembler-with-cpp", "cpp-output", "c++-header", …); empty for anything that is for the linker.
std::string_view language_of(std::string_view file, std::string_view forced_language);

/// What the driver makes of suffixes by its own name: g++, c++, clang++ (with a target prefix or a version
/// suffix) and
/// --driver-mode=g++ compile .c, .h and .i as C++.
enum class DriverLanguage { C, Cxx };
DriverLanguage driver_language(const CommandLine& command);

/// An input with the language it is compiled as, -x in force and driver considered; empty: for the linker.
struct Source {
  const Argument* argument = nullptr;  ///< points into CommandLine::arguments
  std::string language;
};
/// Every input in order, linker inputs too.
std::vector<Source> inputs(const CommandLine& command);
/// True for the languages that a compiler makes an object of after preprocessing (headers and linker inputs
/// are not).
bool is_translation_unit(std::string_view language);
/// True for "cpp-output", "c++-cpp-output", … and plain "assembler": no preprocessing happens.
bool is_preprocessed(std::string_view language);

}  // namespace pump::compilation
