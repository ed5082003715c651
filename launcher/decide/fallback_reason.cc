#include "launcher/decide/fallback_reason.h"

namespace pump::launcher {
namespace {

constexpr std::string_view kAllowCompiler =
    "install the compiler on the host; distccd refuses one that has no link in its /usr/lib/distcc: run "
    "`update-distcc-symlinks` there as root";

struct Entry {
  std::string_view name;
  std::string_view text;
  std::string_view remedy;
};

constexpr Entry entry(FallbackReason reason) {
  switch (reason) {
    case FallbackReason::NoPumpHost:
      return {"no-pump-host", "no host is marked for pump mode",
              "append ,cpp,lzo to the hosts in DISTCC_HOSTS or the hosts file"};
    case FallbackReason::NoIncludeServer:
      return {"no-include-server", "no include server answers",
              "see the session's log, whose directory `pump --status` shows"};
    case FallbackReason::SetAside:
      return {"set-aside", "set aside: it failed remotely before and compiled here",
              "compare the server's compiler and system headers with this machine's; it is tried again when "
              "one of its files changes, and after a day"};
    case FallbackReason::IncludesUnknown:
      return {"includes-unknown", "the include server cannot determine which files it needs",
              "change what the detail names, or leave it"};
    case FallbackReason::HostsFailed:
      return {"hosts-failed", "no host could take it",
              "see the detail; `pump --status` shows the state of each host"};
    case FallbackReason::HostsClosed:
      return {"hosts-closed", "the host closed the connection without a reply, and no other could take it",
              kAllowCompiler};
    case FallbackReason::CompilerRefused:
      return {"compiler-refused", "no host runs its compiler", kAllowCompiler};
    case FallbackReason::CompilerDiffers:
      return {"compiler-differs", "the hosts have another version of its compiler",
              "install the same version there; a host is tried again after a minute, and later less often"};
    case FallbackReason::RemoteFailed:
      return {"remote-failed", "it failed on the host and compiled here",
              "see the host's message in the detail; compare its compiler and system headers with this "
              "machine's"};
    case FallbackReason::DebugUnrepairable:
      return {"debug-unrepairable",
              "its debug information names a directory of the server that could not be replaced",
              "leave out options that record the command line"};
    case FallbackReason::NamesUnlike:
      return {
          "names-unlike", "names of files differ on a host, and the object or the messages depend on them",
          "name the file by a path without links, or include it without an absolute name; for clang, name "
          "source and headers relative to the build directory"};
    case FallbackReason::MessagesUnlike:
      return {"messages-unlike", "it has messages that would differ from those of a local compilation",
              "correct what the compiler warns of"};
    case FallbackReason::DependenciesUnlike:
      return {"dependencies-unlike", "its dependency rule did not come back as the compiler writes it",
              "see the session's log, whose directory `pump --status` shows, and report it"};
    case FallbackReason::Misjudged:
      return {"misjudged", "the include server misjudged which files its compiler reads on the host",
              "compare the headers of the host's packages with this machine's; if they are the same, report "
              "the named line, the command, and the output of the compiler's -v here and on the host"};
    case FallbackReason::OutputNotWritten:
      return {"output-not-written", "an output could not be written", "see the compiler's message"};
  }
  return {"unknown", "unknown", "unknown"};
}

}  // namespace

std::string_view name(FallbackReason reason) {
  return entry(reason).name;
}
std::string_view text(FallbackReason reason) {
  return entry(reason).text;
}
std::string_view remedy(FallbackReason reason) {
  return entry(reason).remedy;
}

}  // namespace pump::launcher
