// Why a command runs on this machine and not through distcc in pump mode: one enumerator per row of the
// launcher's decision table, each with a name for records and a text for people. Any thread; no I/O.
#pragma once

#include <string>
#include <string_view>

namespace pump::launcher {

enum class LocalReason {
  // asked for
  SwitchedOff,    ///< PUMP_LAUNCH=off
  InsideDistcc,   ///< distcc itself started this command
  CompilerCache,  ///< ccache comes next; it calls the launcher for its misses
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
  OutputPlace,  ///< an output is no plain file that can be replaced: distcc would make one
  ConfigureProbe,
  // compilations that another machine cannot do, or not with the same result
  NotDistributable,  ///< the language is none that distcc sends
  SourceUnreadable,
  PchCreation,
  PchUse,
  Module,
  SplitDwarf,
  SaveTemps,
  StackUsage,
  TimeTrace,
  Coverage,
  ProfileUse,
  Dump,
  CallGraphInfo,
  NativeTuning,
  TargetOptions,  ///< options for one of several targets, which nobody but the compiler follows
  Plugin,
  DependencyTargets,
  DependencyFile,  ///< asked for in a way that distcc does not carry out as the compiler does
  SideOutput,      ///< any other file beside object and dependencies
  LocalFile,       ///< an option names a file that only this machine has
  InputCharset,    ///< distcc's plain mode converts the source twice
  RecordedCommand,
  DebugNames,  ///< debug information or messages would name files otherwise
  Timestamp,
  BuildDate,
  EnvironmentVariable,
  OtherCompiler,  ///< distccd knows compilers by name, and that name is another program
  DistccRefuses,  ///< distcc's own scan would keep it here, and only after starting an include server
  // nowhere to send it
  NoHosts,
  NoDistcc,
};

/// A reason with the word, variable or file at fault.
struct Fault {
  LocalReason reason;
  std::string detail;
};

/// Stable identifier, as in records: "split-dwarf".
std::string_view name(LocalReason reason);
/// One clause for people, without the flag at fault: "-gsplit-dwarf writes a .dwo file that distcc does not
/// bring back".
std::string_view text(LocalReason reason);
/// What to change so that it can be distributed; empty where there is nothing to.
std::string_view remedy(LocalReason reason);
/// True for the reasons that keep a compilation here; false for commands that are none, and for those that
/// come back.
bool is_compilation(LocalReason reason);

}  // namespace pump::launcher
