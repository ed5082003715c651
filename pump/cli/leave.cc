#include "pump/cli/leave.h"

#include <fmt/format.h>

#include <cerrno>

namespace pump::cli {

void leave(Build build, const Messages& messages) {
  if (!build.membership) return;
  report_discrepancies(build.membership->directory.path());
  const session::Directory directory = build.membership->client.directory();
  const std::chrono::milliseconds linger = build.membership->settings.linger;
  build.membership.reset();
  tell_end(directory, linger.count() == 0, linger, messages);
}

void tell_end(const session::Directory& directory, bool at_once, std::chrono::milliseconds linger,
              const Messages& messages) {
  constexpr std::chrono::seconds kPatience(10);
  const auto seen = session::inspect(directory);
  const std::uint64_t others = seen ? seen->clients + seen->pins : 0;
  if (others > 0) {
    messages.progress(
        fmt::format("Left the include server to {} other client{}", others, others == 1 ? "" : "s"));
  } else if (!at_once) {
    messages.progress(fmt::format("Left the include server; it shuts down in {} s unless it is needed again",
                                  std::chrono::duration_cast<std::chrono::seconds>(linger).count()));
  } else if (const Status retired = session::retire_if_idle(directory, kPatience); retired) {
    messages.progress("Shut down the include server");
  } else if (retired.error().code == EBUSY) {
    messages.progress("Left the include server to another build that has just joined");
  } else {
    Messages::warning("the include server has not shut down: " + retired.error().message);
  }
}

}  // namespace pump::cli
