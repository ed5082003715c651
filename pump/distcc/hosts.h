// Lists of hosts, as in DISTCC_HOSTS and distcc's hosts files. This is the only parser of them.
//
// The syntax is that of distcc 3.4 (hosts.c): words separated by blanks; '#' starts a comment; --randomize,
// --localslots=N, --localslots_cpp=N; HOST[:PORT][/LIMIT][,lzo][,cpp][,down][,auth…], [user]@host[/LIMIT][:COMMAND]…,
// localhost[/LIMIT]; and +zeroconf, which only distcc itself can resolve. Like distcc, the parser ignores
// what follows the last known option of a host. Any thread; no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::distcc {

struct Host {
  std::string text;  ///< the word as written
  std::string name;  ///< host or address, "localhost" for local
  unsigned port = 3632;
  unsigned limit = 4;  ///< jobs at once; distcc's default is 4 (2 for localhost)
  bool ssh = false;
  std::string user;     ///< for ssh; empty: ssh decides
  std::string command;  ///< for ssh: what runs there in place of "distccd"; empty: that
  bool local = false;   ///< this machine; "localhost" with a port or an option is a TCP host instead
  bool cpp = false, lzo = false;
  bool auth = false;  ///< needs a login that only stock distcc supports
  bool down = false;  ///< marked by lsdistcc -x; distcc keeps its place in the list and sends it nothing
  /// True for a host in pump mode, for which distcc requires both features.
  [[nodiscard]] bool pump() const { return cpp && lzo && !local; }
};

/// distcc's defaults of --localslots and --localslots_cpp. Both kinds of slots are the same lock files.
inline constexpr unsigned kLocalSlots = 4, kLocalCppSlots = 8;

struct HostList {
  std::string text;  ///< as parsed: the value for DISTCC_HOSTS
  std::vector<Host> hosts;
  bool randomize = false;
  bool zeroconf = false;  ///< +zeroconf: more hosts than `hosts` holds
  /// --localslots=N: compilers that distcc starts here. --localslots_cpp=N: preprocessors that it starts
  /// here, and requests to the include server. Unset: distcc's defaults.
  std::optional<unsigned> localslots, localslots_cpp;
  [[nodiscard]] std::size_t pump_hosts() const;
  [[nodiscard]] std::size_t remote_hosts() const;
  /// A suitable -j: the sum of the limits of remote hosts that are not down.
  [[nodiscard]] unsigned jobs() const;
};

/// Error: the word that distcc would reject, and why. A text without hosts is an empty list.
Expected<HostList> parse_hosts(std::string_view text);

}  // namespace pump::distcc
