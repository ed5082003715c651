#include "pump/distcc/include_server_client.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <thread>

namespace pump::distcc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Replies to one request with given bytes, and perhaps a descriptor.
class FakeServer {
 public:
  FakeServer(std::string reply, int descriptor) : reply_(std::move(reply)), descriptor_(descriptor) {
    std::string name = testing::TempDir() + "include-server.XXXXXX";
    directory_ = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket().c_str(), socket().size());
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 4), 0);
    thread_ = std::thread([this] { serve(); });
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  ~FakeServer() {
    thread_.join();
    std::filesystem::remove_all(directory_);
  }
  [[nodiscard]] std::string socket() const { return directory_ + "/socket"; }
  std::string request;

 private:
  void serve() {
    const os::UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
    std::array<char, 4096> bytes{};
    request.assign(bytes.data(),
                   static_cast<std::size_t>(::recv(client.get(), bytes.data(), bytes.size(), 0)));
    iovec part{reply_.data(), reply_.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (descriptor_ >= 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* const header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(header), &descriptor_, sizeof descriptor_);
    }
    EXPECT_EQ(::sendmsg(client.get(), &message, MSG_NOSIGNAL), static_cast<ssize_t>(reply_.size()));
  }

  std::string reply_, directory_;
  int descriptor_;
  os::UniqueFd listener_;
  std::thread thread_;
};

struct Answer {
  Expected<UnitFiles> files;
  std::string request;
};

Answer ask(const std::string& reply, bool has_fragments, int descriptor = -1) {
  Answer answer;
  {
    FakeServer server(reply, descriptor);
    answer.files = ask_include_server({server.socket(), has_fragments}, "/w", {"g++", "-c", "x.cc"},
                                      std::chrono::seconds(30));
    answer.request = server.request;
  }
  return answer;
}

constexpr const char* kPaths = "ARGC00000002ARGV0000000c/1/2/3/a.lzoARGV00000008/1/2/3/b";
const std::string kFragmentsOnly = encode_fragment_list({{"/a.lzo", "/b.lzo", "/c"}, {{16, 4}}});
const std::string kFragments = kFragmentsOnly + encode(Prediction{true, {}, {}, "GCC: 12", ""});

TEST(IncludeServerClient, OnlyAServerThatHasFragmentsIsAskedForThem) {
  EXPECT_THAT(ask(kPaths, false).request, StartsWith("CDIR00000002/wARGC00000003ARGV00000003g++"));
  EXPECT_THAT(ask(kPaths, true).request, StartsWith("FRAG00000001CDIR00000002/wARGC00000003ARGV00000003g++"));
}

TEST(IncludeServerClient, ReceivesPaths) {
  for (const bool has_fragments : {false, true}) {
    const Answer answer = ask(kPaths, has_fragments);
    ASSERT_TRUE(answer.files) << answer.files.error().message;
    EXPECT_THAT(answer.files->paths, ElementsAre("/1/2/3/a.lzo", "/1/2/3/b"));
    EXPECT_THAT(answer.files->names, ElementsAre("/a.lzo", "/b"));
    EXPECT_EQ(answer.files->size(), 2U);
    EXPECT_FALSE(answer.files->fragment_file);
  }
  EXPECT_EQ(ask("ARGC00000000", true).files->size(), 0U);
}

TEST(IncludeServerClient, ReceivesFragmentsAndTheirFile) {
  const os::UniqueFd file(::memfd_create("fragments", MFD_CLOEXEC));
  const Answer answer = ask(kFragments, true, file.get());
  ASSERT_TRUE(answer.files) << answer.files.error().message;
  EXPECT_THAT(answer.files->names, ElementsAre("/a.lzo", "/b.lzo", "/c"));
  EXPECT_THAT(answer.files->extents, ElementsAre(Extent{16, 4}));
  ASSERT_TRUE(answer.files->prediction);
  EXPECT_EQ(answer.files->prediction->compiler, "GCC: 12");
  struct stat sent {
  }, received{};
  ASSERT_EQ(::fstat(file.get(), &sent), 0);
  ASSERT_EQ(::fstat(answer.files->fragment_file.get(), &received), 0);
  EXPECT_EQ(sent.st_ino, received.st_ino);
  EXPECT_EQ(::fcntl(answer.files->fragment_file.get(), F_GETFD), FD_CLOEXEC);
}

TEST(IncludeServerClient, FragmentsWithoutTheirFileAreAnError) {
  const Answer answer = ask(kFragments, true);
  ASSERT_FALSE(answer.files);
  EXPECT_THAT(answer.files.error().message, HasSubstr("descriptor"));
}

TEST(IncludeServerClient, AsksForPredictedFiles) {
  const auto ask_for_files = [](const std::string& reply, bool has_fragments) {
    FakeServer server(reply, -1);
    auto files =
        ask_for_predicted_files({server.socket(), has_fragments}, "/w", {"g++"}, std::chrono::seconds(30));
    // A server that is not asked would wait for ever.
    if (!has_fragments)
      (void)ask_include_server({server.socket(), false}, "/w", {"g++"}, std::chrono::seconds(30));
    return files;
  };
  const auto files = ask_for_files(encode(PredictedFiles{true, {{"/a.cc", true, false}}}), true);
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->files.size(), 1U);
  EXPECT_EQ(files->files[0].path, "/a.cc");
  EXPECT_TRUE(ask_for_files("ARGC00000000", true)->files.empty());
  EXPECT_TRUE(ask_for_files(kPaths, false)->files.empty());
  EXPECT_FALSE(ask_for_files("FILE00000001READ", true));
}

TEST(IncludeServerClient, WhatIsNoReplyIsAnError) {
  for (const std::string& reply :
       {std::string("HTTP/1.1 400"), kFragments.substr(0, 30), kFragmentsOnly, kFragments + "more",
        std::string("ARGC00000002ARGV00000002/a"), std::string("ARGC00000001ARGV00000002/a")}) {
    const os::UniqueFd file(::memfd_create("fragments", MFD_CLOEXEC));
    const Answer answer = ask(reply, true, file.get());
    ASSERT_FALSE(answer.files) << reply;
    EXPECT_EQ(answer.files.error().code, EPROTO);
  }
  EXPECT_FALSE(ask(kFragments, false).files) << "they were not asked for";
}

}  // namespace
}  // namespace pump::distcc
