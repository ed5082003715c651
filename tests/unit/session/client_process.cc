#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "pump/os/file_io.h"
#include "pump/session/session.h"
#include "tests/unit/session/parts.h"

namespace pump::session {
namespace {

int fail_with(const std::string& message) {
  (void)os::write_all(STDERR_FILENO, message + "\n");
  return 1;
}

bool connects(const std::string& socket) {
  const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.copy(address.sun_path, sizeof address.sun_path - 1);
  return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void wait_for_end_of_input() {
  std::array<char, 64> buffer;
  while (::read(STDIN_FILENO, buffer.data(), buffer.size()) > 0) continue;
}

int stay(const Directory& directory, const Settings& settings) {
  const auto client = Client::join(directory);
  if (!client) return fail_with(client.error().message);
  const auto server = ensure_server(*client, settings);
  if (!server) return fail_with(server.error().message);
  (void)os::write_all(STDOUT_FILENO, fmt::format("{} {}\n", server->pid, server->started_here ? 1 : 0));
  wait_for_end_of_input();
  return 0;
}

/// Joins, and finds a server at any later time: while it is a client, the server cannot retire.
int one_round(const Directory& directory, const Settings& settings, std::minstd_rand& random) {
  const auto client = Client::join(directory);
  if (!client) return fail_with(client.error().message);
  ::usleep(static_cast<useconds_t>(random() % 1000));
  const auto server = ensure_server(*client, settings);
  if (!server) return fail_with(server.error().message);
  ::usleep(static_cast<useconds_t>(random() % 3000));
  if (!connects(directory.socket())) return fail_with("no server under " + directory.socket());
  return 0;
}

int rounds(const Directory& directory, const Settings& settings, int count) {
  std::minstd_rand random(static_cast<unsigned>(::getpid()));
  for (int round = 0; round < count; ++round) {
    if (const int status = one_round(directory, settings, random); status != 0) return status;
    if (random() % 2 == 0) continue;
    // Now and then the server retires: join again at about that time.
    ::usleep(static_cast<useconds_t>(random() % 120'000));
  }
  return 0;
}

int without_descriptors(const Directory& directory, const Settings& settings) {
  for (const int fd : {0, 1, 2}) ::close(fd);
  rlimit few{};
  ::getrlimit(RLIMIT_NOFILE, &few);
  few.rlim_cur = 16;
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto client = Client::join(directory);
  if (!client) return 10;
  if (!ensure_server(*client, settings)) return 11;
  // The descriptors 0, 1 and 2 must stay closed: the next program would use them for input and output.
  for (const int fd : {0, 1, 2})
    if (::fcntl(fd, F_GETFD) != -1) return 12;
  return 0;
}

int few_descriptors(const Directory& directory, const Settings& settings) {
  const rlimit few{.rlim_cur = 16, .rlim_max = 16};
  ::setrlimit(RLIMIT_NOFILE, &few);
  return stay(directory, settings);
}

int become_cat(const Directory& directory) {
  auto client = Client::join(directory);
  if (!client) return fail_with(client.error().message);
  if (const Status kept = client->keep_across_exec(); !kept) return fail_with(kept.error().message);
  ::execlp("cat", "cat", nullptr);
  return fail_with("cannot run cat");
}

/// From now on, every F_SETLK fails as on a file system without locks.
bool forbid_locks() {
  std::array<sock_filter, 7> program = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + sizeof(std::uint64_t)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETLK, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

int without_locks(const Directory& directory) {
  if (!forbid_locks()) return 77;
  const auto client = Client::join(directory);
  if (client) return fail_with("joined without a lock");
  return client.error().code == ENOLCK ? 0 : fail_with(client.error().message);
}

}  // namespace

int client_main(int argc, char** argv) {
  const auto settings = read_settings(os::Environment::current());
  if (!settings) return fail_with(settings.error().message);
  const auto directory = Directory::open(*settings);
  if (!directory) return fail_with(directory.error().message);
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "stay") return stay(*directory, *settings);
  if (mode == "rounds") return rounds(*directory, *settings, argc > 2 ? std::atoi(argv[2]) : 1);
  if (mode == "few-descriptors") return few_descriptors(*directory, *settings);
  if (mode == "no-descriptors") return without_descriptors(*directory, *settings);
  if (mode == "exec") return become_cat(*directory);
  if (mode == "no-locks") return without_locks(*directory);
  return fail_with("unknown mode");
}

}  // namespace pump::session
