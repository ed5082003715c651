#include "tests/tools/wire_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace pump::tools {

std::string encode_request(const std::string& cwd, const std::vector<std::string>& argv) {
  std::string out = fmt::format("CDIR{:08x}{}ARGC{:08x}", cwd.size(), cwd, argv.size());
  for (const std::string& word : argv) out += fmt::format("ARGV{:08x}{}", word.size(), word);
  return out;
}

std::vector<std::string> decode_reply(const std::string& reply) {
  std::size_t offset = 0;
  const auto token = [&](const char* name) {
    if (reply.compare(offset, 4, name) != 0 || reply.size() < offset + 12)
      throw std::runtime_error("malformed reply");
    const std::size_t value = std::stoul(reply.substr(offset + 4, 8), nullptr, 16);
    offset += 12;
    return value;
  };
  std::vector<std::string> paths(token("ARGC"));
  for (std::string& path : paths) {
    const std::size_t size = token("ARGV");
    path = reply.substr(offset, size);
    offset += size;
  }
  if (offset != reply.size()) throw std::runtime_error("bytes after the reply");
  return paths;
}

std::string original_name(const std::string& mirror_path) {
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) at = mirror_path.find('/', at + 1);
  std::string name = mirror_path.substr(at);
  for (const std::string_view suffix : {".abs", ".lzo"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

os::UniqueFd connect_to(const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long: " + socket);
  std::memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
  os::UniqueFd connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("nothing listens at " + socket);
  return connection;
}

bool send_all(const os::UniqueFd& connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string receive_all(const os::UniqueFd& connection) {
  std::string reply;
  std::array<char, 1U << 16U> buffer;
  for (ssize_t got = 0; (got = ::recv(connection.get(), buffer.data(), buffer.size(), 0)) > 0;)
    reply.append(buffer.data(), static_cast<std::size_t>(got));
  return reply;
}

std::string exchange(const std::string& socket, const std::string& request) {
  const os::UniqueFd connection = connect_to(socket);
  if (!send_all(connection, request)) throw std::runtime_error("the server closed the connection");
  return receive_all(connection);
}

}  // namespace pump::tools
