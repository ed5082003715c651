// Where compilations may run: DISTCC_HOSTS, DISTCC_POTENTIAL_HOSTS through lsdistcc, distcc's hosts files.
//
// Parsing follows distcc 3.4's hosts.c: words separated by blanks; '#' starts a comment; --randomize,
// --localslots=N, --localslots_cpp=N; HOST[:PORT][/LIMIT][,lzo][,cpp][,down][,auth…], [user]@host…,
// localhost[/LIMIT], and the marker +zeroconf, which only distcc itself can resolve. Like distcc, it ignores
// what follows the last option it knows. Any thread; parse_hosts() does no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::hosts {

struct Host {
  std::string text;    ///< the word as written
  std::string name;    ///< host or address, "localhost" for local
  unsigned limit = 4;  ///< jobs at once; distcc's default is 4 (2 for localhost)
  bool local = false;  ///< compiles here; "localhost" with a port or an option does not: that is a TCP host
  bool cpp = false, lzo = false;
  bool down = false;  ///< marked so by lsdistcc -x; distcc keeps its place in the list and sends it nothing
  /// Preprocesses there: both features, as distcc demands.
  [[nodiscard]] bool pump() const { return cpp && lzo && !local; }
};

struct HostList {
  std::string text;  ///< what to put into DISTCC_HOSTS
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

/// Where distcc is: $DISTCC_LOCATION, else the directory of `self` (the resolved pump binary) if it holds
/// distcc, else the first `distcc` on PATH that is no masquerade link. Error: names every place looked at,
/// and the apt line. A `distcc` that is a link counts as the file it leads to, and its directory is that
/// file's: the directory goes in front of PATH, and one full of compiler links (/usr/lib/distcc) must not.
Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self);

}  // namespace pump::hosts
