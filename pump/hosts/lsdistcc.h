// Runs distcc's lsdistcc, which probes hosts and lists those that answer. The caller can do other work
// meanwhile. Main thread of a process without other threads.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pump/os/environment.h"
#include "pump/os/error.h"
#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::hosts {

/// Path of lsdistcc, in distcc's directory or else on PATH. Error (ENOENT): names these places and the
/// package.
Expected<std::string> find_lsdistcc(const os::Environment& environment, const std::string& distcc_directory);

/// A running lsdistcc. It is killed if this object is destroyed before finish().
class Lsdistcc {
 public:
  /// Starts `PROGRAM -c150 $LSDISTCC_ARGS $DISTCC_POTENTIAL_HOSTS`, both variables split at blanks.
  static Expected<Lsdistcc> start(const os::Environment& environment, const std::string& program);
  Lsdistcc(Lsdistcc&&) noexcept = default;
  Lsdistcc& operator=(Lsdistcc&&) = delete;
  ~Lsdistcc();

  /// Waits until it ends; returns its lines, one host each, or none if no host answers (its exit status is
  /// then 1). Errors: it was ended by a signal, or did not end within `patience`.
  Expected<std::vector<std::string>> finish(std::chrono::milliseconds patience);

 private:
  Lsdistcc(os::Child child, os::UniqueFd output) : child_(std::move(child)), output_(std::move(output)) {}
  os::Child child_;
  os::UniqueFd output_;
};

/// A value of DISTCC_HOSTS from the `lines` of finish(): "--randomize LINE<suffix> ...". Without lines it is
/// "localhost/CORES", with which distcc compiles here; distcc rejects an empty list.
std::string hosts_value(const std::vector<std::string>& lines, const std::string& suffix);

}  // namespace pump::hosts
