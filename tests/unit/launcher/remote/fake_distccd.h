// A distccd in a thread, for tests: it listens on 127.0.0.1 and serves its connections by a function of the test. And
// the protocol as distccd sees it, without the code under test.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "pump/distcc/hosts.h"
#include "pump/distcc/lzo.h"
#include "pump/os/format.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {

/// A socket that is bound to a free port of `address` (IPv4), which nobody else gets; it does not listen.
inline os::UniqueFd bound_socket(in_addr_t address = INADDR_LOOPBACK) {
  os::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0)
      << std::strerror(errno);
  return socket;
}

inline unsigned port_of(const os::UniqueFd& socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&name)->sin_port);  // the same place for IPv6
}

inline distcc::Host host_at(unsigned port) {
  return distcc::parse_hosts(os::format("127.0.0.1:{},cpp,lzo", port)).value().hosts.front();
}

class FakeDistccd {
 public:
  using Serve = std::function<void(int connection)>;

  explicit FakeDistccd(Serve serve, os::UniqueFd socket = bound_socket())
      : listener_(std::move(socket)), serve_(std::move(serve)) {
    EXPECT_EQ(::listen(listener_.get(), 16), 0);
    thread_ = std::thread([this] { run(); });
  }
  FakeDistccd(const FakeDistccd&) = delete;
  FakeDistccd& operator=(const FakeDistccd&) = delete;
  ~FakeDistccd() {
    ::shutdown(listener_.get(), SHUT_RDWR);  // ends accept()
    thread_.join();
  }

  [[nodiscard]] distcc::Host host() const { return host_at(port_of(listener_)); }

 private:
  void run() {
    while (true) {
      const os::UniqueFd connection(::accept(listener_.get(), nullptr, nullptr));
      if (!connection) return;
      serve_(connection.get());
    }
  }

  os::UniqueFd listener_;
  Serve serve_;
  std::thread thread_;
};

/// Exactly `size` bytes; fewer at the end of the stream.
inline std::string receive(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::recv(fd, bytes.data() + got, size - got, 0);
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

inline void send_bytes(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Waits until the client has closed the connection.
inline void wait_for_end(int fd) {
  (void)receive(fd, 1);
}

struct ReceivedFile {
  std::string name, token, bytes;
  bool operator==(const ReceivedFile&) const = default;
};

struct ReceivedJob {
  bool complete = false;
  std::string cwd;
  std::vector<std::string> argv;
  std::vector<ReceivedFile> files;
  std::size_t size = 0;  ///< bytes
};

/// Reads a job as distccd does.
class JobReader {
 public:
  explicit JobReader(int fd) : fd_(fd) {}

  ReceivedJob read() {
    ReceivedJob job;
    if (number("DIST") != 3) return job;
    job.cwd = text("CDIR");
    for (std::size_t n = number("ARGC"); n > 0; --n) job.argv.push_back(text("ARGV"));
    for (std::size_t n = number("NFIL"); n > 0 && !failed_; --n) {
      ReceivedFile file{text("NAME"), take(4), ""};
      file.bytes = take(hex(take(8)));
      job.files.push_back(std::move(file));
    }
    job.complete = !failed_;
    job.size = size_;
    return job;
  }

 private:
  std::string take(std::size_t size) {
    std::string bytes = receive(fd_, size);
    failed_ = failed_ || bytes.size() != size;
    size_ += bytes.size();
    return bytes;
  }
  std::size_t hex(const std::string& digits) {
    if (digits.size() != 8 || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
      failed_ = true;
    return failed_ ? 0 : std::stoul(digits, nullptr, 16);
  }
  std::size_t number(const std::string& name) {
    const std::string token = take(4);
    failed_ = failed_ || token != name;
    return hex(take(8));
  }
  std::string text(const std::string& name) { return take(number(name)); }

  int fd_;
  bool failed_ = false;
  std::size_t size_ = 0;
};

inline ReceivedJob read_job(int fd) {
  return JobReader(fd).read();
}

inline std::string reply_part(const std::string& token, const std::string& bytes) {
  const std::string packed = bytes.empty() ? "" : distcc::lzo_compress(bytes).value();
  return os::format("{}{:08x}{}", token, packed.size(), packed);
}

inline std::string success_reply(const std::string& object = "object",
                                 const std::string& rule = "a.o: a.cc\n") {
  return "DONE00000003STAT00000000" + reply_part("SERR", "") + reply_part("SOUT", "") +
         reply_part("DOTO", object) + reply_part("DOTD", rule);
}

inline std::string failure_reply(const std::string& messages, unsigned status = 0x100) {
  return os::format("DONE00000003STAT{:08x}", status) + reply_part("SERR", messages) +
         reply_part("SOUT", "") + "DOTO00000000";
}

/// A directory that is removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pump-test.XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] std::string file(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  [[nodiscard]] std::string link(const std::string& name, const std::string& target) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::filesystem::create_symlink(target, path(name));
    return path(name);
  }
  [[nodiscard]] std::string program(const std::string& name, const std::string& script) const {
    std::string made = file(name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(made, std::filesystem::perms::owner_all);
    return made;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string path_;
};

}  // namespace pump::launcher
