// A process in pump's group that does nothing but die of what kills a group: see foreground.cc for what it
// tells. It ends with the pump that started it. Main thread.
#pragma once

#include <optional>

#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::cli {

/// The name this binary is called by as a canary.
inline constexpr char kCanaryName[] = "distcc-pump-canary";
int canary_main();

class Canary {
 public:
  Canary() { start(); }
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;
  ~Canary() { stop(); }

  /// True if signal `number`, which pump has just got, has reached the whole group. Takes up to a tenth of a
  /// second to say no. A new canary takes the place of a dead one.
  bool died_of(int number);

 private:
  void start();
  void stop();
  std::optional<os::Child>
      child_;           ///< unset: it could not be started, and every signal counts as pump's alone
  os::UniqueFd leash_;  ///< its stdin: at the end of it, it ends
};

}  // namespace pump::cli
