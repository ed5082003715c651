#include "tests/tools/wire_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <set>
#include <stdexcept>

namespace pump::tools {

std::string encode_request(const std::string& cwd, const std::vector<std::string>& argv) {
  std::string out = fmt::format("CDIR{:08x}{}ARGC{:08x}", cwd.size(), cwd, argv.size());
  for (const std::string& word : argv) out += fmt::format("ARGV{:08x}{}", word.size(), word);
  return out;
}

namespace {

/// Takes tokens and strings from the front of some bytes.
class Tokens {
 public:
  explicit Tokens(const std::string& bytes) : bytes_(bytes) {}
  [[nodiscard]] bool is_next(const char* name) const { return bytes_.compare(offset_, 4, name) == 0; }
  std::size_t number(const char* name) {
    if (!is_next(name) || bytes_.size() < offset_ + 12) throw std::runtime_error("malformed reply");
    const std::size_t value = std::stoul(bytes_.substr(offset_ + 4, 8), nullptr, 16);
    offset_ += 12;
    return value;
  }
  std::string text(const char* name) {
    const std::size_t size = number(name);
    if (bytes_.size() - offset_ < size) throw std::runtime_error("malformed reply");
    offset_ += size;
    return bytes_.substr(offset_ - size, size);
  }
  void end() const {
    if (offset_ != bytes_.size()) throw std::runtime_error("bytes after the reply");
  }

 private:
  const std::string& bytes_;
  std::size_t offset_ = 0;
};

std::string without_suffix(std::string name) {
  for (const std::string_view suffix : {".abs", ".lzo"})
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return name;
}

}  // namespace

std::vector<std::string> decode_reply(const std::string& reply) {
  Tokens tokens(reply);
  std::vector<std::string> paths(tokens.number("ARGC"));
  for (std::string& path : paths) path = tokens.text("ARGV");
  tokens.end();
  return paths;
}

FragmentReply request_fragments(const std::string& socket, const std::string& request) {
  const os::UniqueFd connection = connect_to(socket);
  if (!send_all(connection, "FRAG00000001" + request))
    throw std::runtime_error("the server closed the connection");
  FragmentReply reply;
  std::array<char, 65536> part;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control;
  while (true) {
    iovec bytes{part.data(), part.size()};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(connection.get(), &message, MSG_CMSG_CLOEXEC);
    if (got <= 0) return reply;
    reply.bytes.append(part.data(), static_cast<std::size_t>(got));
    if (const cmsghdr* const header = CMSG_FIRSTHDR(&message); header != nullptr) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
      reply.file.reset(descriptor);
    }
  }
}

std::vector<Fragment> read_fragments(const FragmentReply& reply) {
  if (reply.bytes == "ARGC00000000") return {};
  Tokens tokens(reply.bytes);
  std::vector<std::string> names(tokens.number("FRAG"));
  for (std::string& name : names) name = tokens.text("NAME");
  std::string content;
  for (std::size_t extents = tokens.number("PART"); extents > 0; --extents) {
    const std::size_t offset = tokens.number("OFFS");
    std::string part(tokens.number("SIZE"), '\0');
    if (::pread(reply.file.get(), part.data(), part.size(), static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(part.size()))
      throw std::runtime_error("the file of the fragments is too short");
    content += part;
  }
  // The prediction (pump/distcc/prediction.h).
  tokens.number("PRED");
  for (int part = 0; part < 8; ++part) tokens.number("DGST");
  tokens.text("COMP");
  tokens.text("PREC");
  tokens.text("SHOW");
  while (tokens.is_next("FOUN")) {
    tokens.text("FOUN");
    tokens.text("REPO");
  }
  tokens.end();
  Tokens job(content);
  std::vector<Fragment> fragments(names.size());
  for (Fragment& fragment : fragments) {
    fragment.name = job.text("NAME");
    fragment.link = job.is_next("LINK");
    fragment.content = job.text(fragment.link ? "LINK" : "FILE");
  }
  job.end();
  std::multiset<std::string> sent, named;
  for (const Fragment& fragment : fragments) sent.insert(fragment.name);
  for (const std::string& name : names) named.insert(without_suffix(name));
  if (sent != named) throw std::runtime_error("the reply names other files than its fragments");
  return fragments;
}

std::string original_name(const std::string& mirror_path) {
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) at = mirror_path.find('/', at + 1);
  return without_suffix(mirror_path.substr(at));
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
