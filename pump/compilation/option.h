// The meanings of compiler options. The names are in option_names.h.
#pragma once

#include <cstdint>

namespace pump::compilation {

/// One enumerator per meaning, whatever the spelling (-I, --include-directory=, …). Other: no part of pump
/// acts on the option; only its number of words matters.
enum class Option {
  Other,
  Input,         ///< a word that is an input file; value = its name
  EndOfOptions,  ///< "--"
  // what the command does
  Compile,             ///< -c
  Assemble,            ///< -S
  PreprocessOnly,      ///< -E
  DependenciesOnly,    ///< -M, -MM: no compilation, unless with -MD or -MMD
  DependencyFile,      ///< -MD, -MMD, -MP, -MG (value empty)
  DependencyFileName,  ///< -MF FILE
  DependencyTarget,    ///< -MT, -MQ
  SyntaxOnly,          ///< -fsyntax-only
  Output,              ///< -o
  Version,             ///< --version, -v, -###, -dumpversion, --help, -print-*
  // search path
  IncludeDirectory,       ///< -I
  QuoteDirectory,         ///< -iquote
  SystemDirectory,        ///< -isystem, -cxx-isystem, -c-isystem
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
  // arguments for another tool: see passed_words()
  ToPreprocessor,  ///< -Wp,… -Xpreprocessor
  ToAssembler,     ///< -Wa,… -Xassembler
  ToLinker,        ///< -Wl,… -Xlinker
  ToClangCc1,      ///< -Xclang
  // other outputs and inputs, and what depends on the client: launcher/decide decides about each
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
  // directories, and how the source is read
  SysrootDirectory,  ///< clang's -iwithsysroot, -iframeworkwithsysroot, -isystem-after, -stdlib++-isystem
  DriverMode,        ///< --driver-mode=
  WorkingDirectory,  ///< -working-directory
  ToolDirectory,     ///< -B, --gcc-toolchain=, --gcc-install-dir=, -resource-dir: moves default directories
  EmbedDirectory,    ///< --embed-dir=
  InputCharset,      ///< -finput-charset=
  Traditional,       ///< -traditional-cpp, -traditional
  Wrapper,           ///< -wrapper, -no-integrated-cpp
  AuxiliaryInput,    ///< other input files: -fxray-attr-list=, -fthinlto-index=, -fprofile-list= …
  MissingIncludeDirectories,  ///< -Wmissing-include-dirs, -Wno-…, -Werror=…: see Argument::spelling
};

}  // namespace pump::compilation
