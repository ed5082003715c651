// One client, and the room where clients wait that nobody works for at the moment.
//
// A Connection belongs to one thread or to the waiting room, never to both. Epoll knows it by number only, so
// an event for a connection that was dropped meanwhile finds nothing instead of freed memory.
#pragma once

#include <tsl/robin_map.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pump/include_server/server/peer.h"
#include "pump/include_server/support/protocol.h"
#include "pump/os/unique_fd.h"

namespace pump::include_server {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Progress : std::uint8_t { WouldBlock, Done, Gone };

  Connection(os::UniqueFd fd, Peer peer, std::uint64_t number);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads the first part of a new client's request, usually all of it. The view is valid until this thread calls a
  /// method of any Connection; receive() then decodes the same bytes. Empty: nothing has arrived, or the client is gone.
  std::string_view receive_first();
  /// Reads and decodes what has arrived. Done: the decoder has left NeedsMore. Gone: closed or
  /// reset before that.
  Progress receive();
  /// receive(), waiting up to `per_part` for each further part, up to `in_all` for all of them.
  Progress receive_soon(std::chrono::microseconds per_part, std::chrono::microseconds in_all);
  /// Sends what fits. Done: all of the reply is sent.
  Progress send();
  void set_reply(std::shared_ptr<const std::string> reply);
  [[nodiscard]] bool sending() const { return reply_ != nullptr; }

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const Peer& peer() const { return peer_; }
  [[nodiscard]] RequestDecoder& decoder() { return decoder_; }
  [[nodiscard]] Clock::time_point connected() const { return connected_; }
  [[nodiscard]] Clock::time_point last_progress() const { return last_progress_; }
  /// Memory held for the client: what it has sent so far.
  [[nodiscard]] std::uint64_t held() const { return decoder_.received(); }

  bool registered = false;  ///< with epoll: re-arm rather than add
  std::string environment;  ///< environment_block_of() the client, where it was read ahead

 private:
  os::UniqueFd fd_;
  Peer peer_;
  std::uint64_t number_;
  RequestDecoder decoder_;
  std::size_t received_first_ = 0;  ///< bytes in the thread's buffer that the decoder has not had yet
  std::shared_ptr<const std::string> reply_;
  std::size_t sent_ = 0;
  Clock::time_point connected_;
  Clock::time_point last_progress_;
};

/// Any thread.
class WaitingRoom {
 public:
  /// `announce`: what makes others come for it. Called while nobody can take the connection yet: once it is
  /// closed, its descriptor's number may be another one's. False: it is dropped.
  void put(std::unique_ptr<Connection> connection, const std::function<bool()>& announce = {});
  /// nullptr where it is not (or no longer) here.
  std::unique_ptr<Connection> take(std::uint64_t number);
  /// The one without progress for longest, if that is longer than `at_least`.
  std::unique_ptr<Connection> take_longest(std::chrono::milliseconds at_least);
  /// All without progress for longer than `idle`, or connected for longer than `total`.
  std::vector<std::unique_ptr<Connection>> take_overdue(std::chrono::milliseconds idle,
                                                        std::chrono::milliseconds total);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::uint64_t held() const;

 private:
  using Queue = std::list<std::unique_ptr<Connection>>;
  std::unique_ptr<Connection> remove(Queue::iterator place);

  mutable std::mutex mutex_;
  Queue queue_;  // longest without progress first
  tsl::robin_map<std::uint64_t, Queue::iterator> places_;
  std::uint64_t held_ = 0;
};

}  // namespace pump::include_server
