// A client of the include server's protocol, the only one in the tests. It shares no code with the server's
// own implementation (pump/include_server/support/protocol.h), so that a mistake there does not cancel out
// here.
//
// The protocol is that of distcc's include server, and this project's additions. A message is a sequence of tokens: four letters, a number
// in eight hexadecimal digits, and for strings that many bytes. A request is CDIR, then ARGC and as many
// ARGV. A reply is ARGC and as many ARGV; ARGC 0 means "preprocess locally".
//
// Any thread; functions throw std::runtime_error unless they say otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/unique_fd.h"

namespace pump::tools {

/// The request for one command as bytes.
std::string encode_request(const std::string& cwd, const std::vector<std::string>& argv);

/// The mirror paths of a reply; none if the server gave up. Throws on a malformed reply.
std::vector<std::string> decode_reply(const std::string& reply);

/// A reply, and the descriptor that came with it, if one did.
struct FragmentReply {
  std::string bytes;
  os::UniqueFd file;
};
/// The reply to a launcher's request; `request`: from encode_request(). Throws as exchange().
FragmentReply request_fragments(const std::string& socket, const std::string& request);

/// A file of such a reply, as distccd receives it.
struct Fragment {
  std::string name;
  bool link = false;
  std::string content;  ///< LZO1X bytes, or the target of a link
};
/// All files of the reply, in their order; none if the server gave up. Throws on a malformed reply.
std::vector<Fragment> read_fragments(const FragmentReply& reply);

/// The client's file for a path in a reply: without the mirror's three leading components and without .abs
/// and .lzo.
std::string original_name(const std::string& mirror_path);

/// A connection to the server's socket. Throws if nothing listens there.
os::UniqueFd connect_to(const std::string& socket);

/// Sends everything; false if the server has closed the connection. Does not throw, and raises no SIGPIPE.
bool send_all(const os::UniqueFd& connection, std::string_view bytes);

/// Receives until the server closes the connection. Does not throw.
std::string receive_all(const os::UniqueFd& connection);

/// One request and its reply, both encoded. Throws if nothing listens or the server closes before the request
/// is sent.
std::string exchange(const std::string& socket, const std::string& request);

}  // namespace pump::tools
