// Where compilations may run: DISTCC_HOSTS, DISTCC_POTENTIAL_HOSTS through lsdistcc, distcc's hosts files.
//
// Parsing follows distcc 3.4's hosts.c: words separated by blanks; '#' starts a comment; --randomize, --localslots=N,
// --localslots_cpp=N; HOST[:PORT][/LIMIT][,lzo][,cpp][,auth…], [user]@host…, localhost[/LIMIT], ZEROCONF marker '+'.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"

namespace pump::hosts {

struct Host {
  std::string text;       ///< the word as written
  std::string name;       ///< host or address, "localhost" for local
  unsigned limit = 4;     ///< jobs at once; distcc's default is 4 (2 for localhost)
  bool local = false;
  bool cpp = false, lzo = false;
  /// Preprocesses there: both features, as distcc demands.
  [[nodiscard]] bool pump() const { return cpp && lzo && !local; }
};

struct HostList {
  std::string text;           ///< what to put into DISTCC_HOSTS
  std::vector<Host> hosts;
  bool randomize = false;
  [[nodiscard]] std::size_t pump_hosts() const;
  [[nodiscard]] std::size_t remote_hosts() const;
  /// Sum of the remote limits: a -j that fits.
  [[nodiscard]] unsigned jobs() const;
};

/// Error: the word that distcc would reject, and why.
Expected<HostList> parse_hosts(std::string_view text);

/// Where distcc is: $DISTCC_LOCATION, else the directory of `self` (the resolved pump binary) if it holds distcc, else
/// the first `distcc` on PATH that is no masquerade link. Error: names every place looked at, and the apt line.
Expected<std::string> find_distcc_directory(const os::Environment& environment, const std::string& self);

}  // namespace pump::hosts
