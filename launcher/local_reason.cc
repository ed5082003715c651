#include "launcher/local_reason.h"

namespace pump::launcher {
namespace {

struct Entry {
  std::string_view name;
  std::string_view text;
};

constexpr Entry entry(LocalReason reason) {
  switch (reason) {
    case LocalReason::SwitchedOff:
      return {"switched-off", "PUMP_LAUNCH=off turns distribution off"};
    case LocalReason::InsideDistcc:
      return {"inside-distcc", "distcc started this command, so it runs here"};
    case LocalReason::CompilerCache:
      return {"compiler-cache", "the compiler cache comes first; its misses come back through pump-launch"};
    case LocalReason::NotUnderstood:
      return {"not-understood", "the command line cannot be parsed"};
    case LocalReason::CompilerQuery:
      return {"compiler-query", "asks the compiler about itself"};
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
      return {"several-inputs", "names several inputs; distcc sends one at a time"};
    case LocalReason::StandardInput:
      return {"standard-input", "compiles standard input"};
    case LocalReason::StandardOutput:
      return {"standard-output", "writes to standard output"};
    case LocalReason::DeviceOutput:
      return {"device-output", "writes to a device, which distcc would replace by a file"};
    case LocalReason::ConfigureProbe:
      return {"configure-probe", "is a configuration check"};
    case LocalReason::NotDistributable:
      return {"not-distributable",
              "the input is no C, C++ or Objective-C source that distcc knows by its suffix"};
    case LocalReason::SourceUnreadable:
      return {"source-unreadable", "the source cannot be read; the compiler says why"};
    case LocalReason::PchCreation:
      return {"pch-creation", "makes a precompiled header"};
    case LocalReason::PchUse:
      return {"pch-use", "uses a precompiled header that cannot be sent"};
    case LocalReason::Module:
      return {"module", "produces or imports a C++ module"};
    case LocalReason::SplitDwarf:
      return {"split-dwarf", "writes a .dwo file that distcc does not bring back"};
    case LocalReason::SaveTemps:
      return {"save-temps", "keeps intermediate files that distcc does not bring back"};
    case LocalReason::StackUsage:
      return {"stack-usage", "writes a .su file that distcc does not bring back"};
    case LocalReason::TimeTrace:
      return {"time-trace", "writes a time trace that distcc does not bring back"};
    case LocalReason::Coverage:
      return {"coverage", "writes coverage or profile data beside the object"};
    case LocalReason::ProfileUse:
      return {"profile-use", "reads profile data that exists only here"};
    case LocalReason::Dump:
      return {"dump", "writes compiler dumps that distcc does not bring back"};
    case LocalReason::CallGraphInfo:
      return {"call-graph-info", "writes a .ci file that distcc does not bring back"};
    case LocalReason::NativeTuning:
      return {"native-tuning", "generates code for the processor it runs on"};
    case LocalReason::Plugin:
      return {"plugin", "loads a compiler plugin that exists only here"};
    case LocalReason::DependencyTargets:
      return {"dependency-targets", "names several dependency targets, of which distccd keeps one"};
    case LocalReason::SideOutput:
      return {"side-output", "writes a further file that distcc does not bring back, or to where it cannot"};
    case LocalReason::LocalFile:
      return {"local-file", "reads a file that cannot be sent"};
    case LocalReason::Timestamp:
      return {"timestamp", "the source uses __TIME" "STAMP__, which differs for the copy that is sent"};
    case LocalReason::BuildDate:
      return {"build-date", "the source uses __DATE__ or __TIME__, and SOURCE_DATE_EPOCH does not travel"};
    case LocalReason::EnvironmentVariable:
      return {"environment", "an environment variable changes the compilation and does not travel"};
    case LocalReason::OtherCompiler:
      return {"other-compiler",
              "distccd runs compilers by name, and the plain name is another program than this one; put its directory "
              "first on PATH"};
    case LocalReason::DistccRefuses:
      return {"distcc-refuses", "distcc keeps such a command on this machine"};
    case LocalReason::NoHosts:
      return {"no-hosts", "no hosts are configured"};
    case LocalReason::NoDistcc:
      return {"no-distcc", "distcc was not found"};
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

}  // namespace pump::launcher
