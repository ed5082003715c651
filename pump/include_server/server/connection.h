// The connection to one client: receives its request and sends its reply. Nothing blocks, except for
// receive_soon(). The destructor closes the connection. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pump/include_server/answer/request.h"
#include "pump/include_server/server/peer.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  /// Gone: the client has closed or reset the connection.
  enum class Progress : std::uint8_t { WouldBlock, Done, Gone };

  /// `fd`: a connected, non-blocking socket. `number`: in the EventSet, never used for another connection.
  Connection(os::UniqueFd fd, Peer peer, std::uint64_t number);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads the first part of a new client's request, usually all of it. The view is valid until this thread
  /// calls a method of any Connection; the next receive() of this one then decodes the same bytes. Empty:
  /// nothing has arrived, or the client is gone.
  std::string_view receive_first();
  /// Reads and decodes what has arrived. Done: the decoder does not need more.
  Progress receive();
  /// receive(), but waits up to `per_part` for each further part, up to `in_all` for all of them.
  Progress receive_soon(std::chrono::microseconds per_part, std::chrono::microseconds in_all);
  /// Sends as much as the socket takes. Done: the whole reply is sent.
  Progress send();
  void set_reply(Reply reply);
  [[nodiscard]] bool sending() const { return reply_.encoded != nullptr; }  ///< set_reply() was called

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const Peer& peer() const { return peer_; }
  [[nodiscard]] RequestDecoder& decoder() { return decoder_; }
  [[nodiscard]] Clock::time_point connected() const { return connected_; }
  [[nodiscard]] Clock::time_point last_progress() const { return last_progress_; }
  /// Bytes of memory that hold what the client has sent so far.
  [[nodiscard]] std::uint64_t bytes_held() const { return decoder_.received(); }

  bool in_event_set = false;      ///< added to the EventSet; false: not yet waited for
  std::string environment_block;  ///< environment_block_of() the client, or empty

 private:
  /// As send(2). The descriptor of the fragments goes with the first byte.
  [[nodiscard]] ssize_t send_rest() const;

  os::UniqueFd fd_;
  Peer peer_;
  std::uint64_t number_;
  RequestDecoder decoder_;
  std::size_t received_first_ = 0;  ///< bytes from receive_first() that are not decoded yet
  Reply reply_;
  std::size_t sent_ = 0;
  Clock::time_point connected_;
  Clock::time_point last_progress_;
};

}  // namespace pump::include_server
