// Why a command runs on this machine and is not distributed. Each reason has a name for records, a text and a
// remedy for people. Any thread; no I/O.
#pragma once

#include <string>
#include <string_view>

namespace pump::launcher {

enum class LocalReason {
  // set by the caller or the environment
  SwitchedOff,    ///< PUMP_LAUNCH=off
  InsideDistcc,   ///< distcc itself started this command
  NotUnderstood,  ///< the command line could not be parsed
  // not one compilation
  CompilerQuery,
  PreprocessOnly,
  DependenciesOnly,
  SyntaxOnly,
  Linking,
  NoSource,
  SeveralSources,
  StandardInput,
  StandardOutput,
  DeviceOutput,
  OutputPlace,  ///< an output is not a plain file that can be replaced: distcc would make it one
  ConfigureProbe,
  // compilations that another machine cannot do, or not with the same result
  NotDistributable,  ///< distcc does not send this language
  Preprocessed,      ///< .i, .ii: pump mode would gain nothing
  SourceUnreadable,
  PchCreation,
  PchUse,
  Module,
  ScannedDebug,  ///< -g in a unit that was scanned for modules
  SplitDwarf,
  SaveTemps,
  StackUsage,
  TimeTrace,
  Coverage,
  ProfileUse,
  Dump,
  Measurement,
  CallGraphInfo,
  NativeTuning,
  TargetOptions,  ///< options for one of several targets, which the include server does not interpret
  Plugin,
  FrontendOption,  ///< passed to the frontend, with an effect that is not known here
  DependencyTargets,
  DependencyFile,  ///< requested in a way that distcc handles differently from the compiler
  SideOutput,      ///< any other file beside object and dependencies
  LocalFile,       ///< an option names a file that only this machine has
  InputCharset,    ///< the include server does not convert sources
  RecordedCommand,
  LinkTimeOptimisation,  ///< bytecode names the directory it was made in, and that cannot be repaired
  DebugAssembly,         ///< -S with -g: assembler text names the directory it was made in
  DebugNames,            ///< debug information or messages would name files differently
  Timestamp,
  BuildDate,
  EnvironmentVariable,
  OtherCompiler,  ///< distccd finds compilers by name, and that name is another program
  DistccRefuses,  ///< distcc itself would keep it here, but only after an include server was started
  // nowhere to compile it
  NoHosts,
};

/// A reason with the word, variable or file at fault.
struct Fault {
  LocalReason reason;
  std::string detail;
};

/// Stable identifier, as in records: "split-dwarf".
std::string_view name(LocalReason reason);
/// One clause for people, which does not name the flag at fault: "writes a .dwo file that distcc does not
/// bring back".
std::string_view text(LocalReason reason);
/// What to change so that it can be distributed; empty if nothing can be changed.
std::string_view remedy(LocalReason reason);
/// True for the reasons that keep the compilation of a file here; these are recorded. False for other
/// commands, configuration checks and commands that cannot be parsed, and for those that distcc or a cache
/// starts.
bool is_compilation(LocalReason reason);

}  // namespace pump::launcher
