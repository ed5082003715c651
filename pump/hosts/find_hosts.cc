#include "pump/hosts/find_hosts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/interprocess/sync/file_lock.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <ctime>
#include <optional>

#include "pump/hosts/lsdistcc.h"
#include "pump/os/file_io.h"
#include "pump/os/shell_quote.h"
#include "pump/os/text.h"

namespace pump::hosts {
namespace {

constexpr char kConfigName[] = "/distcc-pump.conf";
constexpr std::time_t kCacheSeconds = 60;         // lifetime of lsdistcc's output in the cache
constexpr std::time_t kNoHostsCacheSeconds = 10;  // lifetime if no host answered: they may be booting
constexpr std::chrono::seconds kLsdistccPatience(30);

tl::unexpected<Error> nothing_configured() {
  return fail(
      "no hosts: set DISTCC_HOSTS (HOST[:PORT]/JOBS,cpp,lzo …), put DISTCC_HOSTS=… into distcc-pump.conf "
      "beside CMakeCache.txt, set DISTCC_POTENTIAL_HOSTS, or write ~/.distcc/hosts",
      ENOENT);
}

Expected<FoundHosts> parsed(std::string_view text, Source source, const std::string& where) {
  auto list = distcc::parse_hosts(text);
  if (!list) return fail(where + ": " + list.error().message);
  if (list->hosts.empty() && !list->zeroconf) return fail(where + " names no host", ENOENT);
  return FoundHosts{*std::move(list), source, where};
}

bool is_us_or_root(uid_t user) {
  return user == ::geteuid() || user == 0;
}

/// True for a file of this user or root. If the name is a link, that must belong to one of them, too: another user's
/// link may lead to any file of ours.
bool owned_by_us_or_root(const std::string& path) {
  struct stat link {
  }, file{};
  return ::lstat(path.c_str(), &link) == 0 && is_us_or_root(link.st_uid) &&
         ::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && is_us_or_root(file.st_uid);
}

/// The nearest distcc-pump.conf beside a CMakeCache.txt, from `cwd` upward, that this user can read and that
/// belongs to this user or root. Nothing if there is none.
std::optional<std::string> find_config(std::string_view cwd) {
  while (!cwd.empty()) {
    std::string path = std::string(cwd) + kConfigName;
    if (::access(path.c_str(), R_OK) == 0 &&
        ::access((std::string(cwd) + "/CMakeCache.txt").c_str(), F_OK) == 0 && owned_by_us_or_root(path))
      return path;
    cwd = cwd.substr(0, cwd.rfind('/'));
  }
  return std::nullopt;
}

/// The NAME=VALUE lines of the file.
Expected<os::Environment> read_config(const std::string& path) {
  constexpr std::size_t kLimit = 1U << 20U;
  PUMP_TRY(const std::string text, os::read_file(path, kLimit));
  os::Environment values;
  os::for_each_line(text, [&](std::string_view line) {
    line = os::trim_blanks(line);
    const std::size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || equals == std::string_view::npos) return;
    values.set(os::trim_blanks(line.substr(0, equals)), os::trim_blanks(line.substr(equals + 1)));
  });
  return values;
}

/// The cached value of DISTCC_HOSTS. The first line of the cache is its key, the second the value. Nothing if
/// the key differs or the value is too old.
std::optional<std::string> read_cache(const std::string& path, const std::string& key) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  const auto text = os::read_file(path, 1U << 20U);
  if (!text || !text->starts_with(key)) return std::nullopt;
  std::string value = text->substr(key.size());
  const std::time_t age = std::time(nullptr) - info.st_mtime;
  // hosts_value() begins with --randomize if at least one host answered.
  const std::time_t lifetime = value.starts_with("--randomize") ? kCacheSeconds : kNoHostsCacheSeconds;
  if (age < 0 || age > lifetime) return std::nullopt;
  return value;
}

Expected<std::string> run_lsdistcc(const os::Environment& environment, const std::string& program) {
  PUMP_TRY(Lsdistcc lsdistcc, Lsdistcc::start(environment, program));
  PUMP_TRY(const std::vector<std::string> lines, lsdistcc.finish(kLsdistccPatience));
  return hosts_value(lines, ",cpp,lzo");
}

/// The output of lsdistcc as a value of DISTCC_HOSTS, from the cache if possible. A lock lets one process run
/// lsdistcc while the others wait: a hundred launchers that start together must not probe the hosts a hundred
/// times.
Expected<std::string> cached_lsdistcc(const os::Environment& environment, const FindHostsOptions& options) {
  namespace ipc = boost::interprocess;
  PUMP_TRY(const std::string program, find_lsdistcc(environment, options.distcc_directory));
  if (options.session_directory.empty()) return run_lsdistcc(environment, program);
  const std::string key = os::shell_quote(program) + " " +
                          os::shell_quote(environment.get_or("LSDISTCC_ARGS", "")) + " " +
                          os::shell_quote(environment.get_or("DISTCC_POTENTIAL_HOSTS", "")) + "\n";
  const std::string path = options.session_directory + "/lsdistcc";
  if (auto cached = read_cache(path, key)) return *std::move(cached);

  const std::string lock_path = path + ".lock";
  const os::UniqueFd created(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!created) return run_lsdistcc(environment, program);
  try {
    ipc::file_lock lock(lock_path.c_str());
    const ipc::scoped_lock<ipc::file_lock> held(lock);
    if (auto cached = read_cache(path, key)) return *std::move(cached);
    PUMP_TRY(const std::string value, run_lsdistcc(environment, program));
    static_cast<void>(os::write_file_atomically(path, key + value));
    return value;
  } catch (const ipc::interprocess_exception&) {
    return run_lsdistcc(environment, program);  // this file system has no locks
  }
}

Expected<FoundHosts> from_lsdistcc(const os::Environment& environment, const FindHostsOptions& options) {
  PUMP_TRY(const std::string value, cached_lsdistcc(environment, options));
  return parsed(value, Source::Lsdistcc, "lsdistcc");
}

Expected<FoundHosts> from_config(const std::string& path, const os::Environment& environment,
                                 const FindHostsOptions& options) {
  PUMP_TRY(const os::Environment values, read_config(path));
  if (values.has("DISTCC_HOSTS")) return parsed(values.get_or("DISTCC_HOSTS", ""), Source::ConfigFile, path);
  if (!values.has("DISTCC_POTENTIAL_HOSTS")) return nothing_configured();
  os::Environment merged = environment;
  for (const char* name : {"DISTCC_POTENTIAL_HOSTS", "LSDISTCC_ARGS"})
    if (const auto value = values.get(name)) merged.set(name, *value);
  return from_lsdistcc(merged, options);
}

/// Reads $DISTCC_DIR/hosts, or ~/.distcc/hosts if DISTCC_DIR is unset; if that is not readable,
/// /etc/distcc/hosts, as distcc does.
Expected<FoundHosts> from_hosts_files(const os::Environment& environment) {
  std::vector<std::string> paths;
  if (const auto top = environment.get("DISTCC_DIR"))
    paths.push_back(std::string(*top) + "/hosts");
  else if (const auto home = environment.get("HOME"))
    paths.push_back(std::string(*home) + "/.distcc/hosts");
  paths.emplace_back("/etc/distcc/hosts");
  for (const std::string& path : paths) {
    if (::access(path.c_str(), R_OK) != 0) continue;
    PUMP_TRY(const std::string text, os::read_file(path, 1U << 24U));
    return parsed(text, Source::HostsFile, path);
  }
  return nothing_configured();
}

}  // namespace

Expected<FoundHosts> find_hosts(const os::Environment& environment, const FindHostsOptions& options) {
  if (environment.has("DISTCC_HOSTS"))
    return parsed(environment.get_or("DISTCC_HOSTS", ""), Source::Environment, "$DISTCC_HOSTS");
  if (const auto config = find_config(options.cwd)) {
    // ENOENT: the file names no host, or lsdistcc is missing. The next source counts.
    auto found = from_config(*config, environment, options);
    if (found || found.error().code != ENOENT) return found;
  }
  if (environment.has("DISTCC_POTENTIAL_HOSTS")) return from_lsdistcc(environment, options);
  return from_hosts_files(environment);
}

}  // namespace pump::hosts
