// The owner is marked by a lock, not by a pid: the kernel frees the lock however pump ends, and a reused pid
// cannot keep a leftover. builds/lock serialises creation and removal, so that a new directory is not removed
// before its owner has locked it. Rejected: a directory in TMPDIR for each build (it leaks if pump is killed,
// and TMPDIR is often too long for a socket's path).
#include "pump/cli/build_directory.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "pump/os/file_io.h"
#include "pump/os/file_lock.h"

namespace pump::cli {

using os::FileLock;
using os::LockMode;

namespace {

constexpr char kRecordName[] = "/startup";
constexpr char kOwnerName[] = "/owner.lock";
/// distcc needs room for the terminating NUL and one more byte.
constexpr std::size_t kSocketPathLimit = sizeof(sockaddr_un::sun_path) - 2;

/// builds/ of the session; if its socket paths would be too long, builds/ of the same session below /tmp.
Expected<std::string> builds_directory(const session::Directory& session, session::Settings settings) {
  std::string path = session.path() + "/builds";
  if (path.size() + std::string_view("/XXXXXX/socket").size() > kSocketPathLimit) {
    settings.runtime_directory = "/tmp/distcc-pump-" + std::to_string(::geteuid());
    PUMP_TRY(const session::Directory shorter, session::Directory::open(settings));
    path = shorter.path() + "/builds";
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("cannot make " + path);
  return path;
}

std::vector<std::string> entries(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
  if (!stream) return names;
  while (const dirent* entry = ::readdir(stream.get()))
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  return names;
}

bool owned_by_process(const std::string& path) {
  const std::string name = path + kOwnerName;
  if (::access(name.c_str(), F_OK) != 0) return false;  // only partly made or partly removed
  const auto holder = os::observe_lock(name);
  return !holder || holder->has_value();  // without working locks the directory may be in use, so it stays
}

bool owned_by_pin(const std::string& path) {
  const auto record = read_startup_record(path);
  if (!record) return false;
  return ::access((record->session_directory + "/pins/" + record->pin).c_str(), F_OK) == 0;
}

void remove_leftovers(const std::string& builds) {
  for (const std::string& name : entries(builds)) {
    const std::string path = builds + "/" + name;
    if (!owned_by_process(path) && !owned_by_pin(path)) static_cast<void>(os::remove_tree(path));
  }
}

Expected<std::string> make_directory(const std::string& builds, const std::string& socket) {
  std::string path = builds + "/XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return fail_errno("cannot make a directory in " + builds);
  if (::symlink(socket.c_str(), (path + "/socket").c_str()) != 0)
    return fail_errno("cannot link " + path + "/socket");
  return path;
}

/// Null if the file system has no locks, or the lock was not free within `patience`.
std::unique_ptr<FileLock> take_lock(const std::string& path, std::chrono::milliseconds patience) {
  auto file = FileLock::open(path);
  if (!file || !(*file)->lock(LockMode::kExclusive, patience)) return nullptr;
  return *std::move(file);
}

}  // namespace

BuildDirectory::BuildDirectory(std::string path, std::unique_ptr<FileLock> owner)
    : path_(std::move(path)), owner_(std::move(owner)) {}
BuildDirectory::BuildDirectory(BuildDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})), owner_(std::move(other.owner_)), kept_(other.kept_) {}
BuildDirectory::~BuildDirectory() {
  if (!path_.empty() && !kept_) static_cast<void>(os::remove_tree(path_));
}

Expected<BuildDirectory> BuildDirectory::create(const session::Directory& session,
                                                const session::Settings& settings) {
  constexpr std::chrono::seconds kPatience(5);
  PUMP_TRY(const std::string builds, builds_directory(session, settings));
  // Without the lock, leftovers stay. The process that has it may then remove our new directory before we
  // lock it.
  const std::unique_ptr<FileLock> serialised = take_lock(builds + "/lock", kPatience);
  if (serialised) remove_leftovers(builds);
  PUMP_TRY(std::string path, make_directory(builds, session.socket()));
  std::unique_ptr<FileLock> owner = take_lock(path + kOwnerName, kPatience);
  return BuildDirectory(std::move(path), std::move(owner));
}

// The record is two NUL-terminated strings: a path may hold any other byte, including newlines.
Status BuildDirectory::leave_to(const StartupRecord& record) {
  std::string text = record.session_directory;
  text.append(1, '\0').append(record.pin).append(1, '\0');
  PUMP_CHECK(os::write_file_atomically(path_ + kRecordName, text));
  owner_.reset();
  kept_ = true;
  return {};
}

Expected<StartupRecord> read_startup_record(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return fail_errno("cannot look at " + path);
  if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
    return fail(path + " is not a directory of this user", EPERM);
  if (::access((path + kRecordName).c_str(), F_OK) != 0)
    return fail(path + " was not made by `pump --startup`", EINVAL);
  PUMP_TRY(const std::string text, os::read_file(path + kRecordName, 1U << 16U));
  const std::size_t first = text.find('\0');
  if (first == std::string::npos || text.find('\0', first + 1) != text.size() - 1)
    return fail(path + kRecordName + " is damaged; remove the directory", EINVAL);
  return StartupRecord{text.substr(0, first), text.substr(first + 1, text.size() - first - 2)};
}

std::uint64_t discrepancies(const std::string& path) {
  struct stat info {};
  if (::stat((path + "/discrepancy_counter").c_str(), &info) != 0) return 0;
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace pump::cli
