// The mirror in use. It is replaced when another process has removed it or something in it, for example a
// cleaner of /tmp. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "pump/include_server/answer/copies.h"
#include "pump/include_server/answer/request.h"

namespace pump::include_server {

class CurrentMirror {
 public:
  /// `client_tmp`: as for Mirror::create. `replaced` is called when a new mirror is made; it must not call
  /// this object.
  CurrentMirror(std::string client_tmp, std::function<void()> replaced);

  /// The mirror, or a new one if it is not intact. Its epoch is 1 for the first mirror, 2 for the second … Error: no mirror
  /// can be made.
  Expected<Copies> get();
  [[nodiscard]] std::string root() const;     ///< empty before the first get()
  [[nodiscard]] std::uint64_t bytes() const;  ///< on disk

  /// The reply to a request that failed because the mirror could not be made or written. Logged once, until
  /// note_success().
  Reply refuse(const Error& error);
  void note_success();

 private:
  const std::string client_tmp_;
  const std::function<void()> replaced_;
  mutable std::mutex mutex_;  ///< `in_use_`; held while a mirror is made
  Copies in_use_;
  std::atomic<bool> failing_{false};
};

}  // namespace pump::include_server
