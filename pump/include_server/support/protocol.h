// The wire between the distcc client and the include server, as bytes: no sockets here.
//
// A token is 4 ASCII letters and 8 lower-case hexadecimal digits (distcc 3.4, src/rpc.c). One request per
// connection:
//   CDIR <length> <bytes>   the client's working directory; left out by a client that has none (getcwd
//   failed) ARGC <count>, then count times  ARGV <length> <bytes>
// and one reply:
//   ARGC <count>, then count times  ARGV <length> <path>;  count 0: "cannot answer, preprocess locally"
// Ours in addition: a request that is the single token STAT00000000 is answered with one JSON object as plain
// text, ended by the end of the stream (server.h names its members). A distcc client never sends it.
//
// Strings are bytes without NUL; nothing assumes UTF-8. Any thread; a decoder belongs to one connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pump::include_server {

/// Bounds on what a client may make us keep. Linux refuses longer paths (PATH_MAX), longer single arguments
/// (MAX_ARG_STRLEN is 128 KiB; response files may be expanded by a launcher, hence the room above) and more
/// arguments in all (ARG_MAX is 2 MiB with the usual 8 MiB stack), so no real command line comes near them.
inline constexpr std::uint32_t kMaxDirectory = 4096;
inline constexpr std::uint32_t kMaxArguments = 100'000;
inline constexpr std::uint32_t kMaxArgument = 1U << 20U;
inline constexpr std::uint32_t kMaxRequest = 8U << 20U;

enum class ProtocolError : std::uint8_t {
  None,
  BadToken,   ///< not one of the four names above, or not the one due
  BadNumber,  ///< eight characters that are no lower-case hexadecimal number
  DirectoryTooLong,
  TooManyArguments,
  ArgumentTooLong,
  RequestTooLong,
  EmbeddedNul,
  TrailingBytes,  ///< more than one request
};
const char* describe(ProtocolError error);

/// Takes a request in pieces of any size, as they arrive.
class RequestDecoder {
 public:
  enum class State : std::uint8_t { NeedsMore, Complete, StatusRequest, Malformed };

  /// Takes the next bytes. After anything but NeedsMore, further bytes are an error of the client's.
  State feed(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] ProtocolError error() const { return error_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  /// Complete only. `has_directory` is false for a client that sent no CDIR.
  [[nodiscard]] bool has_directory() const { return has_directory_; }
  [[nodiscard]] std::string& directory() { return directory_; }
  [[nodiscard]] std::vector<std::string>& arguments() { return arguments_; }

 private:
  enum class Due : std::uint8_t { FirstToken, Directory, Count, ArgumentToken, Argument };

  State fail(ProtocolError error);
  void take_whole_arguments(std::string_view& bytes);
  State take_token(std::string_view token);
  State take_string_bytes(std::string& target, std::string_view& bytes);
  State finish_if_all_there();

  State state_ = State::NeedsMore;
  Due due_ = Due::FirstToken;
  ProtocolError error_ = ProtocolError::None;
  std::string token_;            ///< the part of a token that has arrived
  std::uint32_t remaining_ = 0;  ///< bytes of the current string still to come
  std::uint32_t arguments_due_ = 0;
  std::uint64_t received_ = 0;
  bool has_directory_ = false;
  std::string directory_;
  std::vector<std::string> arguments_;
};

/// "NAME" and the number, 12 characters, appended to `out`.
void append_token(std::string& out, std::string_view name, std::uint32_t number);
/// A whole reply.
std::string encode_reply(const std::vector<std::string>& paths);
/// The reply that means "preprocess locally".
inline constexpr std::string_view kCannotAnswer = "ARGC00000000";
inline constexpr std::string_view kStatusRequest = "STAT00000000";
/// A whole request: what a client sends. For tools and tests.
std::string encode_request(std::string_view directory, const std::vector<std::string>& arguments);

}  // namespace pump::include_server
