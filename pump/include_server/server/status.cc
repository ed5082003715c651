#include "pump/include_server/server/status.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "pump/include_server/server/server.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

/// `text` as a JSON string; bytes that are no ASCII are escaped one by one, so that any path gives valid JSON.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::uint64_t resident_bytes() {
  const auto statm = os::read_file("/proc/self/statm", 4096);
  unsigned long total = 0, resident = 0;
  if (!statm || std::sscanf(statm->c_str(), "%lu %lu", &total, &resident) != 2) return 0;
  return static_cast<std::uint64_t>(resident) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string to_json(const StatusNumbers& numbers) {
  const AnswerStatistics& answers = numbers.answers;
  return fmt::format(
      R"({{"pid":{},"jobs":{},"uptime_seconds":{:.3f},"requests":{},"cache_hits":{},"gave_up":{},"approximate":{},)"
      R"("entries":{},"steps":{},"malformed":{},"refused":{},"dropped":{},"waiting":{},"mirror":{},"mirror_bytes":{},)"
      R"("rss_bytes":{}}})"
      "\n",
      ::getpid(), numbers.jobs, numbers.uptime.count(), answers.requests, answers.from_cache, answers.gave_up,
      answers.approximate, answers.entries, answers.steps, numbers.malformed, numbers.refused,
      numbers.dropped, numbers.waiting, json_string(numbers.mirror), numbers.mirror_bytes, resident_bytes());
}

Expected<std::string> request_status(const std::string& socket) {
  sockaddr_un address{};
  if (socket.size() >= sizeof address.sun_path) return fail("socket path too long: " + socket, ENAMETOOLONG);
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  const os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  const timeval patience{5, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno(socket);
  if (::send(fd.get(), kStatusRequest.data(), kStatusRequest.size(), MSG_NOSIGNAL) < 0)
    return fail_errno(socket);
  std::string reply;
  std::array<char, 4096> part;
  ssize_t got = 0;
  while ((got = ::recv(fd.get(), part.data(), part.size(), 0)) > 0 && reply.size() < (1U << 20U)) {
    reply.append(part.data(), static_cast<std::size_t>(got));
  }
  if (got < 0) return fail_errno(socket);
  if (!reply.starts_with('{'))
    return fail(socket + ": the server there does not know status requests", EPROTO);
  return reply;
}

}  // namespace pump::include_server
