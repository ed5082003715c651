// The canary: an idle child in pump's process group that dies of signals sent to the whole group.
// foreground.cc uses it to distinguish them from signals sent to pump alone. It ends with the pump that
// started it. Main thread.
#pragma once

#include <optional>

#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::cli {

/// argv[0] of this binary when it runs as a canary.
inline constexpr char kCanaryName[] = "distcc-pump-canary";
/// The canary process: reads stdin until its end. Returns the exit status.
int canary_main();

class Canary {
 public:
  Canary() { start(); }
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;
  ~Canary() { stop(); }

  /// True if signal `number`, which pump has just received, reached the whole group. It returns false after a
  /// tenth of a second, on an overloaded machine after up to 10 s. A dead canary is replaced.
  bool died_of(int number);

 private:
  void start();
  void stop();
  /// Unset if it could not be started; then every signal counts as sent to pump alone.
  std::optional<os::Child> child_;
  os::UniqueFd input_;  ///< write end of the canary's stdin; closing it ends the canary
};

}  // namespace pump::cli
