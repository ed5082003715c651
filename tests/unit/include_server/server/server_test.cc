// The whole include server, over its socket, with the installed g++.
#include "pump/include_server/server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "pump/distcc/lzo.h"
#include "pump/include_server/answer/client_environment.h"
#include "pump/include_server/server/status.h"
#include "pump/include_server/support/crash_log.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/unique_fd.h"
#include "tests/tools/wire_client.h"

namespace pump::include_server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    std::string name = testing::TempDir() + "server.XXXXXX";
    directory_ = std::filesystem::canonical(::mkdtemp(name.data()));
    options_.port = directory_ + "/socket";
    options_.log_file = directory_ + "/log";
    options_.jobs = 2;
    write("x.cc", "#include \"x.h\"\n");
    write("x.h", "int x;\n");
  }
  ~ServerTest() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  void start() {
    auto server = Server::start(options_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(directory_ + "/" + name) << text;
  }
  std::string log() const {
    std::ifstream file(options_.log_file);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  os::UniqueFd connect() const { return tools::connect_to(options_.port); }
  static void send(const os::UniqueFd& fd, std::string_view bytes) { tools::send_all(fd, bytes); }
  static std::string receive_all(const os::UniqueFd& fd) { return tools::receive_all(fd); }
  /// The reply's paths.
  static std::vector<std::string> decode(std::string_view reply) {
    RequestDecoder decoder;
    EXPECT_EQ(decoder.feed(reply), RequestDecoder::State::Complete) << reply;
    return decoder.arguments();
  }
  std::vector<std::string> ask(const std::vector<std::string>& argv) const {
    const os::UniqueFd fd = connect();
    send(fd, encode_request(directory_, argv));
    return decode(receive_all(fd));
  }
  std::vector<std::string> ask_for_x() const { return ask({"g++", "-o", "x.o", "-c", "x.cc"}); }

  std::string directory_;
  Options options_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, RepliesWithTheFilesOfTheUnit) {
  start();
  const auto files = ask_for_x();
  ASSERT_THAT(files, SizeIs(2)) << log();
  EXPECT_THAT(files[0], EndsWith(directory_ + "/x.cc.lzo"));
  EXPECT_THAT(files[1], EndsWith(directory_ + "/x.h.lzo"));
  for (const std::string& file : files) EXPECT_TRUE(std::filesystem::is_regular_file(file)) << file;
  EXPECT_EQ(server_->served(), 1U);
}

TEST_F(ServerTest, RepeatedRequestsGetTheCachedReply) {
  start();
  const auto first = ask_for_x();
  EXPECT_EQ(ask_for_x(), first);
  EXPECT_THAT(server_->status_json(), HasSubstr("\"cache_hits\":1"));
  EXPECT_THAT(server_->status_json(), HasSubstr("\"requests\":2"));
  EXPECT_THAT(server_->status_json(), HasSubstr("\"entries\":4"));
  EXPECT_EQ(server_->served(), 2U);
}

TEST_F(ServerTest, ARepeatedRequestMayArriveInParts) {
  start();
  const auto first = ask_for_x();
  const std::string request = encode_request(directory_, {"g++", "-o", "x.o", "-c", "x.cc"});
  for (const std::size_t cut : {std::size_t{1}, std::size_t{12}, request.size() / 2, request.size() - 1}) {
    const os::UniqueFd fd = connect();
    send(fd, request.substr(0, cut));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    send(fd, request.substr(cut));
    EXPECT_EQ(receive_all(fd), encode_reply(first)) << cut;
  }
  EXPECT_THAT(server_->status_json(), HasSubstr("\"cache_hits\":4"));
}

TEST_F(ServerTest, BytesAfterARepeatedRequestAreAnError) {
  start();
  ask_for_x();
  const os::UniqueFd fd = connect();
  send(fd, encode_request(directory_, {"g++", "-o", "x.o", "-c", "x.cc"}) + "more");
  EXPECT_EQ(receive_all(fd), "");
  EXPECT_THAT(log(), HasSubstr("malformed request"));
}

TEST_F(ServerTest, AChangedFileIsSeen) {
  start();
  ask_for_x();
  write("y.h", "int y;\n");
  write("x.h", "#include \"y.h\"\nint x;\n");
  EXPECT_THAT(ask_for_x(), SizeIs(3));
}

TEST_F(ServerTest, LogsTheReasonOfEachRefusal) {
  start();
  EXPECT_THAT(ask({"g++", "-o", "x.o", "-c", "missing.cc"}), IsEmpty());
  EXPECT_THAT(log(), HasSubstr("preprocessing locally"));
  EXPECT_THAT(log(), HasSubstr("missing.cc"));
  const std::size_t length = log().size();
  EXPECT_THAT(ask({"g++", "-o", "x.o", "-c", "missing.cc"}), IsEmpty());
  EXPECT_THAT(log().substr(length), HasSubstr("missing.cc"));  // each time
}

TEST_F(ServerTest, RefusesAClientWithoutWorkingDirectory) {
  start();
  const os::UniqueFd fd = connect();
  send(fd, encode_reply({"g++", "-c", "x.cc"}));
  EXPECT_EQ(receive_all(fd), kCannotAnswer);
}

TEST_F(ServerTest, StatusOverTheSocket) {
  start();
  ask_for_x();
  const auto status = request_status(options_.port);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_THAT(*status, HasSubstr("\"requests\":1"));
  EXPECT_THAT(*status, HasSubstr("\"entries\":2"));
}

TEST_F(ServerTest, MalformedRequestsDoNotAffectOtherClients) {
  start();
  const std::string good = encode_request(directory_, {"g++", "-c", "x.cc"});
  for (const std::string& bad : {std::string("GET / HTTP/1.0\r\n\r\n"), std::string(5000, '\0'), good + "x",
                                 std::string("CDIRffffffff"), std::string("ARGC7fffffff")}) {
    const os::UniqueFd fd = connect();
    send(fd, bad);
    EXPECT_EQ(receive_all(fd), "");
    EXPECT_THAT(ask_for_x(), SizeIs(2));
  }
  EXPECT_THAT(server_->status_json(), HasSubstr("\"malformed\":5"));
}

TEST_F(ServerTest, AbandonedRequestsDoNotAffectOtherClients) {
  start();
  const std::string good = encode_request(directory_, {"g++", "-c", "x.cc"});
  for (std::size_t size = 0; size < good.size(); size += 3) {
    const os::UniqueFd fd = connect();
    send(fd, std::string_view(good).substr(0, size));
  }
  {
    const os::UniqueFd fd = connect();  // gone before the reply
    send(fd, good);
  }
  EXPECT_THAT(ask_for_x(), SizeIs(2));
}

TEST_F(ServerTest, ASlowClientGetsItsReply) {
  start();
  const std::string good = encode_request(directory_, {"g++", "-c", "x.cc"});
  const os::UniqueFd fd = connect();
  for (const char& byte : good) {
    send(fd, std::string_view(&byte, 1));
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
  EXPECT_THAT(decode(receive_all(fd)), SizeIs(2));
}

TEST_F(ServerTest, AThousandSilentClientsDoNotBlockOthers) {
  start();
  struct rlimit limit {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < 2500) GTEST_SKIP() << "only " << limit.rlim_cur << " descriptors allowed";
  std::vector<os::UniqueFd> silent;
  for (int i = 0; i < 1000; ++i) silent.push_back(connect());
  EXPECT_THAT(ask_for_x(), SizeIs(2));
  // Some of them wake up late.
  send(silent[500], encode_request(directory_, {"g++", "-c", "x.cc"}));
  EXPECT_THAT(decode(receive_all(silent[500])), SizeIs(2));
}

TEST_F(ServerTest, AnswersManyClientsAtOnce) {
  start();
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (int round = 0; round < 25; ++round) {
        const auto files = ask({"g++", "-DN=" + std::to_string(i * (round % 3)), "-o", "x.o", "-c", "x.cc"});
        if (files.size() == 2) ++right;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 200);
}

/// Clients one after another, then none, then several at once.
TEST_F(ServerTest, AnswersClientsInQuickSuccessionAndAfterPauses) {
  start();
  ASSERT_THAT(ask_for_x(), SizeIs(2)) << log();
  const std::string request = encode_request(directory_, {"g++", "-o", "x.o", "-c", "x.cc"});
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 10; ++i) EXPECT_THAT(ask_for_x(), SizeIs(2));
    if (round % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::vector<os::UniqueFd> together;
    for (int i = 0; i < 5; ++i) together.push_back(connect());
    for (auto client = together.rbegin(); client != together.rend(); ++client) send(*client, request);
    for (const os::UniqueFd& client : together) EXPECT_THAT(decode(receive_all(client)), SizeIs(2));
  }
  EXPECT_EQ(server_->served(), 601U);
}

TEST_F(ServerTest, EndsWhileAClientSendsRequests) {
  start();
  ASSERT_THAT(ask_for_x(), SizeIs(2)) << log();
  const std::string request = encode_request(directory_, {"g++", "-o", "x.o", "-c", "x.cc"});
  std::atomic<unsigned> answered{0};
  std::atomic<bool> ended{false};
  std::thread client([&] {
    try {
      for (; !tools::exchange(options_.port, request).empty(); ++answered) continue;
    } catch (const std::runtime_error&) {  // the socket is gone
    }
    ended = true;
  });
  while (answered < 100 && !ended) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(ended) << log();
  server_.reset();
  client.join();
}

/// Descriptors of this process, in which the server is, for that file.
std::size_t open_in_process(const struct stat& file) {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd) {
    struct stat info {};
    if (::fstat(fd, &info) == 0 && info.st_dev == file.st_dev && info.st_ino == file.st_ino) ++count;
  }
  return count;
}

/// A launcher's requests.
class FragmentServerTest : public ServerTest {
 protected:
  tools::FragmentReply request(const std::string& source = "x.cc") const {
    return tools::request_fragments(options_.port,
                                    encode_request(directory_, {"g++", "-o", "x.o", "-c", source}));
  }
  std::vector<tools::Fragment> ask_for_fragments(const std::string& source = "x.cc") const {
    return tools::read_fragments(request(source));
  }
  /// The uncompressed content of the unit's header.
  std::string header(const tools::FragmentReply& reply) const {
    for (const tools::Fragment& file : tools::read_fragments(reply))
      if (file.name == directory_ + "/x.h") return distcc::lzo_decompress(file.content, 1U << 20U).value();
    return "missing";
  }
  std::size_t copies_in_mirror() const {
    const std::string status = server_->status_json();
    const std::size_t at = status.find("\"mirror\":\"") + 10;
    std::size_t files = 0;
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(status.substr(at, status.find('"', at) - at)))
      files += file.is_regular_file() ? 1U : 0U;
    return files;
  }
};

TEST_F(FragmentServerTest, RepliesWithTheFilesOfTheUnitAndMakesNoOthers) {
  start();
  const auto files = ask_for_fragments();
  ASSERT_THAT(files, SizeIs(2)) << log();
  EXPECT_EQ(files[0].name, directory_ + "/x.cc");
  EXPECT_EQ(distcc::lzo_decompress(files[0].content, 1U << 20U).value(), "#include \"x.h\"\n");
  EXPECT_EQ(files[1].name, directory_ + "/x.h");
  EXPECT_EQ(distcc::lzo_decompress(files[1].content, 1U << 20U).value(), "int x;\n");
  EXPECT_EQ(copies_in_mirror(), 0U);
  EXPECT_THAT(server_->status_json(), HasSubstr("\"entries\":2"));
}

TEST_F(FragmentServerTest, RepeatedRequestsGetTheCachedReply) {
  start();
  const auto first = request();
  for (int i = 0; i < 3; ++i) {
    const auto again = request();
    EXPECT_EQ(again.bytes, first.bytes);
    EXPECT_EQ(header(again), "int x;\n");
  }
  EXPECT_THAT(server_->status_json(), HasSubstr("\"cache_hits\":3"));
}

TEST_F(FragmentServerTest, AnEditIsSeenAndAnEarlierReplyKeepsItsContent) {
  start();
  const auto before = request();
  write("x.h", "int y;\n");
  const auto after = request();
  EXPECT_EQ(header(after), "int y;\n");
  EXPECT_EQ(header(before), "int x;\n");
  write("x.h", "int x;\n");
  EXPECT_EQ(header(request()), "int x;\n");
}

TEST_F(FragmentServerTest, StockClientsAndLaunchersDoNotAffectEachOther) {
  start();
  const auto paths = ask_for_x();
  ASSERT_THAT(paths, SizeIs(2));
  EXPECT_THAT(ask_for_fragments(), SizeIs(2));
  EXPECT_EQ(ask_for_x(), paths);
  EXPECT_THAT(ask_for_fragments(), SizeIs(2));
  EXPECT_THAT(server_->status_json(), HasSubstr("\"cache_hits\":2"));
  // A reply that several commands share is shared among clients of one kind.
  EXPECT_THAT(ask({"g++", "-DUNUSED", "-o", "x.o", "-c", "x.cc"}), SizeIs(2));
  const auto shared = tools::read_fragments(tools::request_fragments(
      options_.port, encode_request(directory_, {"g++", "-DUNUSED", "-o", "x.o", "-c", "x.cc"})));
  EXPECT_THAT(shared, SizeIs(2));
  EXPECT_THAT(server_->status_json(), HasSubstr("\"cache_hits\":4"));
  // Without its mirror, only the stock client needs a new one.
  std::filesystem::remove_all(std::filesystem::path(paths[0].substr(0, paths[0].find(directory_))));
  EXPECT_THAT(ask_for_fragments(), SizeIs(2));
  const auto again = ask_for_x();
  ASSERT_THAT(again, SizeIs(2)) << log();
  for (const std::string& file : again) EXPECT_TRUE(std::filesystem::is_regular_file(file)) << file;
}

TEST_F(FragmentServerTest, ARefusalIsTheSameForBoth) {
  start();
  EXPECT_EQ(request("missing.cc").bytes, kCannotAnswer);
  EXPECT_EQ(request("missing.cc").bytes, kCannotAnswer);
  EXPECT_FALSE(request("missing.cc").file);
  EXPECT_THAT(ask({"g++", "-o", "x.o", "-c", "missing.cc"}), IsEmpty());
  EXPECT_THAT(server_->status_json(), HasSubstr("\"gave_up\":4"));
}

TEST_F(FragmentServerTest, FullFragmentsAreDroppedAndRepliesStayRight) {
  options_.memory_mib = 1;
  start();
  std::string noise;
  for (unsigned i = 0; noise.size() < 300'000; ++i) noise += std::to_string(i * 2654435761U);
  write("x.h", "// " + noise + "\nint x;\n");
  std::vector<tools::FragmentReply> replies;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "x" + std::to_string(i) + ".cc";
    write(name, "#include \"x.h\"\n// " + noise + std::to_string(i) + "\n");
    replies.push_back(request(name));
  }
  for (const auto& reply : replies) {
    ASSERT_THAT(tools::read_fragments(reply), SizeIs(2));
    EXPECT_EQ(header(reply), "// " + noise + "\nint x;\n");
  }
  // The file of the first reply is this test's alone: no cached reply keeps it.
  replies.erase(replies.begin() + 1, replies.end());
  struct stat info {};
  ASSERT_EQ(::fstat(replies.front().file.get(), &info), 0);
  EXPECT_EQ(open_in_process(info), 1U);
  const std::string status = server_->status_json();
  const std::size_t bytes = std::stoul(status.substr(status.find("\"mirror_bytes\":") + 15));
  EXPECT_GT(bytes, 0U);
  EXPECT_LT(bytes, (512U << 10U) + 650'000U) << "half of the limit, and one unit";
}

/// No file of this process may become larger: as without memory. The server's workers block the signal.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(FragmentServerTest, WithoutRoomTheUnitIsRefusedAndOthersAreNot) {
  options_.log_file.clear();
  start();
  std::string noise;
  for (unsigned i = 0; noise.size() < 30'000; ++i) noise += std::to_string(i * 2654435761U);
  write("large.cc", "// " + noise + "\n");
  for (int i = 0; i < 8; ++i) write("x" + std::to_string(i) + ".cc", "// " + noise.substr(0, 3000) + "\n");
  const auto before = request();
  {
    const FileSizeLimit limit(8192);
    EXPECT_EQ(request("large.cc").bytes, kCannotAnswer);
    // What has no room beside the others gets a file of its own.
    for (int i = 0; i < 8; ++i)
      EXPECT_THAT(ask_for_fragments("x" + std::to_string(i) + ".cc"), SizeIs(1)) << i;
    EXPECT_EQ(request("large.cc").bytes, kCannotAnswer);
  }
  EXPECT_THAT(ask_for_fragments("large.cc"), SizeIs(1));
  EXPECT_EQ(header(before), "int x;\n");
}

TEST_F(FragmentServerTest, ManyLaunchersAndEditsAtOnce) {
  start();
  std::atomic<bool> ended{false};
  std::thread editor([&] {
    for (int i = 0; i < 300; ++i) write("x.h", "int x" + std::to_string(i % 10) + ";\n");
    ended = true;
  });
  std::vector<std::thread> launchers;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i)
    launchers.emplace_back([&] {
      for (int round = 0; round < 20 || !ended; ++round) {
        const std::string text = header(request());
        if (!text.empty() && !text.starts_with("int x")) ++wrong;
      }
    });
  editor.join();
  for (std::thread& launcher : launchers) launcher.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(header(request()), "int x9;\n");
}

TEST_F(ServerTest, ReplacesARemovedMirror) {
  start();
  const auto first = ask_for_x();
  ASSERT_THAT(first, SizeIs(2));
  const std::string root = first[0].substr(0, first[0].size() - (directory_ + "/x.cc.lzo").size());
  std::filesystem::remove_all(root);
  const auto second = ask_for_x();
  ASSERT_THAT(second, SizeIs(2)) << log();
  for (const std::string& file : second) EXPECT_TRUE(std::filesystem::is_regular_file(file)) << file;
}

// A copy that was sent for one command stays as it is, whatever is sent for others. Under -nostdinc the
// system header of an absolute include is sent like a file of the project; otherwise the server's is used.
TEST_F(ServerTest, CopiesDoNotChangeForOtherCommands) {
  start();
  write("x.cc", "#include \"/usr/include/paths.h\"\n");
  const std::vector<std::string> plain{"g++", "-c", "x.cc"};
  const std::vector<std::string> without_defaults{"g++", "-nostdinc", "-c", "x.cc"};
  const auto copy = [](const std::vector<std::string>& paths) {
    std::ifstream file(paths.at(0), std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string first = copy(ask(without_defaults));
  const std::string other = copy(ask(plain));
  EXPECT_NE(first, other);
  EXPECT_EQ(copy(ask(without_defaults)), first);
  EXPECT_EQ(copy(ask(plain)), other);
}

TEST_F(ServerTest, RemovesItsSocketAndMirror) {
  start();
  const auto files = ask_for_x();
  ASSERT_THAT(files, SizeIs(2));
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(options_.port));
  EXPECT_FALSE(std::filesystem::exists(files[0]));
}

TEST_F(ServerTest, ASecondServerFailsAndTheFirstGoesOn) {
  start();
  const auto second = Server::start(options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, EADDRINUSE);
  EXPECT_THAT(ask_for_x(), SizeIs(2));
}

TEST_F(ServerTest, RefusesAnInputThatCrashedAServer) {
  options_.verify = false;
  start();
  EXPECT_THAT(ask_for_x(), SizeIs(2));
  server_.reset();
  // The key depends on this process's environment.
  Request request;
  request.cwd = directory_;
  request.argv = {"g++", "-o", "x.o", "-c", "x.cc"};
  std::ifstream environ_file("/proc/self/environ", std::ios::binary);
  request.environment_block = {std::istreambuf_iterator<char>(environ_file), {}};
  const std::string encoded = encode_request(request.cwd, request.argv);
  const auto text = hash_text(crash_key(request_key(encoded, *ClientEnvironments().get(request))));
  std::ofstream(crash_file_of(options_))
      << "SIGSEGV at 0x0 pc 0x0 input " << std::string(text.data(), 32) << " command\n";
  start();
  EXPECT_THAT(ask_for_x(), IsEmpty());
  EXPECT_THAT(ask({"g++", "-O1", "-o", "x.o", "-c", "x.cc"}), SizeIs(2));
}

}  // namespace
}  // namespace pump::include_server
