// The outputs of a unit as a local compilation writes them, from the reply of a host.
//
// The object's debug information and the dependency rule name directories of the server; both are repaired in memory.
// An output that cannot be made equal to a local one is an error, and the unit is compiled here. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launcher/decide/decide.h"
#include "launcher/decide/fallback_reason.h"
#include "launcher/run/local_rule.h"
#include "pump/distcc/distccd_protocol.h"
#include "pump/os/error.h"

namespace pump::launcher {

struct RemoteOutputs {
  std::string messages;  ///< for stderr
  std::string output;    ///< for stdout
  std::string object_name, object;
  std::string rule_name, rule;  ///< empty: no dependency file
  std::optional<SideFile> scan;

  /// Writes the dependency file, then the object, each to a temporary file that is renamed. Error: one cannot be
  /// written, for example because its directory is missing; the object is then unchanged.
  [[nodiscard]] Status write() const;
};

/// Why a reply cannot be used.
struct UnusableReply {
  FallbackReason reason;
  Error error;
  bool compiler_never = false;  ///< the compiler records its command line: no unit with -g can be repaired
  bool here_only = false;       ///< because of this terminal or environment: the unit need not be set aside
};

/// `reply`: of a successful compilation. Its object is moved from. `sent`: UnitFiles::names. `shortened`: as for local_rule().
tl::expected<RemoteOutputs, UnusableReply> make_outputs(distcc::ReplyDecoder& reply, const Decision& decision,
                                                        const CommandContext& context,
                                                        const std::vector<std::string>& sent,
                                                        const ShortenedNames& shortened);

}  // namespace pump::launcher
