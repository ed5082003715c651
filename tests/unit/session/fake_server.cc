#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "pump/os/environment.h"
#include "pump/os/file_io.h"
#include "pump/session/backend.h"
#include "tests/unit/session/parts.h"

namespace pump::session {
namespace {

std::string setting(const char* name) {
  return std::string(os::Environment::current().get_or(name, {}));
}

void sleep_for(const char* name) {
  if (!setting(name).empty())
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(setting(name))));
}

class FakeBackend final : public Backend {
 public:
  Status start(const std::string& socket) override {
    sleep_for("FAKE_DELAY");
    if (!setting("FAKE_FAIL").empty()) return fail(setting("FAKE_FAIL"));
    const std::string die = setting("FAKE_DIE");
    if (die == "1" || (!die.empty() && ::unlink(die.c_str()) == 0)) {
      const std::string words = "the last line of the log\n";
      (void)os::write_all(STDERR_FILENO, words);
      ::_exit(9);
    }
    socket_ = socket;
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return fail_errno("bind " + socket);
    struct stat bound {};
    if (::stat(socket.c_str(), &bound) == 0) inode_ = bound.st_ino;
    sleep_for("FAKE_DELAY_BOUND");
    if (::listen(listener_.get(), 100) != 0) return fail_errno("listen");
    acceptor_ = std::thread([this] { accept_all(); });
    return {};
  }
  [[nodiscard]] std::uint64_t served() const override { return served_; }
  [[nodiscard]] bool healthy() override { return doom_.empty() || ::access(doom_.c_str(), F_OK) != 0; }
  void stop() override {
    if (!acceptor_.joinable()) return;
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    struct stat found {};  // the socket may be another server's by now
    if (::lstat(socket_.c_str(), &found) == 0 && found.st_ino == inode_) ::unlink(socket_.c_str());
  }

 private:
  void accept_all() {
    while (true) {
      const os::UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection) return;
      ++served_;
    }
  }

  const std::string doom_ = setting("FAKE_DOOM");
  std::string socket_;
  ino_t inode_ = 0;
  os::UniqueFd listener_;
  std::thread acceptor_;
  std::atomic<std::uint64_t> served_{0};
};

/// Writes what this process has inherited.
void report_inherited(const std::string& file, int argc, char** argv) {
  std::string text;
  DIR* stream = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(stream)) {
    if (entry->d_name[0] == '.' || std::atoi(entry->d_name) == ::dirfd(stream)) continue;
    text += fmt::format("fd {} {}\n", entry->d_name,
                        os::read_link(std::string("/proc/self/fd/") + entry->d_name).value_or("?"));
  }
  ::closedir(stream);
  text += fmt::format("cwd {}\n", os::read_link("/proc/self/cwd").value_or("?"));
  text += fmt::format("leader {}\n", ::getsid(0) == ::getpid());
  for (int i = 0; i < argc; ++i) text += fmt::format("arg {}\n", argv[i]);
  for (const std::string& entry : os::Environment::current().strings()) text += "env " + entry + "\n";
  const std::string status = os::read_file("/proc/self/status").value_or("");
  for (const char* name : {"SigBlk", "SigIgn"}) text += status.substr(status.find(name), 24) + "\n";
  (void)os::write_file_atomically(file, text);
}

}  // namespace

int fake_server_main(int argc, char** argv) {
  if (!setting("FAKE_REPORT").empty()) report_inherited(setting("FAKE_REPORT"), argc, argv);
  Settings settings;
  std::string session;
  int ready_fd = -1;
  for (int i = 1; i + 1 < argc && std::strcmp(argv[i], "--") != 0; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--session") session = argv[i + 1];
    if (option == "--backend") settings.backend = argv[i + 1];
    if (option == "--linger") settings.linger = std::chrono::milliseconds(std::atoi(argv[i + 1]));
    if (option == "--ready-fd") ready_fd = std::atoi(argv[i + 1]);
  }
  const auto directory = Directory::at(session);
  if (!directory) return 2;
  FakeBackend backend;
  return serve(*directory, settings, backend, ready_fd);
}

}  // namespace pump::session
