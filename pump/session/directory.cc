#include <sys/un.h>
#include <unistd.h>

#include "pump/os/format.h"
#include "pump/session/key.h"
#include "pump/session/private_directory.h"
#include "pump/session/session.h"

namespace pump::session {
namespace {

constexpr std::string_view kLongestSocketName = "/scheduler";

bool fits_a_socket(const std::string& directory) {
  return directory.size() + kLongestSocketName.size() < sizeof(sockaddr_un{}.sun_path) - 1;
}

/// Makes the session's directory below `runtime`, and verifies both.
Expected<std::string> make_session_directory(const std::string& runtime, const std::string& key) {
  PUMP_CHECK(make_directories(runtime, Privacy::kUnwritable));
  std::string path = runtime + "/" + key;
  PUMP_CHECK(make_directory(path, Privacy::kPrivate));
  return path;
}

}  // namespace

Expected<Directory> Directory::open(const Settings& settings) {
  const std::string key = session_key(settings);
  if (fits_a_socket(settings.runtime_directory + "/" + key)) {
    PUMP_TRY(std::string path, make_session_directory(settings.runtime_directory, key));
    return Directory(std::move(path));
  }
  // Sessions of different long runtime directories must differ below the short one, so its path is in the
  // key.
  const std::string short_runtime = os::format("/tmp/distcc-pump-{}", ::geteuid());
  PUMP_TRY(std::string path,
           make_session_directory(short_runtime, session_key(settings, settings.runtime_directory)));
  return Directory(std::move(path));
}

Expected<Directory> Directory::at(const std::string& path) {
  if (!path.starts_with('/'))
    return fail("a session's directory must be an absolute path, not '" + path + "'", EINVAL);
  PUMP_CHECK(verify_directory(path, Privacy::kPrivate));
  if (!fits_a_socket(path)) return fail(path + " is too long for a socket", ENAMETOOLONG);
  return Directory(path);
}

}  // namespace pump::session
