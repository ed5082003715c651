// The protocol between a client and distccd, as bytes (distcc 3.4: src/rpc.c, clirpc.c, serve.c). No sockets here.
//
// Tokens are as in token.h. A job in pump mode (protocol 3):
//   DIST 00000003, CDIR <length> <cwd>, ARGC <n>, n × ARGV <length> <bytes>, NFIL <n>, then n × NAME <length>
//   <path> and FILE <length> <LZO1X bytes> or LINK <length> <target>.
// distccd makes the files below a directory of its own, to which it also redirects absolute targets. The directories
// above a file are made as needed. An empty FILE whose name ends with kDirectoryMarker makes just a directory.
//
// The reply: DONE <version>, STAT <wait status>, SERR, SOUT and DOTO, each <length> <LZO1X bytes>, length 0 if
// empty; and, in pump mode with status 0, DOTD, the dependency rule. With another status DOTO is empty and ends the
// reply. The uncompressed lengths are not sent. Then distccd closes the connection; without any reply, if it does not
// allow the compiler.
//
// A reply is untrusted: every length has a limit, decompression is checked, memory is taken only for bytes that have
// arrived, and what follows the reply is an error. Any thread; a decoder belongs to one connection.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/distcc/token.h"
#include "pump/os/error.h"

namespace pump::distcc {

/// The part of a pump-mode request before the first file.
std::string encode_job(std::string_view cwd, const std::vector<std::string>& argv, std::size_t files);
/// The part of a file before its bytes, which are LZO1X-compressed; `bytes`: their number.
std::string encode_file_header(std::string_view name, std::size_t bytes);
std::string encode_link(std::string_view name, std::string_view target);

/// A path in the include server's mirror without its root, the first three components: "/p/a.h.lzo". Copies end in
/// ".lzo", or in ".lzo.abs" if they begin with a #line; links and directories have no suffix. Nothing if the path has no
/// more than three components.
std::optional<std::string_view> name_in_mirror(std::string_view mirror_path);
/// "/p/a.h" for "/p/a.h.lzo" and "/p/a.h.lzo.abs".
std::string_view without_copy_suffix(std::string_view name);
inline constexpr std::string_view kCopySuffix = ".lzo", kLineCopySuffix = ".lzo.abs";
/// The name to send for a path in the include server's mirror: without the first three components, ".abs" and then
/// ".lzo" (distcc's dcc_get_original_fname). Nothing if the path has no more than three components.
std::optional<std::string_view> name_on_server(std::string_view mirror_path);
/// The last component of a path in the mirror that only makes its directory.
inline constexpr std::string_view kDirectoryMarker = "/forcing_technique_271828";

/// Limits, in bytes after decompression.
inline constexpr std::size_t kMostMessages = 64U << 20U;
inline constexpr std::size_t kMostObject = 2U << 30U;
inline constexpr std::size_t kMostRule = 64U << 20U;

class ReplyDecoder {
 public:
  enum class State : std::uint8_t { NeedsMore, Complete, Malformed };

  /// Adds the next bytes. Decompresses each part when it is complete.
  State feed(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool started() const { return received_ != 0; }       ///< at least one byte has arrived
  [[nodiscard]] std::uint64_t received() const { return received_; }  ///< bytes
  /// If Malformed: one clause.
  [[nodiscard]] const std::string& error() const { return error_; }

  // If Complete; before that, the parts that have arrived.
  [[nodiscard]] int wait_status() const { return wait_status_; }           ///< as from waitpid()
  [[nodiscard]] const std::string& messages() const { return messages_; }  ///< the compiler's stderr
  [[nodiscard]] const std::string& output() const { return output_; }      ///< its stdout
  /// True if the reply ends, at the latest, with an object of no bytes. So distccd ends the connection if the compiler
  /// succeeded without making an object, and so without dependencies.
  [[nodiscard]] bool lacks_object() const {
    const bool between = token_size_ == 0 && body_ == 0;
    return between && (part_ == Part::Object || (part_ == Part::Dependencies && object_.empty()));
  }
  std::string& object() { return object_; }
  std::string& dependencies() { return dependencies_; }
  /// True if the reply has a DOTD. A failed compilation has none.
  [[nodiscard]] bool has_dependencies() const { return has_dependencies_; }

 private:
  /// The tokens of a reply, in their order.
  enum class Part : std::uint8_t { Version, Status, Messages, Output, Object, Dependencies, End };

  State take(std::string_view bytes);
  State fail(std::string error);
  State take_token_bytes(std::string_view& bytes);
  State take_token();
  State take_body_bytes(std::string_view& bytes);
  State finish_body(std::string_view packed);
  State next_part();
  std::string& target();
  [[nodiscard]] std::size_t most() const;

  State state_ = State::NeedsMore;
  Part part_ = Part::Version;
  std::array<char, kToken> token_{};
  std::size_t token_size_ = 0;  ///< bytes of the token that have arrived
  std::uint32_t body_ = 0;      ///< bytes of the part, compressed; 0 while a token is due
  std::string packed_;          ///< those that have arrived
  std::uint64_t received_ = 0;

  std::string error_;
  int wait_status_ = 0;
  std::string messages_, output_, object_, dependencies_;
  bool has_dependencies_ = false;
};

}  // namespace pump::distcc
