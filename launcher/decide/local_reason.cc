#include "launcher/decide/local_reason.h"

namespace pump::launcher {
namespace {

struct Entry {
  std::string_view name;
  std::string_view text;
  std::string_view remedy = {};
};

constexpr Entry entry(LocalReason reason) {
  switch (reason) {
    case LocalReason::SwitchedOff:
      return {"switched-off", "PUMP_LAUNCH=off turns distribution off", "unset PUMP_LAUNCH"};
    case LocalReason::InsideDistcc:
      return {"inside-distcc", "distcc started this command, so it runs here"};
    case LocalReason::NotUnderstood:
      return {"not-understood", "the command line cannot be parsed", "see the detail"};
    case LocalReason::CompilerQuery:
      return {"compiler-query", "queries the compiler"};
    case LocalReason::PreprocessOnly:
      return {"preprocess-only", "only preprocesses"};
    case LocalReason::DependenciesOnly:
      return {"dependencies-only", "only lists dependencies"};
    case LocalReason::SyntaxOnly:
      return {"syntax-only", "makes no object file"};
    case LocalReason::Linking:
      return {"linking", "has neither -c nor -S: it links"};
    case LocalReason::NoSource:
      return {"no-source", "names no source file"};
    case LocalReason::SeveralSources:
      return {"several-inputs", "names several inputs; distcc sends one at a time",
              "compile one source per command"};
    case LocalReason::StandardInput:
      return {"standard-input", "compiles standard input"};
    case LocalReason::StandardOutput:
      return {"standard-output", "writes to standard output"};
    case LocalReason::DeviceOutput:
      return {"device-output", "writes to a device, which distcc would replace by a file"};
    case LocalReason::OutputPlace:
      return {"output-place",
              "an output is not a plain file in a directory that can be written to; distcc would make one",
              "make the directory first, or remove what stands in the output's place"};
    case LocalReason::ConfigureProbe:
      return {"configure-probe", "is a configuration check"};
    case LocalReason::NotDistributable:
      return {
          "not-distributable",
          "the input is not a C, C++ or Objective-C source with a suffix that distcc recognises, or its name "
          "has two lines",
          "nothing: distcc sends C, C++ and Objective-C only"};
    case LocalReason::SourceUnreadable:
      return {"source-unreadable", "the source cannot be read; the compiler reports why",
              "see the compiler's message"};
    case LocalReason::PchCreation:
      return {"pch-creation", "makes a precompiled header",
              "leave precompiled headers out (CMake: CMAKE_DISABLE_PRECOMPILE_HEADERS=ON, if each source "
              "includes "
              "what it uses); remote compilation gains more"};
    case LocalReason::PchUse:
      return {"pch-use", "uses a precompiled header; compiled from its text, the result may differ",
              "leave precompiled headers out (CMake: CMAKE_DISABLE_PRECOMPILE_HEADERS=ON, if each source "
              "includes "
              "what it uses); remote compilation gains more"};
    case LocalReason::Module:
      return {"module", "produces or imports a C++ module",
              "use modules in few files: files that produce or import them are compiled here"};
    case LocalReason::ScannedDebug:
      return {"scanned-debug",
              "with -g, gcc records the options of scanning for modules in the object, and on a server they "
              "are others",
              "scan only where modules are used (CMake: CXX_SCAN_FOR_MODULES OFF), or add "
              "-gno-record-gcc-switches"};
    case LocalReason::SplitDwarf:
      return {"split-dwarf", "writes a .dwo file that distcc does not bring back",
              "leave out -gsplit-dwarf; -gz also makes objects smaller"};
    case LocalReason::SaveTemps:
      return {"save-temps", "keeps intermediate files that distcc does not bring back",
              "leave out -save-temps"};
    case LocalReason::StackUsage:
      return {"stack-usage", "writes a .su file that distcc does not bring back", "leave out -fstack-usage"};
    case LocalReason::TimeTrace:
      return {"time-trace", "writes a time trace that distcc does not bring back", "leave out -ftime-trace"};
    case LocalReason::Coverage:
      return {"coverage", "writes coverage or profile data beside the object",
              "build without coverage if its data is not needed"};
    case LocalReason::ProfileUse:
      return {"profile-use", "reads profile data that exists only here",
              "nothing: the profile exists only here"};
    case LocalReason::Dump:
      return {"dump", "writes compiler dumps that distcc does not bring back", "leave out the dump options"};
    case LocalReason::Measurement:
      return {"measurement",
              "reports the time or the memory that the compiler takes, which differ on a server",
              "leave the option out"};
    case LocalReason::CallGraphInfo:
      return {"call-graph-info", "writes a .ci file that distcc does not bring back",
              "leave out -fcallgraph-info"};
    case LocalReason::NativeTuning:
      return {"native-tuning", "generates code for the processor it runs on",
              "name the processor, for example -march=x86-64-v3, instead of native"};
    case LocalReason::TargetOptions:
      return {"target-options",
              "gives options for some targets only, which the include server does not interpret",
              "give the options to all targets"};
    case LocalReason::Plugin:
      return {"plugin", "loads a compiler plugin that exists only here",
              "leave out the plugin, or run plugin checks in a separate build"};
    case LocalReason::FrontendOption:
      return {"frontend-option",
              "passes an option to the compiler's frontend or to LLVM that may write or read further files",
              "leave the option out, or use an option of the compiler itself"};
    case LocalReason::DependencyTargets:
      return {"dependency-targets", "names several dependency targets, and distccd keeps only one",
              "name one target with -MT or -MQ"};
    case LocalReason::DependencyFile:
      return {"dependency-file",
              "requests its dependency file in a way that distcc handles differently from the compiler",
              "use -MD or -MMD and, if needed, -MF, -MT, -MQ and -MP, with names that make can read "
              "unquoted"};
    case LocalReason::SideOutput:
      return {"side-output",
              "writes a further file that distcc does not bring back, or writes where distcc cannot",
              "leave the option out if its file is not needed"};
    case LocalReason::LocalFile:
      return {"local-file", "reads a file that cannot be sent",
              "leave the option out if its file is not needed"};
    case LocalReason::InputCharset:
      return {"input-charset", "if distcc preprocesses the source here, the server converts it a second time",
              "store the source in UTF-8, and leave -finput-charset= out"};
    case LocalReason::LinkTimeOptimisation:
      return {"link-time-optimisation",
              "bytecode for link-time optimisation names the directory it is made in",
              "compile without -flto if the build time matters more"};
    case LocalReason::DebugAssembly:
      return {"debug-assembly", "assembler text with -g names the directory it is made in",
              "leave out -g with -S"};
    case LocalReason::Preprocessed:
      return {"preprocessed", "the source is preprocessed already", "nothing: the server would gain nothing"};
    case LocalReason::DebugNames:
      return {
          "debug-names",
          "debug information or messages would name files differently from a local compilation",
          "leave the option out, or -g; for clang, name source and headers relative to the build directory"};
    case LocalReason::RecordedCommand:
      return {"recorded-command", "the object records the command line, which differs on a server",
              "leave the option out"};
    case LocalReason::Timestamp:
      return {"timestamp", "the source uses __TIMESTAMP__, which differs for the copy that is sent",
              "replace __TIMESTAMP__, for example with a value from the build system"};
    case LocalReason::BuildDate:
      return {"build-date",
              "uses __DATE__ or __TIME__, whose values here cannot be sent: SOURCE_DATE_EPOCH is set, or an "
              "option shows where they come from",
              "replace __DATE__ and __TIME__, or leave out what the detail names"};
    case LocalReason::EnvironmentVariable:
      return {"environment", "an environment variable changes the compilation and is not sent",
              "unset the variable"};
    case LocalReason::OtherCompiler:
      return {"other-compiler", "distccd runs compilers by name, and the plain name is a different program",
              "put the compiler's directory first on PATH"};
    case LocalReason::DistccRefuses:
      return {"distcc-refuses", "distccd refuses such a command", "leave the option out"};
    case LocalReason::NoHosts:
      return {"no-hosts", "no hosts are configured",
              "set DISTCC_HOSTS, or write hosts to distcc-pump.conf beside CMakeCache.txt or to "
              "~/.distcc/hosts"};
  }
  return {"unknown", "unknown"};
}

}  // namespace

std::string_view name(LocalReason reason) {
  return entry(reason).name;
}
std::string_view text(LocalReason reason) {
  return entry(reason).text;
}
std::string_view remedy(LocalReason reason) {
  return entry(reason).remedy;
}

bool is_compilation(LocalReason reason) {
  switch (reason) {
    case LocalReason::InsideDistcc:
    case LocalReason::NotUnderstood:
    case LocalReason::CompilerQuery:
    case LocalReason::PreprocessOnly:
    case LocalReason::DependenciesOnly:
    case LocalReason::SyntaxOnly:
    case LocalReason::Linking:
    case LocalReason::NoSource:
    case LocalReason::StandardInput:
    case LocalReason::StandardOutput:
    case LocalReason::DeviceOutput:
    case LocalReason::ConfigureProbe:
      return false;
    default:
      return true;
  }
}

}  // namespace pump::launcher
