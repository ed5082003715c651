// Asking the network which hosts answer: distcc's lsdistcc, run beside whatever else has to happen meanwhile.
// Single-threaded callers.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::hosts {

/// `lsdistcc` in distcc's directory, else on PATH. Error: names the places and the package.
Expected<std::string> find_lsdistcc(const os::Environment& environment, const std::string& distcc_directory);

/// A running lsdistcc. Dropped before finish(), it is killed.
class Lsdistcc {
 public:
  /// `PROGRAM -c150 $LSDISTCC_ARGS $DISTCC_POTENTIAL_HOSTS`, both split at blanks; returns while it runs.
  static Expected<Lsdistcc> start(const os::Environment& environment, const std::string& program);
  Lsdistcc(Lsdistcc&&) noexcept = default;
  Lsdistcc& operator=(Lsdistcc&&) = delete;
  ~Lsdistcc();

  /// The lines it prints, one host each; none where no host answers (it then exits with 1, which is no error
  /// here). Error: ended by a signal, or not ready within `patience`.
  Expected<std::vector<std::string>> finish(std::chrono::milliseconds patience);

 private:
  Lsdistcc(os::Child child, os::UniqueFd output) : child_(std::move(child)), output_(std::move(output)) {}
  os::Child child_;
  os::UniqueFd output_;
};

/// A DISTCC_HOSTS value from such lines: "--randomize LINE<suffix> ...". No line: "localhost/CORES", which
/// makes distcc compile here (an empty list is an error to it).
std::string hosts_value(const std::vector<std::string>& lines, const std::string& suffix);

}  // namespace pump::hosts
