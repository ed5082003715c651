#include "pump/hosts/choose_hosts.h"

#include <unistd.h>

#include "pump/os/format.h"

namespace pump::hosts {
namespace {

constexpr std::chrono::seconds kShowHostsPatience(30);  // zeroconf queries the network
constexpr std::chrono::seconds kLsdistccPatience(60);   // its own limits are shorter, also with slow DNS
constexpr char kRemedy[] =
    "Set DISTCC_HOSTS (HOST[:PORT]/JOBS,cpp,lzo …) or DISTCC_POTENTIAL_HOSTS, or write the hosts into "
    "$DISTCC_DIR/hosts, ~/.distcc/hosts or /etc/distcc/hosts";

/// True if one of the hosts files exists that distcc may read.
bool has_hosts_file(const os::Environment& environment) {
  std::vector<std::string> paths{"/etc/distcc/hosts"};
  if (environment.has("DISTCC_DIR"))
    paths.push_back(std::string(environment.get_or("DISTCC_DIR", "")) + "/hosts");
  if (environment.has("HOME"))
    paths.push_back(std::string(environment.get_or("HOME", "")) + "/.distcc/hosts");
  for (const std::string& path : paths)
    if (::access(path.c_str(), F_OK) == 0) return true;
  return false;
}

/// The hosts as distcc reads them: it resolves +zeroconf, and its configuration directory is compiled in.
Expected<distcc::HostList> show_hosts(os::Environment environment, const std::string& distcc_directory) {
  if (!environment.has("DISTCC_HOSTS"))
    environment.unset("DISTCC_HOSTS");  // distcc reads an empty value as an empty list
  environment.unset("DISTCC_LOG");      // its messages must go to stderr
  os::SpawnOptions options;
  options.program = distcc_directory + "/distcc";
  options.argv = {options.program, "--show-hosts"};
  options.environment = std::move(environment);
  PUMP_TRY(const os::Captured shown, os::run(std::move(options), kShowHostsPatience));
  if (!shown.status.success() || shown.out.empty())
    return fail(os::format("distcc --show-hosts lists no host{}{}. {}", shown.err.empty() ? "" : ": ",
                           shown.err.substr(0, shown.err.find('\n')), kRemedy));
  return distcc::parse_hosts(shown.out);
}

std::string count_of(std::size_t number, const char* singular, const char* plural) {
  return os::format("{} {}", number, number == 1 ? singular : plural);
}

std::string describe(const distcc::HostList& list) {
  const std::size_t remote = list.remote_hosts(), pump = list.pump_hosts();
  const std::string hosts = count_of(remote, "distcc host", "distcc hosts");
  if (pump == remote) return os::format("Using {} in pump mode", hosts);
  return os::format("Using {}, only {} of them in pump mode (the others lack \",cpp,lzo\")", hosts, pump);
}

/// A list without pump mode is an error: the user has requested pump mode, and the build would be slow.
Status check(const distcc::HostList& list, const std::string& where) {
  if (list.hosts.empty()) return fail(os::format("{} names no host. {}", where, kRemedy));
  if (list.pump_hosts() == 0)
    return fail(os::format(
        "pump mode needs a host with \",cpp,lzo\", and {} has none: write HOST/JOBS,cpp,lzo", where));
  return {};
}

}  // namespace

Expected<HostsChoice> HostsChoice::begin(const os::Environment& environment,
                                         const std::string& distcc_directory) {
  HostsChoice choice;
  if (environment.has("DISTCC_POTENTIAL_HOSTS")) {
    if (environment.has("DISTCC_HOSTS"))
      choice.notice_ = "DISTCC_POTENTIAL_HOSTS and DISTCC_HOSTS are both set: DISTCC_HOSTS is ignored";
    PUMP_TRY(const std::string program, find_lsdistcc(environment, distcc_directory));
    PUMP_TRY(Lsdistcc lsdistcc, Lsdistcc::start(environment, program));
    choice.lsdistcc_.emplace(std::move(lsdistcc));
    return choice;
  }
  const bool from_environment = environment.has("DISTCC_HOSTS");
  const std::string where = from_environment ? "DISTCC_HOSTS" : "distcc's hosts file";
  if (from_environment) {
    choice.chosen_.value = environment.get_or("DISTCC_HOSTS", "");
    PUMP_TRY(choice.chosen_.list, distcc::parse_hosts(*choice.chosen_.value));
  } else if (!has_hosts_file(environment)) {
    return fail(os::format("no hosts to compile on. {}", kRemedy));
  }
  if (!from_environment || choice.chosen_.list.zeroconf) {
    PUMP_TRY(choice.chosen_.list, show_hosts(environment, distcc_directory));
  }
  PUMP_CHECK(check(choice.chosen_.list, where));
  choice.chosen_.progress = describe(choice.chosen_.list);
  return choice;
}

Expected<ChosenHosts> HostsChoice::finish(bool include_server_runs) {
  if (!lsdistcc_) return chosen_;
  PUMP_TRY(const std::vector<std::string> lines, lsdistcc_->finish(kLsdistccPatience));
  lsdistcc_.reset();
  chosen_.value = hosts_value(lines, include_server_runs ? ",cpp,lzo" : ",lzo");
  PUMP_TRY(chosen_.list, distcc::parse_hosts(*chosen_.value));
  chosen_.progress = os::format("Found {} that {}", count_of(lines.size(), "distcc host", "distcc hosts"),
                                lines.size() == 1 ? "answers" : "answer");
  if (lines.empty())
    chosen_.warning = "none of DISTCC_POTENTIAL_HOSTS answers; compiling on this machine only";
  else if (include_server_runs)
    chosen_.progress += ", in pump mode";
  return chosen_;
}

}  // namespace pump::hosts
