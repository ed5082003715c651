// From request to reply: command line -> unit -> closure -> mirror -> paths. One Answerer per server; any
// thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/support/options.h"
#include "pump/os/environment.h"

namespace pump::include_server {

struct Request {
  std::string cwd;
  std::vector<std::string> argv;
  os::Environment environment;  ///< the client's
  /// The client's as /proc/PID/environ has it; where not empty it replaces `environment`, and is parsed only
  /// if needed.
  std::string environment_block;
  pid_t process = 0;  ///< the client's, for the log; 0: not known
};

struct Reply {
  std::shared_ptr<const std::string> encoded;  ///< ready to send: ARGC and the ARGVs
  std::size_t entries = 0;
  GiveUp give_up = GiveUp::None;
  std::string detail;
  bool from_cache = false;
  bool first_root = true;  ///< no entry is in another root of the mirror
};

struct AnswerStatistics {
  std::uint64_t requests = 0, from_cache = 0, gave_up = 0, approximate = 0, steps = 0, entries = 0;
};

class Answerer {
 public:
  static Expected<std::unique_ptr<Answerer>> create(const Options& options);
  ~Answerer();
  Reply answer(const Request& request);
  /// The reply to a request that came before, byte for byte (protocol.h), if it is in force: nothing has to
  /// be decoded then. nullptr: answer() must tell, as where somebody wants to read about it in the log.
  std::shared_ptr<const std::string> ready_reply(std::string_view encoded,
                                                 std::string_view environment_block);
  [[nodiscard]] AnswerStatistics statistics() const;
  [[nodiscard]] std::string mirror_root() const;
  [[nodiscard]] std::uint64_t mirror_bytes() const;

 private:
  struct Impl;
  explicit Answerer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pump::include_server
