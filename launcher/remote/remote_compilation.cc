#include "launcher/remote/remote_compilation.h"

#include <memory>
#include <utility>

#include "launcher/remote/failure.h"
#include "launcher/remote/file_source.h"
#include "launcher/remote/host_connection.h"
#include "launcher/remote/send_buffer.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

using Clock = std::chrono::steady_clock;
using scheduler::Outcome;

constexpr std::size_t kReceiveBuffer = 64U << 10U;

/// Seconds since the last call, or since it was made.
class Stopwatch {
 public:
  double lap() {
    const Clock::time_point now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(start_, now)).count();
  }

 private:
  Clock::time_point start_ = Clock::now();
};

class RemoteRun {
 public:
  RemoteRun(HostConnection& connection, const RemoteJob& job, RemoteResult& result)
      : connection_(connection), job_(job), result_(result) {}

  Attempt<void> send();
  Attempt<void> receive();

 private:
  /// The connection has ended before the reply was complete.
  tl::unexpected<Failure> ended_early();

  HostConnection& connection_;
  const RemoteJob& job_;
  RemoteResult& result_;
};

Attempt<void> RemoteRun::send() {
  SendBuffer buffer(connection_);
  PUMP_CHECK(buffer.copy(distcc::encode_job(job_.cwd, job_.words, job_.files->size())));
  PUMP_CHECK(job_.files->add_to(buffer));
  return buffer.flush(false);
}

Attempt<void> RemoteRun::receive() {
  Stopwatch watch;
  const std::unique_ptr<char[]> bytes(new char[kReceiveBuffer]);
  distcc::ReplyDecoder& reply = result_.reply;
  Attempt<void> ended;
  while (reply.state() == distcc::ReplyDecoder::State::NeedsMore) {
    const Attempt<std::size_t> got = connection_.receive(bytes.get(), kReceiveBuffer);
    // What passed before the first byte was the compiler's time.
    if (!reply.started()) result_.compiling = watch.lap();
    if (!got) ended = tl::make_unexpected(got.error());
    if (got && *got == 0) ended = ended_early();
    if (!ended) break;
    reply.feed({bytes.get(), *got});
  }
  result_.receiving = watch.lap();
  if (reply.state() == distcc::ReplyDecoder::State::Malformed)
    return fail_with(Outcome::ProtocolError, "not a reply of distccd: " + reply.error());
  return ended;
}

tl::unexpected<Failure> RemoteRun::ended_early() {
  distcc::ReplyDecoder& reply = result_.reply;
  if (reply.started()) {
    // distccd stops in the middle if it cannot read what the compiler wrote, as on a full disk.
    const Failure judged = judge_reply(reply.wait_status(), reply.messages());
    if (!reply.messages().empty() && judged.outcome != Outcome::Ok && judged.outcome != Outcome::CompileError)
      return tl::make_unexpected(judged);
    // -fsyntax-only and the like in a spelling that is not known here: another host would make none either.
    if (reply.wait_status() == 0 && reply.lacks_object())
      return fail_with(Outcome::CompileError, "the compiler succeeded without making an object");
    return fail_with(Outcome::Reset, "the host closed the connection in the middle of its reply");
  }
  if (!connection_.host_read_all())
    return fail_with(Outcome::Reset, "the host closed the connection before it had read the job");
  const std::string compiler = job_.words.empty() ? "" : job_.words.front();
  return fail_with(
      Outcome::Closed,
      os::format(
          "the host closed the connection without a reply: its distccd was ended, or does not allow \"{}\"",
          compiler));
}

/// Everything but the judgement of a complete reply.
Attempt<void> run(const distcc::Host& host, const std::vector<std::string>& addresses, const RemoteJob& job,
                  const RemoteOptions& options, RemoteResult& result) {
  Stopwatch watch;
  Attempt<HostConnection> connection = HostConnection::open(host, addresses, options);
  result.connecting = watch.lap();
  if (!connection) return tl::make_unexpected(connection.error());
  if (options.connected) options.connected(connection->address());
  watch.lap();
  RemoteRun remote(*connection, job, result);
  Attempt<void> done = remote.send();
  result.sending = watch.lap();
  if (done) done = remote.receive();
  result.bytes_sent = connection->bytes_sent();
  result.bytes_received = connection->bytes_received();
  const bool may_be_ssh = !done && !result.reply.started() && !done.error().here &&
                          done.error().outcome != Outcome::Moved && done.error().outcome != Outcome::Stalled;
  if (const auto ssh = may_be_ssh ? connection->ssh_failure() : std::nullopt)
    return tl::make_unexpected(*ssh);
  return done;
}

}  // namespace

RemoteResult compile_remotely(const distcc::Host& host, const std::vector<std::string>& addresses,
                              const RemoteJob& job, const RemoteOptions& options) {
  RemoteResult result;
  const Attempt<void> done = run(host, addresses, job, options, result);
  const Failure judged =
      done ? judge_reply(result.reply.wait_status(), result.reply.messages()) : done.error();
  result.outcome = judged.outcome;
  result.detail = judged.detail;
  result.fault_here = judged.here;
  return result;
}

}  // namespace pump::launcher
