#include "launcher/decide/fallback_reason.h"

namespace pump::launcher {
namespace {

struct Entry {
  std::string_view name;
  std::string_view text;
  std::string_view remedy;
};

constexpr Entry entry(FallbackReason reason) {
  switch (reason) {
    case FallbackReason::Preprocessed:
      return {"preprocessed", "the source is preprocessed already", "nothing: pump mode would gain nothing"};
    case FallbackReason::LinkTimeOptimisation:
      return {
          "link-time-optimisation",
          "bytecode for link-time optimisation names the directory it is made in, so it is preprocessed here",
          "compile without -flto if the build time matters more"};
    case FallbackReason::DebugAssembly:
      return {"debug-assembly",
              "assembler text with -g names the directory it is made in, so it is preprocessed here",
              "leave out -g with -S"};
    case FallbackReason::NoPumpHost:
      return {"no-pump-host", "no host is marked for pump mode",
              "append ,cpp,lzo to the hosts in DISTCC_HOSTS or the hosts file"};
    case FallbackReason::NoIncludeServer:
      return {"no-include-server", "no include server runs",
              "see the session's log, whose directory `pump --status` shows"};
    case FallbackReason::SetAside:
      return {"set-aside", "set aside: it failed in pump mode before and compiled here",
              "compare the server's compiler and system headers with this machine's; it is tried again when "
              "one of its files changes, and after a day"};
    case FallbackReason::IncludesUnknown:
      return {"includes-unknown",
              "the include server cannot determine which files it needs, so it was preprocessed here",
              "change what the detail names, or leave it: it is compiled remotely, at the cost of "
              "preprocessing here"};
    case FallbackReason::ByHostsList:
      return {"by-hosts-list", "the list of hosts names localhost, which compiles here",
              "take localhost out of the hosts; if it is not there, see why distcc keeps the command here"};
    case FallbackReason::HostHungUp:
      return {"host-hung-up", "the host took the job and ended the connection without an answer",
              "see distccd's log there; distccd refuses a compiler that has no link in its /usr/lib/distcc: "
              "run `update-distcc-symlinks` there as root"};
    case FallbackReason::HostsFailed:
      return {
          "hosts-failed", "no host took the job",
          "check that distccd runs there, lets this machine in, and has a link for the compiler in its "
          "/usr/lib/distcc (`update-distcc-symlinks` makes them); distcc avoids a host for a minute after a "
          "failure"};
    case FallbackReason::RemoteFailed:
      return {"remote-failed", "it failed on the remote host and compiled here",
              "compare the server's compiler and system headers with this machine's"};
    case FallbackReason::DebugUnrepairable:
      return {"debug-unrepairable",
              "its debug information names a directory of the server that could not be replaced",
              "leave out options that record the command line"};
    case FallbackReason::DependenciesUnlike:
      return {"dependencies-unlike",
              "its dependency file did not come back as the compiler writes it, so it was compiled here",
              "see the session's log, whose directory `pump --status` shows, and report it"};
    case FallbackReason::DistccFailed:
      return {"distcc-failed", "distcc itself failed",
              "see the session's log, whose directory `pump --status` shows"};
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
