// run() returns when the program ends, not when its pipes end: a daemon that it started may hold them open
// for ever.
//
// run() does not block on output. A compiler driver with -v writes word by word, and a reader that wakes for
// every word takes as much time as the driver. The pipes are large and are read every few milliseconds.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "pump/os/process.h"
#include "pump/os/unique_fd.h"

namespace pump::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Collects one output of the program up to a limit. The rest is read and dropped, so the program never
/// blocks.
class Collector {
  static constexpr int kPipeSize = 1 << 20;  // the default of /proc/sys/fs/pipe-max-size

 public:
  explicit Collector(std::size_t limit) : limit_(limit) {}

  Expected<UniqueFd> open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
    reader_.reset(ends[0]);
    ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    // If this fails, a program with much output waits for the next read.
    ::fcntl(reader_.get(), F_SETPIPE_SZ, kPipeSize);
    return UniqueFd(ends[1]);
  }
  [[nodiscard]] bool open_ended() const { return static_cast<bool>(reader_); }
  std::string take() { return std::move(text_); }

  /// Reads what is there now. Closes the pipe at the end of the stream.
  void drain() {
    std::array<char, 16384> buffer;
    while (reader_) {
      const ssize_t got = ::read(reader_.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return reader_.reset();
      text_.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit_ - text_.size()));
    }
  }

 private:
  std::size_t limit_;
  UniqueFd reader_;
  std::string text_;
};

tl::unexpected<Error> kill_late(Child& child, const SpawnOptions& options, milliseconds patience) {
  if (options.new_session) ::kill(-child.pid(), SIGKILL);
  (void)child.signal(SIGKILL);
  (void)child.wait();
  return fail(options.program + " did not end within " + std::to_string(patience.count()) + " ms", ETIMEDOUT);
}

}  // namespace

Expected<Captured> run(SpawnOptions options, milliseconds patience, std::size_t limit) {
  constexpr milliseconds kStep(5);
  const Clock::time_point deadline = Clock::now() + patience;
  Collector out(limit);
  Collector err(limit);
  UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null) return fail_errno("cannot open /dev/null");
  PUMP_TRY(UniqueFd out_writer, out.open());
  PUMP_TRY(UniqueFd err_writer, err.open());
  options.descriptors.insert(
      options.descriptors.end(),
      {{null.get(), STDIN_FILENO}, {out_writer.get(), STDOUT_FILENO}, {err_writer.get(), STDERR_FILENO}});
  PUMP_TRY(Child child, spawn(options));
  out_writer.reset();
  err_writer.reset();

  std::optional<ExitStatus> ended;
  while (!ended) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds::zero()) return kill_late(child, options, patience);
    const bool open = out.open_ended() || err.open_ended();
    PUMP_TRY(ended, child.wait_for(open ? std::min(left, kStep) : left));
    out.drain();
    err.drain();
  }
  return Captured{.status = *ended, .out = out.take(), .err = err.take()};
}

}  // namespace pump::os
