// run(): the end of the program ends the call, not the end of its pipes. A daemon that it leaves behind may
// hold them open for good.
#include <fcntl.h>
#include <poll.h>
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

/// One output of the program, collected up to a limit; what is beyond is read and dropped, so that it never
/// blocks.
class Collector {
 public:
  explicit Collector(std::size_t limit) : limit_(limit) {}

  Expected<UniqueFd> open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe");
    reader_.reset(ends[0]);
    ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    return UniqueFd(ends[1]);
  }
  [[nodiscard]] int fd() const { return reader_.get(); }
  [[nodiscard]] bool open_ended() const { return static_cast<bool>(reader_); }
  std::string take() { return std::move(text_); }

  /// Reads what is there now; closes at the end of the stream.
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

/// Sleeps until an output has something. Short, because the end of the program itself is asked for by the
/// caller.
void wait_for_output(const Collector& out, const Collector& err, milliseconds patience) {
  std::array<pollfd, 2> entries{{{out.fd(), POLLIN, 0}, {err.fd(), POLLIN, 0}}};
  ::poll(entries.data(), entries.size(), static_cast<int>(patience.count()));
}

tl::unexpected<Error> kill_late(Child& child, const SpawnOptions& options, milliseconds patience) {
  if (options.new_session) ::kill(-child.pid(), SIGKILL);
  child.signal(SIGKILL);
  child.wait();
  return fail(options.program + " did not end within " + std::to_string(patience.count()) + " ms", ETIMEDOUT);
}

}  // namespace

Expected<Captured> run(SpawnOptions options, milliseconds patience, std::size_t limit) {
  constexpr milliseconds kStep(20);
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
    const bool listening = out.open_ended() || err.open_ended();
    if (listening) wait_for_output(out, err, std::min(left, kStep));
    out.drain();
    err.drain();
    // With both pipes closed it is about to end, as a rule: then, and only then, the wait is for the process.
    const bool closed = !out.open_ended() && !err.open_ended();
    PUMP_TRY(ended, child.wait_for(closed ? left : milliseconds::zero()));
  }
  out.drain();
  err.drain();
  return Captured{.status = *ended, .out = out.take(), .err = err.take()};
}

}  // namespace pump::os
