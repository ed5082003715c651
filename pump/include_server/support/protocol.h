// The protocol between the distcc client and the include server, as bytes. No sockets here.
//
// Tokens are as in pump/distcc/token.h. A connection carries one request:
//   CDIR <length> <bytes>   the client's working directory; missing if its getcwd failed
//   ARGC <count>, then count times  ARGV <length> <bytes>
// and one reply:
//   ARGC <count>, then count times  ARGV <length> <path>
// A count of 0 means: cannot answer, preprocess locally.
//
// Additions of this project, which distcc never sends:
//   - The request STAT00000000 is answered with one JSON object as plain text, until the end of the stream
//     (server/status.h lists its members).
//   - FRAG00000001 before a request asks for fragments instead of paths (pump/distcc/fragments.h has the reply).
//   - PRED00000001 before a request asks which files the compiler reads (pump/distcc/prediction.h has the reply).
//
// Strings are bytes without NUL; UTF-8 is not assumed. Any thread; a decoder belongs to one connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pump/distcc/fragments.h"
#include "pump/distcc/prediction.h"
#include "pump/distcc/token.h"

namespace pump::include_server {

/// Limits on what a client can make the server store, in bytes and arguments. No real command line reaches
/// them: Linux refuses longer paths (PATH_MAX), single arguments above 128 KiB (MAX_ARG_STRLEN; a launcher
/// may expand response files, hence the higher limit), and more than 2 MiB in all (ARG_MAX with the usual 8
/// MiB stack).
inline constexpr std::uint32_t kMaxDirectory = 4096;
inline constexpr std::uint32_t kMaxArguments = 100'000;
inline constexpr std::uint32_t kMaxArgument = 1U << 20U;
inline constexpr std::uint32_t kMaxRequest = 8U << 20U;

enum class ProtocolError : std::uint8_t {
  None,
  BadToken,   ///< not one of the names above, or not the expected one
  BadNumber,  ///< not eight lower-case hexadecimal digits
  DirectoryTooLong,
  TooManyArguments,
  ArgumentTooLong,
  RequestTooLong,
  EmbeddedNul,
  TrailingBytes,  ///< bytes after the request
};
/// One clause for the log.
const char* describe(ProtocolError error);

/// Decodes a request from pieces of any size, as they arrive.
class RequestDecoder {
 public:
  enum class State : std::uint8_t { NeedsMore, Complete, StatusRequest, Malformed };

  /// Adds the next bytes. Further bytes after the end of a request make it Malformed.
  State feed(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] ProtocolError error() const { return error_; }
  /// Bytes.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  /// If Complete: the client asks for fragments.
  [[nodiscard]] bool wants_fragments() const { return wants_fragments_; }
  /// If Complete: the client asks for predicted files.
  [[nodiscard]] bool wants_predicted_files() const { return wants_predicted_files_; }
  /// If Complete. has_directory() is false if the client sent no CDIR.
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
  std::uint32_t remaining_ = 0;  ///< bytes of the current string that have not arrived
  std::uint32_t arguments_due_ = 0;
  std::uint64_t received_ = 0;
  bool wants_fragments_ = false;
  bool wants_predicted_files_ = false;
  bool has_directory_ = false;
  std::string directory_;
  std::vector<std::string> arguments_;
};

using distcc::append_token;
/// A whole reply; `paths` empty: cannot answer.
std::string encode_reply(const std::vector<std::string>& paths);
/// The reply "cannot answer, preprocess locally".
inline constexpr std::string_view kCannotAnswer = "ARGC00000000";
inline constexpr std::string_view kStatusRequest = "STAT00000000";
/// A whole request, as a client sends it.
std::string encode_request(std::string_view directory, const std::vector<std::string>& arguments);

}  // namespace pump::include_server
