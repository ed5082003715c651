// A simulated cluster: hosts, launchers and builds around a real Scheduler, with a simulated clock. A second costs
// nothing, and two runs are equal. One thread.
//
// A build has `jobs` launchers at most at a time, as ninja -j has. A launcher asks for a host, connects after a round
// trip, and is done after the unit's work times the host's pace. After a pause, the build starts the next one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/scheduler/scheduler.h"

namespace pump::scheduler {

/// Something that is wrong with a host, for a time.
struct Trouble {
  enum class Kind {
    Dead,      ///< connections are refused; those of units that run are closed
    Vanished,  ///< connecting times out after 4 s; nothing comes back from units that run
    Silent,    ///< connections succeed; nothing comes back
    Full,      ///< units fail with NoSpace soon after they have connected
  };
  Kind kind = Kind::Dead;
  double from = 0, until = 1e9;  ///< seconds
};

struct SimulatedHost {
  unsigned slots = 12;
  double pace = 1;  ///< seconds per second of work
  std::vector<Trouble> troubles;
};

struct SimulatedUnit {
  double work = 2;  ///< seconds
  std::uint64_t size = 0;
  std::uint64_t key = 0;
};

struct SimulatedBuild {
  unsigned jobs = 1;
  std::vector<SimulatedUnit> units;
  double start = 0;  ///< seconds after the last run
};

struct SimulationOptions {
  double round_trip = 0.001;
  double between_units = 0.01;  ///< for which a job of a build has no launcher
  double connect_timeout = 4;
};

class Simulation {
 public:
  explicit Simulation(const std::vector<SimulatedHost>& hosts, SimulationOptions options = {});

  struct Result {
    double seconds = 0;                 ///< until the last unit ends
    std::vector<double> build_seconds;  ///< of each build, from its start
    std::size_t local = 0;              ///< units that were compiled locally
    std::vector<std::string> reasons;   ///< of the first of them: REASON: DETAIL
    std::size_t moves = 0, faults = 0, probes = 0, grants = 0;
    double most_wait = 0;  ///< seconds
    /// Of the units that waited for more than a second and half their time, the worst: how many units were granted meanwhile, for each that
    /// would have been if builds took turns and each build kept its order.
    double most_overtaken = 0;
    double lost_work = 0;  ///< host seconds that were spent for nothing
    /// While all builds had units waiting: seconds of slots of each build.
    std::vector<double> contended;
    double scheduler_seconds = 0;  ///< of processor time
  };
  /// Runs the builds to their end, which begin now. The Scheduler keeps what it has learned.
  Result run(const std::vector<SimulatedBuild>& builds);

  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] double now() const { return now_; }
  /// All troubles begin, and end, so much later.
  void delay_troubles(double seconds);
  /// Slots times speed of the hosts between two times, less troubles: the work that could be done.
  [[nodiscard]] double capacity(double from, double until) const;
  /// The seconds in which the hosts could do `work`, if it could be divided at will.
  [[nodiscard]] double ideal(double from, double work) const;

  std::string hosts_text;  ///< of the builds

 private:
  struct Launcher {
    const SimulatedUnit* unit = nullptr;
    std::size_t build = 0;
    std::size_t host = 0;
    std::uint32_t step = 0;  ///< events of earlier steps are void
    bool running = false;    ///< on `host`
    double granted = 0, asked = 0;
    std::uint64_t grants_before = 0;
    std::size_t ahead = 0;  ///< units of the build that waited already
    std::vector<std::string> failed;
  };
  struct Running {
    const SimulatedBuild* build = nullptr;
    std::string name;
    std::size_t next = 0, active = 0, done = 0, waiting = 0, slots = 0;
    double begin = 0;
  };
  enum class Step : std::uint8_t {
    NextUnit,
    Ask,
    Connected,
    End,
    ConnectTimeout,
    Closed,
    Full,
    IoTimeout,
    Local,
    Probed
  };
  struct Event {
    double time = 0;
    std::uint64_t order = 0;
    Step step = Step::Ask;
    std::uint64_t subject = 0;  ///< launcher, build or host
    std::uint32_t launcher_step = 0;
    friend bool operator<(const Event& a, const Event& b) {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };

  void at(double time, Step step, std::uint64_t subject, std::uint32_t launcher_step = 0);
  void happen(const Event& event);
  void start_next(std::size_t build);
  void ask(std::uint64_t id, Launcher& launcher);
  void connect(std::uint64_t id, Launcher& launcher);
  void end(std::uint64_t id, Launcher& launcher, Outcome outcome);
  void unit_done(std::uint64_t id, Launcher& launcher);
  void leave_host(Launcher& launcher);
  void decide();
  void carry_out(const GrantDecision& decision);
  void carry_out(const LocalDecision& decision);
  void carry_out(const MoveDecision& decision);
  void carry_out(const ProbeDecision& decision);
  void account();
  [[nodiscard]] const Trouble* trouble(std::size_t host, double time) const;
  template <typename Call>
  void timed(const Call& call);

  const SimulationOptions options_;
  std::vector<SimulatedHost> hosts_;
  distcc::HostList list_;
  std::unordered_map<std::string, std::size_t> host_numbers_;
  Scheduler scheduler_;
  double now_ = 0;
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0, last_launcher_ = 0, grants_ = 0, builds_so_far_ = 0;
  std::unordered_map<std::uint64_t, Launcher> launchers_;
  std::vector<Running> builds_;
  std::size_t unfinished_ = 0;
  double accounted_until_ = 0;
  std::uint64_t calls_ = 0;  ///< of the Scheduler
  Want want_;
  Result result_;
};

/// `count` units of `work` seconds, with `jitter` (a share) of random difference. Their bytes are in proportion to
/// their work, more or less.
std::vector<SimulatedUnit> equal_units(std::size_t count, double work, double jitter = 0.1,
                                       std::uint64_t first_key = 1);

}  // namespace pump::scheduler
