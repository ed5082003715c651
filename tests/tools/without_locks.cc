// Runs a command as if a directory were on a file system without locks: every attempt to lock a file below it
// fails with ENOLCK, as on an NFS mount without lockd.
//   without_locks DIRECTORY COMMAND [ARG...]
// fcntl(F_SETLK) and fcntl(F_SETLKW) of the command wait for this process, which reads the path of the
// descriptor (seccomp_unotify(2)). Exits with 77 if the kernel does not support that.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

constexpr int kSkip = 77;

/// The descriptor of a listener, or -1. From now on, lock requests of this process and its descendants wait
/// for it.
int listen_for_locks() {
  std::array<sock_filter, 7> program = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + sizeof(std::uint64_t)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETLK, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETLKW, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

bool send_descriptor(int socket, int fd) {
  char byte = 0;
  iovec part{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part, message.msg_iovlen = 1;
  message.msg_control = control.data(), message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  return ::sendmsg(socket, &message, 0) == 1;
}

int receive_descriptor(int socket) {
  char byte = 0;
  iovec part{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part, message.msg_iovlen = 1;
  message.msg_control = control.data(), message.msg_controllen = control.size();
  int fd = -1;
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return -1;
  if (const cmsghdr* header = CMSG_FIRSTHDR(&message)) std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

bool lies_below(const std::string& directory, std::uint32_t pid, std::uint64_t fd) {
  const std::string link = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd);
  std::array<char, 4096> target{};
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  return size > 0 && std::string(target.data(), static_cast<std::size_t>(size)).starts_with(directory + "/");
}

void answer_one(int listener, const std::string& directory) {
  seccomp_notif request{};
  seccomp_notif_resp response{};
  if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) return;  // the process was killed meanwhile
  response.id = request.id;
  if (lies_below(directory, request.pid, request.data.args[0]))
    response.error = -ENOLCK;
  else
    response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int run_command(int socket, char** argv) {
  const int listener = listen_for_locks();
  if (listener < 0 || !send_descriptor(socket, listener)) return kSkip;
  ::close(listener);
  ::close(socket);
  ::execvp(argv[0], argv);
  std::perror(argv[0]);
  return 127;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: without_locks DIRECTORY COMMAND [ARG...]\n", stderr);
    return 2;
  }
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return 2;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_command(ends[1], argv + 2));
  ::close(ends[1]);
  const int listener = receive_descriptor(ends[0]);
  int status = 0;
  // The listener reports the end of the last process with the filter, which may be a session's server. This
  // loop ends with the command.
  while (::waitpid(child, &status, listener < 0 ? 0 : WNOHANG) == 0) {
    pollfd entry{.fd = listener, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, 50) == 1 && (entry.revents & POLLIN) != 0) answer_one(listener, argv[1]);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
