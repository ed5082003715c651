// Sends requests to an include server, well-formed and malformed, for the integration tests.
//   include_server_client SOCKET <COMMANDS
// Commands are read from stdin, one a line, words separated by blanks:
//   request CWD ARG...        prints the reply's paths, one a line; "(closed)" if the server closes without a reply
//   fragments CWD ARG...      the same as a launcher: prints the names of the files that distccd would receive, and for each
//                             "link TARGET" or the number of its bytes
//   status                    prints the status JSON
//   raw [HEX]                 sends these bytes and the end of input, prints what comes back
//   hold N [HEX]              opens N connections, sends each these bytes, keeps them open until the end; prints "held"
//   half CWD ARG...           sends half of the request and disconnects
//   deaf CWD ARG...           sends a request and disconnects without reading the reply
//   attack N CWD ARG...       sends N malformed, truncated, slow and abandoned requests
// Exits with 1 and a message if nothing listens, or if a reply is malformed.
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <deque>
#include <exception>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/tools/wire_client.h"

namespace {

namespace os = pump::os;
using namespace pump::tools;
using Words = std::vector<std::string>;

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

/// The request whose working directory and arguments are the words from `first` on.
std::string request_from(const Words& words, std::size_t first) {
  const auto at = words.begin() + static_cast<std::ptrdiff_t>(first);
  return encode_request(words.at(first), Words(at + 1, words.end()));
}

void print_reply(const std::string& socket, const Words& words) {
  const os::UniqueFd connection = connect_to(socket);
  send_all(connection, request_from(words, 1));  // a server that refuses the client may close before
  const std::string reply = receive_all(connection);
  if (reply.empty()) return fmt::print("(closed)\n");
  for (const std::string& path : decode_reply(reply)) fmt::print("{}\n", path);
}

void print_fragments(const std::string& socket, const Words& words) {
  for (const Fragment& fragment : read_fragments(request_fragments(socket, request_from(words, 1))))
    fmt::print("{} {}\n", fragment.name,
               fragment.link ? "link " + fragment.content : std::to_string(fragment.content.size()));
}

void send_raw(const std::string& socket, const std::string& bytes) {
  const os::UniqueFd connection = connect_to(socket);
  send_all(connection, bytes);
  ::shutdown(connection.get(), SHUT_WR);
  fmt::print("{}\n", receive_all(connection));
}

void attack(const std::string& socket, unsigned long count, const std::string& request) {
  const std::array<std::string, 10> kinds = {"",
                                             std::string(64, '\0'),
                                             "CDIRzzzzzzzz",
                                             "CDIR7fffffff" + std::string(4096, 'x'),
                                             "ARGC7fffffff",
                                             "GET / HTTP/1.1\r\n\r\n",
                                             request.substr(0, request.size() / 2),
                                             request + "more",
                                             request,
                                             request.substr(0, request.size() - 1)};
  std::deque<os::UniqueFd> slow;  // open for a while, then closed in the middle of a token
  for (unsigned long i = 0; i < count; ++i) {
    os::UniqueFd connection = connect_to(socket);
    if (i % 7 == 3) {
      send_all(connection, request.substr(0, i % request.size()));
      slow.push_back(std::move(connection));
      if (slow.size() > 200) slow.pop_front();
      continue;
    }
    send_all(connection, kinds[i % kinds.size()]);
    if (i % 5 == 0 && !slow.empty()) send_all(slow.front(), "x");
  }
}

void run(const std::string& socket, const Words& words, std::vector<os::UniqueFd>& held) {
  const std::string& command = words.at(0);
  if (command == "request") {
    print_reply(socket, words);
  } else if (command == "fragments") {
    print_fragments(socket, words);
  } else if (command == "status") {
    fmt::print("{}", pump::tools::exchange(socket, "STAT00000000"));
  } else if (command == "raw") {
    send_raw(socket, words.size() > 1 ? from_hex(words[1]) : "");
  } else if (command == "hold") {
    for (unsigned long i = std::stoul(words.at(1)); i > 0; --i) {
      held.push_back(connect_to(socket));
      send_all(held.back(), words.size() > 2 ? from_hex(words[2]) : "");
    }
    fmt::print("held\n");
  } else if (command == "half") {
    const std::string request = request_from(words, 1);
    send_all(connect_to(socket), request.substr(0, request.size() / 2));
  } else if (command == "deaf") {
    send_all(connect_to(socket), request_from(words, 1));
  } else if (command == "attack") {
    attack(socket, std::stoul(words.at(1)), request_from(words, 2));
  } else {
    throw std::runtime_error("unknown command: " + command);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: include_server_client SOCKET <COMMANDS\n");
    return 2;
  }
  try {
    std::vector<os::UniqueFd> held;
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream in(line);
      const Words words{std::istream_iterator<std::string>(in), {}};
      if (!words.empty()) run(argv[1], words, held);
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "include_server_client: {}\n", error.what());
    return 1;
  }
}
