#include "pump/distcc/include_server_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/token.h"
#include "pump/os/unique_fd.h"

namespace pump::distcc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostPaths = 1'000'000;
constexpr std::size_t kMostReply = 512U << 20U;

void append(std::string& out, std::string_view name, std::string_view text) {
  append_token(out, name, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// `prefix`: a token that comes first, or empty.
std::string encode_request(std::string_view prefix, std::string_view cwd,
                           const std::vector<std::string>& words) {
  std::string request(prefix);
  append(request, "CDIR", cwd);
  append_token(request, "ARGC", static_cast<std::uint32_t>(words.size()));
  for (const std::string& word : words) append(request, "ARGV", word);
  return request;
}

tl::unexpected<Error> malformed() {
  return fail("the include server sent a malformed reply", EPROTO);
}

Expected<std::vector<std::string>> decode_paths(std::string_view reply) {
  const auto count = take_number(reply, "ARGC");
  if (!count || *count > kMostPaths) return malformed();
  std::vector<std::string> paths;
  paths.reserve(*count);
  while (paths.size() < *count) {
    const auto size = take_number(reply, "ARGV");
    if (!size || *size > reply.size()) return malformed();
    paths.emplace_back(reply.substr(0, *size));
    reply.remove_prefix(*size);
  }
  if (!reply.empty()) return malformed();
  return paths;
}

Expected<os::UniqueFd> connect_to(const std::string& socket) {
  struct sockaddr_un address {};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof address.sun_path)
    return fail(socket + " is too long for a socket", ENAMETOOLONG);
  std::memcpy(address.sun_path, socket.data(), socket.size());
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("cannot make a socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("cannot connect to the include server at " + socket);
  return fd;
}

struct Reply {
  std::string bytes;
  os::UniqueFd descriptor;
};

/// As recv(2). Keeps the descriptor that comes with the bytes, if one does.
ssize_t receive(int fd, char* to, std::size_t size, os::UniqueFd& descriptor) {
  iovec part{to, size};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int))) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    descriptor.reset(received);
  }
  return got;
}

/// Reads until the server closes the connection.
Expected<Reply> read_reply(int fd, std::chrono::seconds patience) {
  const Clock::time_point end = Clock::now() + patience;
  Reply reply;
  std::array<char, 64U << 10U> part;
  while (reply.bytes.size() <= kMostReply) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - Clock::now());
    struct pollfd ready {
      .fd = fd, .events = POLLIN, .revents = 0
    };
    const auto wait = std::chrono::milliseconds(std::max(left, std::chrono::seconds(0))).count();
    const int count = ::poll(&ready, 1, static_cast<int>(wait));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("cannot wait for the include server");
    if (count == 0) return fail("the include server did not answer in time", ETIMEDOUT);
    const ssize_t size = receive(fd, part.data(), part.size(), reply.descriptor);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return fail_errno("the include server ended the connection");
    if (size == 0) return reply;
    reply.bytes.append(part.data(), static_cast<std::size_t>(size));
  }
  return fail("the include server's reply is too long", EPROTO);
}

Expected<Reply> exchange(const std::string& socket, const std::string& request,
                         std::chrono::seconds patience) {
  PUMP_TRY(const os::UniqueFd fd, connect_to(socket));
  // The socket's buffer holds every usual request. A server that reads nothing ends the wait, too.
  const struct timeval limit { .tv_sec = patience.count(), .tv_usec = 0 };
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  std::string_view rest = request;
  while (!rest.empty()) {
    const ssize_t size = ::send(fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("cannot send to the include server", errno == EAGAIN ? ETIMEDOUT : errno);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return read_reply(fd.get(), patience);
}

}  // namespace

Expected<UnitFiles> ask_include_server(const IncludeServer& server, const std::string& cwd,
                                       const std::vector<std::string>& words, std::chrono::seconds patience) {
  const std::string request = encode_request(server.has_fragments ? kFragmentsWanted : "", cwd, words);
  PUMP_TRY(Reply reply, exchange(server.socket, request, patience));
  UnitFiles files;
  if (server.has_fragments && reply.bytes.starts_with(kFragmentsWanted.substr(0, kTokenName))) {
    std::string_view bytes = reply.bytes;
    auto fragments = take_fragment_list(bytes);
    auto prediction = fragments ? take_prediction(bytes) : std::nullopt;
    if (!prediction || !bytes.empty()) return malformed();
    if (!reply.descriptor) return fail("the descriptor of the fragments cannot be received", EMFILE);
    files.names = std::move(fragments->names);
    files.extents = std::move(fragments->extents);
    files.fragment_file = std::move(reply.descriptor);
    files.prediction = std::move(prediction);
  } else {
    PUMP_TRY(files.paths, decode_paths(reply.bytes));
    for (const std::string& path : files.paths) {
      const auto name = name_in_mirror(path);
      if (!name) return malformed();
      files.names.emplace_back(*name);
    }
  }
  return files;
}

Expected<PredictedFiles> ask_for_predicted_files(const IncludeServer& server, const std::string& cwd,
                                                 const std::vector<std::string>& words,
                                                 std::chrono::seconds patience) {
  if (!server.has_fragments) return PredictedFiles();
  PUMP_TRY(const Reply reply,
           exchange(server.socket, encode_request(kPredictedFilesWanted, cwd, words), patience));
  std::string_view bytes = reply.bytes;
  if (auto files = take_predicted_files(bytes); files && bytes.empty()) return *std::move(files);
  PUMP_CHECK(decode_paths(reply.bytes));
  return PredictedFiles();
}

}  // namespace pump::distcc
