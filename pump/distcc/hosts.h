// A list of hosts as distcc reads it from DISTCC_HOSTS and its hosts files.
//
// Parsing follows distcc 3.4's hosts.c: words separated by blanks; '#' starts a comment; --randomize,
// --localslots=N, --localslots_cpp=N; HOST[:PORT][/LIMIT][,lzo][,cpp][,down][,auth…], [user]@host…,
// localhost[/LIMIT], and the marker +zeroconf, which only distcc itself can resolve. Like distcc, it ignores
// what follows the last option it knows. Any thread; parse_hosts() does no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::distcc {

struct Host {
  std::string text;   ///< the word as written
  std::string plain;  ///< the same without pump mode
  std::string name;   ///< host or address, "localhost" for local
  unsigned port = 3632;
  unsigned limit = 4;  ///< jobs at once; distcc's default is 4 (2 for localhost)
  bool ssh = false;
  bool local = false;  ///< compiles here; "localhost" with a port or an option does not: that is a TCP host
  bool cpp = false, lzo = false;
  bool down = false;  ///< marked so by lsdistcc -x; distcc keeps its place in the list and sends it nothing
  /// Preprocesses there: both features, as distcc demands.
  [[nodiscard]] bool pump() const { return cpp && lzo && !local; }
};

struct HostList {
  std::string text;   ///< what to put into DISTCC_HOSTS
  std::string plain;  ///< the same where nothing shall be compiled in pump mode
  std::vector<Host> hosts;
  bool randomize = false;
  bool zeroconf = false;  ///< +zeroconf: more hosts than `hosts` holds
  [[nodiscard]] std::size_t pump_hosts() const;
  [[nodiscard]] std::size_t remote_hosts() const;
  /// Sum of the remote limits, hosts that are down left out: a -j that fits.
  [[nodiscard]] unsigned jobs() const;
};

/// Error: the word that distcc would reject, and why. A text without any host is an empty list, not an error.
Expected<HostList> parse_hosts(std::string_view text);

}  // namespace pump::distcc
