// What the ends of units say about their host, and about compilers on it (docs/scheduler.md, "States").
//
// A distccd that does not allow a compiler closes the connection without a reply, and so does one that is killed or restarted.
// So after such an end the host is probed. If it does not accept the connection, that explains all ends. If it does, the
// first such end of a compiler counts as a restart, and a second one, of a unit that was granted after the probe, as a refusal.
// Pure; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "pump/scheduler/policy/fleet.h"

namespace pump::scheduler {

/// How a unit failed on its host.
enum class Symptom : std::uint8_t {
  NoConnection,
  ConnectionEnded,    ///< while the job was sent, or in the middle of the reply
  EndedWithoutReply,  ///< after the host had read the job
  CannotCompile,      ///< for a reason that holds for all units
  NoAnswer,
  CompilerRefused,  ///< in words
  CompilerDiffers,  ///< the host has another version of it
  OfTheUnit,        ///< another unit may not fail
};

class Diagnosis {
 public:
  explicit Diagnosis(Fleet& fleet) : fleet_(fleet) {}

  /// A unit that was granted in `epoch` was done.
  void did_unit(Host& host, const std::string& compiler, std::uint32_t epoch, Time now);
  /// One failed. `text`: for people.
  void failed(Host& host, const std::string& compiler, std::uint32_t epoch, Symptom symptom,
              const std::string& text, Time now);
  void probed(Host& host, bool connected, Time now);
  /// The host's timer has fired. True: the host is to be probed.
  bool is_due(Host& host, Time now);

 private:
  static void refuse(Host& host, const std::string& compiler, bool differs, Time now);

  Fleet& fleet_;
};

}  // namespace pump::scheduler
