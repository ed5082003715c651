#include "launcher/remote/remote_compilation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <memory>
#include <utility>

#include "launcher/remote/file_source.h"
#include "launcher/remote/send_buffer.h"
#include "pump/os/file_io.h"
#include "tests/unit/launcher/remote/fake_distccd.h"

namespace pump::launcher {
namespace {

using scheduler::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> kLoopback{"127.0.0.1"};

std::string name_of(const std::string& path) {
  return std::string(distcc::name_on_server(path).value());
}

/// MirrorFiles of paths that the test may change.
class Paths : public FileSource {
 public:
  explicit Paths(std::vector<std::string> all) : paths(std::move(all)) {}
  [[nodiscard]] std::size_t size() const override { return paths.size(); }
  Attempt<void> add_to(SendBuffer& out) override { return MirrorFiles(paths).add_to(out); }
  std::vector<std::string> paths;
};

class RemoteCompilation : public ::testing::Test {
 protected:
  RemoteResult compile(const FakeDistccd& server) const {
    return compile_remotely(server.host(), kLoopback, job, options);
  }
  /// The result with a server that reads the job and sends `reply`.
  RemoteResult compile_with_reply(const std::string& reply) const {
    const FakeDistccd server([&](int fd) {
      EXPECT_TRUE(read_job(fd).complete);
      send_bytes(fd, reply);
    });
    return compile(server);
  }
  void add_large_file(std::size_t size) {
    files.paths.push_back(mirror.file("m/large.h.lzo", std::string(size, 'l')));
  }

  ScratchDirectory mirror;
  Paths files{{mirror.file("m/home/u/a.cc.lzo", "packed source")}};
  RemoteJob job{"/home/u", {"g++", "-c", "a.cc", "-o", "a.o"}, &files};
  RemoteOptions options;
};

TEST_F(RemoteCompilation, SendsTheJobAndReceivesTheObject) {
  ReceivedJob got;
  const std::string reply = success_reply();
  RemoteResult result;
  {
    const FakeDistccd server([&](int fd) {
      got = read_job(fd);
      send_bytes(fd, reply);
    });
    result = compile(server);
  }
  ASSERT_EQ(result.outcome, Outcome::Ok) << result.detail;
  EXPECT_EQ(result.detail, "");
  EXPECT_EQ(result.reply.object(), "object");
  EXPECT_EQ(result.reply.dependencies(), "a.o: a.cc\n");
  EXPECT_EQ(got.cwd, "/home/u");
  EXPECT_EQ(got.argv, job.words);
  EXPECT_THAT(got.files, ElementsAre(ReceivedFile{name_of(files.paths[0]), "FILE", "packed source"}));
  EXPECT_EQ(result.bytes_sent, got.size);
  EXPECT_EQ(result.bytes_received, reply.size());
  EXPECT_GT(result.connecting, 0);
  EXPECT_GT(result.sending, 0);
  EXPECT_GT(result.compiling, 0);
  EXPECT_GT(result.receiving, 0);
}

TEST_F(RemoteCompilation, SendsLinksDirectoriesAndFilesOfEverySize) {
  const std::string marker = mirror.path("m/home/none/forcing_technique_271828");  // need not exist
  files.paths = {mirror.link("m/usr/include", "../../usr/include"), mirror.file("m/home/x.h.lzo.abs", "x"),
                 marker, mirror.file("m/home/empty.lzo", "")};
  for (const std::size_t size : {32'767, 32'768, 32'769, 262'143, 262'144, 262'145, 1'000'000})
    files.paths.push_back(mirror.file("m/" + std::to_string(size) + ".lzo", std::string(size, 'x')));
  ReceivedJob got;
  {
    const FakeDistccd server([&](int fd) {
      got = read_job(fd);
      send_bytes(fd, success_reply());
    });
    ASSERT_EQ(compile(server).outcome, Outcome::Ok);
  }
  ASSERT_TRUE(got.complete);
  ASSERT_THAT(got.files, SizeIs(files.paths.size()));
  EXPECT_EQ(got.files[0], (ReceivedFile{name_of(files.paths[0]), "LINK", "../../usr/include"}));
  EXPECT_EQ(got.files[1], (ReceivedFile{name_of(files.paths[1]), "FILE", "x"}));
  EXPECT_TRUE(got.files[1].name.ends_with("/home/x.h"));
  EXPECT_EQ(got.files[2], (ReceivedFile{name_of(marker), "FILE", ""}));
  for (std::size_t i = 3; i < got.files.size(); ++i) {
    EXPECT_EQ(got.files[i].name, name_of(files.paths[i]));
    EXPECT_EQ(got.files[i].bytes, std::string(std::filesystem::file_size(files.paths[i]), 'x'))
        << files.paths[i];
  }
}

TEST_F(RemoteCompilation, SendsThousandsOfFiles) {
  for (int i = 0; i < 3000; ++i)
    files.paths.push_back(mirror.file(os::format("m/{}.h.lzo", i), std::to_string(i)));
  ReceivedJob got;
  {
    const FakeDistccd server([&](int fd) {
      got = read_job(fd);
      send_bytes(fd, success_reply());
    });
    ASSERT_EQ(compile(server).outcome, Outcome::Ok);
  }
  ASSERT_THAT(got.files, SizeIs(3001));
  for (std::size_t i = 1; i < got.files.size(); ++i) EXPECT_EQ(got.files[i].bytes, std::to_string(i - 1));
}

/// A file of fragments, as the include server makes it.
class FragmentsTest : public RemoteCompilation {
 protected:
  void TearDown() override { EXPECT_TRUE(fragments.empty()) << "use() was not called"; }
  /// Appends a fragment, and `gap` bytes that belong to none.
  void add(const std::string& name, const std::string& bytes, std::size_t gap = 0) {
    const std::string fragment = distcc::encode_file_header(name, bytes.size()) + bytes;
    fragments.push_back(
        {static_cast<std::uint32_t>(content.size()), static_cast<std::uint32_t>(fragment.size())});
    content += fragment + std::string(gap, '?');
    expected.push_back({name, "FILE", bytes});
  }
  /// `cut`: bytes that the file lacks at its end.
  void use(std::size_t cut = 0) {
    auto list = distcc::make_fragment_list({}, std::exchange(fragments, {}));
    os::UniqueFd file(::memfd_create("fragments", MFD_CLOEXEC));
    ASSERT_TRUE(os::write_all(file.get(), std::string_view(content).substr(0, content.size() - cut)));
    source = std::make_unique<SharedFragments>(expected.size(), std::move(list.extents), std::move(file));
    job.files = source.get();
  }
  std::string content = "not a fragment";
  std::vector<distcc::Extent> fragments;
  std::vector<ReceivedFile> expected;
  std::unique_ptr<SharedFragments> source;
};

TEST_F(FragmentsTest, AreSentInTheOrderOfTheirOffsets) {
  for (int i = 0; i < 2000; ++i)
    add(os::format("/{}.h", i), std::string(static_cast<std::size_t>(i), 'x'), i % 3 == 0 ? 5 : 0);
  std::reverse(fragments.begin(), fragments.end());
  use();
  ReceivedJob got;
  RemoteResult result;
  {
    const FakeDistccd server([&](int fd) {
      got = read_job(fd);
      send_bytes(fd, success_reply());
    });
    result = compile(server);
  }
  ASSERT_EQ(result.outcome, Outcome::Ok) << result.detail;
  ASSERT_TRUE(got.complete);
  EXPECT_EQ(got.files, expected);
  EXPECT_EQ(result.bytes_sent, got.size);
}

TEST_F(FragmentsTest, AHostThatReadsSlowlyGetsAll) {
  for (int i = 0; i < 5; ++i)
    add(os::format("/{}.h", i), std::string(5'000'000, static_cast<char>('a' + i)), 1);
  use();
  ReceivedJob got;
  {
    os::UniqueFd socket = bound_socket();
    const int small = 4096;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    const FakeDistccd server(
        [&](int fd) {
          got = read_job(fd);
          send_bytes(fd, success_reply());
        },
        std::move(socket));
    ASSERT_EQ(compile(server).outcome, Outcome::Ok);
  }
  ASSERT_TRUE(got.complete);
  EXPECT_EQ(got.files, expected);
}

TEST_F(FragmentsTest, AHostThatClosesIsAReset) {
  add("/large.h", std::string(20'000'000, 'l'));
  use();
  const FakeDistccd server([&](int fd) { (void)receive(fd, 100'000); });
  EXPECT_EQ(compile(server).outcome, Outcome::Reset);  // and no SIGPIPE
  struct sigaction now {};
  ::sigaction(SIGPIPE, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST_F(FragmentsTest, AHostThatReadsNothingIsStalled) {
  options.io_timeout = std::chrono::seconds(1);
  add("/large.h", std::string(50'000'000, 'l'));
  use();
  std::promise<void> over;
  const FakeDistccd server([&](int) { over.get_future().wait(); });
  const RemoteResult result = compile(server);
  over.set_value();
  EXPECT_EQ(result.outcome, Outcome::Stalled);
}

TEST_F(FragmentsTest, AFileThatIsTooShortIsNotTheHostsFault) {
  add("/a.h", "packed");
  use(1);
  const FakeDistccd server([&](int fd) { EXPECT_FALSE(read_job(fd).complete); });
  const RemoteResult result = compile(server);
  EXPECT_TRUE(result.fault_here);
  EXPECT_THAT(result.detail, HasSubstr("fragments"));
}

TEST_F(FragmentsTest, AServerWithFragmentsIsPreferredToPaths) {
  distcc::UnitFiles reply;
  reply.names = {"/a.lzo"};
  reply.paths = {"/dev/shm/m/a.lzo"};
  EXPECT_EQ(make_file_source(std::move(reply))->size(), 1U);
  reply = {};
  reply.names = {"/a.lzo", "/b.lzo", "/c"};
  reply.extents = {{0, 5}};
  reply.fragment_file.reset(::memfd_create("fragments", MFD_CLOEXEC));
  EXPECT_EQ(make_file_source(std::move(reply))->size(), 3U);
}

TEST_F(RemoteCompilation, AHostThatReadsSlowlyGetsAll) {
  add_large_file(20'000'000);
  ReceivedJob got;
  {
    os::UniqueFd socket = bound_socket();
    const int small = 4096;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    const FakeDistccd server(
        [&](int fd) {
          got = read_job(fd);
          send_bytes(fd, success_reply());
        },
        std::move(socket));
    ASSERT_EQ(compile(server).outcome, Outcome::Ok);
  }
  ASSERT_TRUE(got.complete);
  EXPECT_EQ(got.files.back().bytes, std::string(20'000'000, 'l'));
}

TEST_F(RemoteCompilation, AReplyMayComeByteByByte) {
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (const char c : success_reply("the object")) send_bytes(fd, {&c, 1});
  });
  RemoteResult result = compile(server);
  ASSERT_EQ(result.outcome, Outcome::Ok) << result.detail;
  EXPECT_EQ(result.reply.object(), "the object");
}

TEST_F(RemoteCompilation, ALargeObjectArrivesWhole) {
  std::string object;
  for (unsigned i = 0; object.size() < 20'000'000; ++i) object += std::to_string(i * 7919U);
  RemoteResult result = compile_with_reply(success_reply(object));
  ASSERT_EQ(result.outcome, Outcome::Ok) << result.detail;
  EXPECT_EQ(result.reply.object(), object);
}

TEST_F(RemoteCompilation, ACompileErrorKeepsItsMessages) {
  RemoteResult result = compile_with_reply(failure_reply("a.cc:1:1: error: x\nmore\n"));
  EXPECT_EQ(result.outcome, Outcome::CompileError);
  EXPECT_EQ(result.detail, "a.cc:1:1: error: x");
  EXPECT_EQ(result.reply.messages(), "a.cc:1:1: error: x\nmore\n");
  EXPECT_EQ(result.reply.wait_status(), 0x100);
}

TEST_F(RemoteCompilation, FaultsThatAReplyShows) {
  const auto outcome = [&](const std::string& reply) { return compile_with_reply(reply).outcome; };
  EXPECT_EQ(outcome(failure_reply("x.s: Fatal error: No space left on device\n")), Outcome::NoSpace);
  EXPECT_EQ(outcome(failure_reply("g++: fatal error: Killed signal terminated program cc1plus\n")),
            Outcome::NoMemory);
  EXPECT_EQ(outcome(failure_reply("", SIGSEGV)), Outcome::CompilerCrashed);
  EXPECT_EQ(outcome(failure_reply("", 110 << 8)), Outcome::CompilerRefused);
}

TEST_F(RemoteCompilation, WhatIsNotDistccdIsAProtocolError) {
  const RemoteResult result = compile_with_reply("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(result.outcome, Outcome::ProtocolError);
  EXPECT_THAT(result.detail, HasSubstr("HTTP"));
  EXPECT_EQ(compile_with_reply(success_reply() + "more").outcome, Outcome::ProtocolError);
  EXPECT_EQ(compile_with_reply("DONE00000003STAT00000000SERRffffffff").outcome, Outcome::ProtocolError);
}

TEST_F(RemoteCompilation, ACloseAfterTheJobMayMeanThatTheCompilerIsRefused) {
  const RemoteResult result = compile_with_reply("");
  EXPECT_EQ(result.outcome, Outcome::Closed);
  EXPECT_THAT(result.detail, HasSubstr("\"g++\""));
}

TEST_F(RemoteCompilation, ACloseBeforeTheJobIsReadIsAReset) {
  add_large_file(20'000'000);
  for (const std::size_t read : {0, 100, 100'000}) {
    const FakeDistccd server([&](int fd) { (void)receive(fd, read); });
    EXPECT_EQ(compile(server).outcome, Outcome::Reset) << read;
  }
}

TEST_F(RemoteCompilation, ACloseBeforeASmallJobIsReadIsNoRefusalOfTheCompiler) {
  // All of it fits into the host's buffers. The server closes when the job has arrived, but without reading it.
  const FakeDistccd server([&](int fd) {
    char byte = 0;
    (void)::recv(fd, &byte, 1, MSG_PEEK);
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Reset);
}

TEST_F(RemoteCompilation, ACloseInTheMiddleOfTheReplyIsAReset) {
  const std::string reply = success_reply();
  for (const std::size_t size : {std::size_t{1}, std::size_t{30}, reply.size() - 1}) {
    const RemoteResult result = compile_with_reply(reply.substr(0, size));
    EXPECT_EQ(result.outcome, Outcome::Reset) << size;
    EXPECT_THAT(result.detail, HasSubstr("middle of its reply")) << size;
  }
}

TEST_F(RemoteCompilation, AnIncompleteReplyMaySayThatTheDiskIsFull) {
  const std::string reply = failure_reply("x.s: Fatal error: No space left on device\n");
  EXPECT_EQ(compile_with_reply(reply.substr(0, reply.size() - 12)).outcome, Outcome::NoSpace);
}

TEST_F(RemoteCompilation, NobodyListens) {
  const os::UniqueFd socket = bound_socket();
  bool connected = false;
  options.connected = [&](const std::string&) { connected = true; };
  const RemoteResult result = compile_remotely(host_at(port_of(socket)), kLoopback, job, options);
  EXPECT_EQ(result.outcome, Outcome::Refused);
  EXPECT_EQ(result.detail, os::format("127.0.0.1 port {}: Connection refused", port_of(socket)));
  EXPECT_FALSE(connected);
  EXPECT_FALSE(result.fault_here);
}

TEST_F(RemoteCompilation, WithoutAnAddressAHostIsUnreachable) {
  EXPECT_EQ(compile_remotely(host_at(1), {}, job, options).outcome, Outcome::Unreachable);
  EXPECT_EQ(compile_remotely(host_at(1), {"a.name.example"}, job, options).outcome, Outcome::Unreachable);
}

TEST_F(RemoteCompilation, TheNextAddressIsTried) {
  std::vector<std::string> connected;
  options.connected = [&](const std::string& address) { connected.push_back(address); };
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    send_bytes(fd, success_reply());
  });
  const RemoteResult result =
      compile_remotely(server.host(), {"nonsense", "127.0.0.2", "127.0.0.1"}, job, options);
  EXPECT_EQ(result.outcome, Outcome::Ok) << result.detail;
  EXPECT_THAT(connected, testing::ElementsAre("127.0.0.1"));
}

TEST_F(RemoteCompilation, AddressesMayBeOfIpv6) {
  os::UniqueFd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_addr = in6addr_loopback;
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    GTEST_SKIP() << "no IPv6 on loopback";
  const FakeDistccd server(
      [&](int fd) {
        read_job(fd);
        send_bytes(fd, success_reply());
      },
      std::move(socket));
  EXPECT_EQ(compile_remotely(server.host(), {"::1"}, job, options).outcome, Outcome::Ok);
}

/// A listener that lets nobody connect: its queue is full, and Linux then ignores new connections.
class FullListener {
 public:
  FullListener() {
    EXPECT_EQ(::listen(socket_.get(), 0), 0);
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&name), &size);
    for (int i = 0; i < 4; ++i) {
      clients_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      (void)::connect(clients_.back().get(), reinterpret_cast<const sockaddr*>(&name), size);
    }
  }
  [[nodiscard]] distcc::Host host() const { return host_at(port_of(socket_)); }

 private:
  os::UniqueFd socket_ = bound_socket();
  std::vector<os::UniqueFd> clients_;
};

TEST_F(RemoteCompilation, AHostThatDoesNotAnswerIsUnreachable) {
  const FullListener listener;
  options.connect_timeout = std::chrono::seconds(1);
  const RemoteResult result = compile_remotely(listener.host(), kLoopback, job, options);
  EXPECT_EQ(result.outcome, Outcome::Unreachable);
  EXPECT_THAT(result.detail, HasSubstr("timed out"));
  EXPECT_GE(result.connecting, 0.9);
}

TEST_F(RemoteCompilation, AHostThatSendsNothingIsStalled) {
  options.io_timeout = std::chrono::seconds(1);
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    wait_for_end(fd);
  });
  const RemoteResult result = compile(server);
  EXPECT_EQ(result.outcome, Outcome::Stalled);
  EXPECT_EQ(result.detail, "nothing came for 1 s");
}

TEST_F(RemoteCompilation, AHostThatStopsInTheMiddleIsStalled) {
  options.io_timeout = std::chrono::seconds(1);
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    send_bytes(fd, success_reply().substr(0, 40));
    wait_for_end(fd);
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Stalled);
}

TEST_F(RemoteCompilation, AHostThatReadsNothingIsStalled) {
  options.io_timeout = std::chrono::seconds(1);
  add_large_file(50'000'000);
  std::promise<void> over;
  const FakeDistccd server([&](int) { over.get_future().wait(); });
  const RemoteResult result = compile(server);
  over.set_value();
  EXPECT_EQ(result.outcome, Outcome::Stalled);
  EXPECT_EQ(result.detail, "nothing could be sent for 1 s");
}

/// The launcher's connection to the scheduler. A message is one byte: 'm' is a Move.
class FakeScheduler {
 public:
  FakeScheduler() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours_.reset(ends[0]);
    launchers_.reset(ends[1]);
  }
  void connect(RemoteOptions& options) {
    options.scheduler = launchers_.get();
    options.is_moved = [this] {
      ++heard;
      char byte = 0;
      return ::recv(launchers_.get(), &byte, 1, MSG_DONTWAIT) == 1 && byte == 'm';
    };
  }
  void say(char what) const { send_bytes(ours_.get(), {&what, 1}); }
  void end() { ours_.reset(); }
  int heard = 0;

 private:
  os::UniqueFd ours_, launchers_;
};

TEST_F(RemoteCompilation, AMoveEndsTheJobWhileTheCompilerRuns) {
  FakeScheduler scheduler;
  scheduler.connect(options);
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    scheduler.say('m');
    wait_for_end(fd);
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Moved);
}

TEST_F(RemoteCompilation, AMoveEndsTheJobWhileItIsSent) {
  add_large_file(50'000'000);
  FakeScheduler scheduler;
  scheduler.connect(options);
  std::promise<void> over;
  const FakeDistccd server([&](int) {
    scheduler.say('m');
    over.get_future().wait();
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Moved);
  over.set_value();
}

TEST_F(RemoteCompilation, AMoveEndsTheConnecting) {
  const FullListener listener;
  FakeScheduler scheduler;
  scheduler.connect(options);
  scheduler.say('m');
  options.connect_timeout = std::chrono::hours(1);
  EXPECT_EQ(compile_remotely(listener.host(), {"127.0.0.1", "127.0.0.1"}, job, options).outcome,
            Outcome::Moved);
}

TEST_F(RemoteCompilation, OtherWordsOfTheSchedulerChangeNothing) {
  FakeScheduler scheduler;
  scheduler.connect(options);
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    scheduler.say('x');
    scheduler.end();
    const char first = 'D';
    send_bytes(fd, {&first, 1});
    send_bytes(fd, success_reply().substr(1));
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Ok);
}

TEST_F(RemoteCompilation, ASchedulerThatEndedIsHeardOnce) {
  FakeScheduler scheduler;
  scheduler.connect(options);
  scheduler.end();
  options.io_timeout = std::chrono::seconds(1);
  const FakeDistccd server([&](int fd) {
    read_job(fd);
    wait_for_end(fd);
  });
  EXPECT_EQ(compile(server).outcome, Outcome::Stalled);
  EXPECT_EQ(scheduler.heard, 1);
}

TEST_F(RemoteCompilation, AMissingFileOfTheMirrorIsNotTheHostsFault) {
  files.paths.push_back(mirror.path("m/none.h.lzo"));
  bool complete = false;
  {
    const FakeDistccd server([&](int fd) { complete = read_job(fd).complete; });
    const RemoteResult result = compile(server);
    EXPECT_TRUE(result.fault_here);
    EXPECT_EQ(result.outcome, Outcome::Moved);
    EXPECT_THAT(result.detail, HasSubstr("none.h.lzo"));
  }
  EXPECT_FALSE(complete);
}

TEST_F(RemoteCompilation, APathThatIsNotOfTheMirrorIsNotSent) {
  files.paths.emplace_back("/x.lzo");
  const FakeDistccd server([&](int fd) { read_job(fd); });
  EXPECT_TRUE(compile(server).fault_here);
}

/// No child is left, not even a zombie.
bool no_children() {
  return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

class OverSsh : public RemoteCompilation {
 protected:
  /// The result with `script` as ssh, which finds the reply as $reply and the job's size as $size.
  RemoteResult compile(const std::string& script, const std::string& word = "me@far/2:/opt/distccd,cpp,lzo") {
    const std::string reply = mirror.file("reply", success_reply());
    const std::size_t size = distcc::encode_job(job.cwd, job.words, 1).size() +
                             distcc::encode_file_header(name_of(files.paths[0]), 0).size() + 13;
    options.ssh = mirror.program(
        "ssh", os::format("reply={} size={} here={}\n", reply, size, mirror.path("")) + script);
    return compile_remotely(distcc::parse_hosts(word).value().hosts.front(), {}, job, options);
  }
};

TEST_F(OverSsh, TheJobAndTheReplyPassThroughIt) {
  RemoteResult result = compile("printf '%s\\n' \"$@\" >${here}words; head -c $size >${here}job; cat $reply");
  ASSERT_EQ(result.outcome, Outcome::Ok) << result.detail;
  EXPECT_EQ(result.reply.object(), "object");
  EXPECT_EQ(mirror.read("words"), "-l\nme\nfar\n/opt/distccd\n--inetd\n--enable-tcp-insecure\n");
  EXPECT_EQ(mirror.read("job"), distcc::encode_job(job.cwd, job.words, 1) +
                                    distcc::encode_file_header(name_of(files.paths[0]), 13) +
                                    "packed source");
  EXPECT_TRUE(no_children());
}

TEST_F(OverSsh, FragmentsPassThroughIt) {
  const std::string fragment = distcc::encode_file_header("/a.cc", 13) + "packed source";
  os::UniqueFd file(::memfd_create("fragments", MFD_CLOEXEC));
  ASSERT_TRUE(os::write_all(file.get(), "gap" + fragment));
  SharedFragments fragments(1, {{3, static_cast<std::uint32_t>(fragment.size())}}, std::move(file));
  job.files = &fragments;
  const std::string expected = distcc::encode_job(job.cwd, job.words, 1) + fragment;
  ASSERT_EQ(compile(os::format("head -c {} >${{here}}job; cat $reply", expected.size())).outcome,
            Outcome::Ok);
  EXPECT_EQ(mirror.read("job"), expected);
}

TEST_F(OverSsh, UserAndCommandMayBeLeftOutAndSshMayHaveOptions) {
  (void)mirror.program("real", "printf '%s\\n' \"$@\" >" + mirror.path("words"));
  options.ssh = mirror.path("real") + "  -p 22 ";
  EXPECT_NE(
      compile_remotely(distcc::parse_hosts("@far,cpp,lzo").value().hosts.front(), {}, job, options).outcome,
      Outcome::Ok);
  EXPECT_EQ(mirror.read("words"), "-p\n22\nfar\ndistccd\n--inetd\n--enable-tcp-insecure\n");
}

TEST_F(OverSsh, ItsOwnFailuresAreTold) {
  RemoteResult result = compile("echo 'ssh: connect to host far port 22: Connection refused' >&2; exit 255");
  EXPECT_EQ(result.outcome, Outcome::Refused);
  EXPECT_EQ(result.detail, "ssh: connect to host far port 22: Connection refused");
  result = compile("echo 'ssh: Could not resolve hostname far' >&2; exit 255");
  EXPECT_EQ(result.outcome, Outcome::Unreachable);
  result = compile("head -c $size >/dev/null; echo 'sh: distccd: not found' >&2; exit 127");
  EXPECT_EQ(result.outcome, Outcome::Refused);
  EXPECT_EQ(result.detail, "sh: distccd: not found");
  EXPECT_TRUE(no_children());
}

TEST_F(OverSsh, ADistccdThatMayRefuseTheCompiler) {
  EXPECT_EQ(compile("head -c $size >/dev/null; exit 1").outcome, Outcome::Closed);
}

TEST_F(OverSsh, ADistccdThatDoesNotReadTheJobIsNoRefusalOfTheCompiler) {
  EXPECT_EQ(compile("head -c 1 >/dev/null").outcome, Outcome::Reset);
}

TEST_F(OverSsh, AnSshThatHangsIsEnded) {
  options.io_timeout = std::chrono::seconds(1);
  EXPECT_EQ(compile("exec sleep 1000").outcome, Outcome::Stalled);
  EXPECT_TRUE(no_children());
}

TEST_F(OverSsh, AMissingSshIsNotTheHostsFault) {
  options.ssh = "no-such-program";
  const RemoteResult result =
      compile_remotely(distcc::parse_hosts("@far,cpp,lzo").value().hosts.front(), {}, job, options);
  EXPECT_TRUE(result.fault_here);
  EXPECT_THAT(result.detail, HasSubstr("no-such-program"));
}

TEST_F(OverSsh, AHostIsNoOptionOfSsh) {
  EXPECT_EQ(compile("touch ${here}ran", "@-oProxyCommand=x,cpp,lzo").outcome, Outcome::Unreachable);
  EXPECT_FALSE(std::filesystem::exists(mirror.path("ran")));
}

TEST_F(RemoteCompilation, AMissingObjectIsTheUnitsFaultAndNotTheHosts) {
  const std::string before = "DONE00000003STAT00000000" + reply_part("SERR", "") + reply_part("SOUT", "text");
  for (const std::string& reply : {before, before + reply_part("DOTO", "")}) {
    const RemoteResult result = compile_with_reply(reply);
    EXPECT_EQ(result.outcome, Outcome::CompileError) << reply;
    EXPECT_THAT(result.detail, HasSubstr("without making an object"));
  }
  for (const std::string& reply :
       {before + "DO", before + "DOTO00000010", before + reply_part("DOTO", "object")})
    EXPECT_EQ(compile_with_reply(reply).outcome, Outcome::Reset) << reply;
}

}  // namespace
}  // namespace pump::launcher
