// A unit and a build, as the scheduler sees them. Plain data; one thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "pump/scheduler/policy/time.h"
#include "pump/scheduler/policy/timers.h"

namespace pump::scheduler {

struct Host;
struct Line;
class Pool;
struct Unit;

/// What a timer belongs to.
struct Event {
  Unit* unit = nullptr;
  Host* host = nullptr;
  Pool* pool = nullptr;
};
using EventTimers = Timers<Event>;

/// Hosts are numbered, and no number is used twice: so a host that is forgotten leaves nothing dangling.
using HostNumber = std::uint32_t;

struct Build {
  std::string name;
  std::uint64_t number = 0;  ///< for an order
  std::size_t units = 0;     ///< queued or running; 0: it is forgotten
  unsigned running = 0;
  std::uint64_t last_grant = 0;  ///< a count of all grants
  std::vector<Line*> lines;      ///< its places in the queues
};

/// Each move must save more than the one before.
inline constexpr unsigned kMostMoves = 3;

struct Unit {
  enum class State : std::uint8_t {
    Idle,  ///< it failed on a host or gave up its slot, and its launcher has not asked again
    Queued,
    Running,
    Stopped  ///< on last_host, without a slot: its launcher is stopped, or was
  };

  std::uint64_t id = 0;
  std::uint64_t key = 0;  ///< the same in the next build
  std::uint64_t size = 0;
  std::uint64_t order = 0;         ///< of arrival
  double work = 0;                 ///< predicted (estimates.h); 0: not known
  double spent = 0;                ///< seconds on a host that did not answer
  Build* build = nullptr;          ///< may be null if it is Idle
  Pool* pool = nullptr;            ///< may be null if it is Idle
  std::vector<HostNumber> failed;  ///< sorted: hosts that must not get it again
  std::string last_fault;          ///< "HOST: TEXT"
  std::string last_host;           ///< Host::text, if moves > 0 or Stopped
  EventTimers::Timer timer;

  // Queued.
  std::list<Unit*>::iterator place;  ///< for FairQueue

  // Running.
  Host* host = nullptr;
  std::size_t index = 0;  ///< in Host::units
  Time granted{};
  Time end{};               ///< estimated; later than now
  unsigned overruns = 0;    ///< how often it was to end, and did not
  std::uint32_t epoch = 0;  ///< of the host, when it was granted
  int level = 0;            ///< in RunningUnits

  unsigned suspicious = 0;       ///< faults that the unit itself may have caused
  unsigned moves = 0;            ///< that its launcher has not acknowledged
  std::uint32_t last_epoch = 0;  ///< as `epoch`, of last_host, if moves > 0
  unsigned moves_to_faster = 0;  ///< at most kMostMoves

  State state = State::Idle;
  bool measured = false;   ///< `work` is from the last compilation; else it is guessed from the size
  bool retry = false;      ///< its place is among those that failed elsewhere
  bool connected = false;  ///< to its host
  bool late = false;       ///< it does not get a connection
  bool doubtful = false;   ///< it has taken so long that it may never end
};

}  // namespace pump::scheduler
