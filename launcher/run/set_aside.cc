#include "launcher/run/set_aside.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/process.h"

namespace pump::launcher {
namespace {

/// With more entries the fault is not in single files: a server that fails everything is not remembered per
/// command.
constexpr std::size_t kMostEntries = 2000;
constexpr std::size_t kMostBytes = 4U << 20U;

/// "SECONDS.NANOSECONDS SIZE INODE", or "-" if there is no such file.
std::string stamp(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return "-";
  return os::format("{}.{:09} {} {}", info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_size, info.st_ino);
}

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// `line`: "STAMP\tPATH".
bool is_unchanged(std::string_view line) {
  const std::size_t tab = line.find('\t');
  return tab != std::string_view::npos && stamp(std::string(line.substr(tab + 1))) == line.substr(0, tab);
}

std::size_t count_entries(const std::string& directory) {
  std::size_t count = 0;
  DIR* const stream = ::opendir(directory.c_str());
  if (stream == nullptr) return 0;
  while (::readdir(stream) != nullptr) ++count;
  ::closedir(stream);
  return count;
}

}  // namespace

SetAside::SetAside(const std::string& session_directory, const std::string& cwd,
                   const std::vector<std::string>& words, std::string_view folder) {
  if (session_directory.empty()) return;
  directory_ = os::format("{}/{}", session_directory, folder);
  std::string command = cwd;
  for (const std::string& word : words) (command += '\0') += word;
  const XXH128_hash_t hash = XXH3_128bits(command.data(), command.size());
  file_ = os::format("{}/{:016x}{:016x}", directory_, hash.high64, hash.low64);
}

SetAside compiler_with_debug(const std::string& session_directory, const std::string& compiler) {
  return {session_directory, "", {compiler, "-g"}};
}

SetAside compiler_without_maps(const std::string& session_directory, const std::string& compiler) {
  return {session_directory, "", {compiler, "-ffile-prefix-map"}};
}

SetAside version_on_host(const std::string& session_directory, const std::string& compiler,
                         const std::string& host) {
  return {session_directory, "", {compiler, host}, "versions"};
}

bool SetAside::is_set() {
  // Usually there is no entry. access() is cheaper than the error of read_file().
  if (file_.empty() || ::access(file_.c_str(), F_OK) != 0) return false;
  const auto content = os::read_file(file_, kMostBytes);
  if (!content) return false;
  std::string_view rest = *content;
  const std::string_view until = next_line(rest);
  reason_ = next_line(rest);
  std::time_t end = 0;
  const auto [stopped, error] = std::from_chars(until.data(), until.data() + until.size(), end);
  bool valid = error == std::errc() && std::time(nullptr) < end;
  while (valid && !rest.empty()) valid = is_unchanged(next_line(rest));
  if (valid) return true;
  ::unlink(file_.c_str());
  return false;
}

Status SetAside::add(std::string_view reason, const std::vector<std::string>& inputs,
                     std::chrono::seconds time) const {
  if (file_.empty()) return {};
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
    return fail_errno("cannot create " + directory_);
  if (count_entries(directory_) > kMostEntries) return fail(directory_ + " is full");
  std::string line(reason.substr(0, reason.find('\n')));
  std::string content = os::format("{}\n{}\n", std::time(nullptr) + time.count(), line);
  for (const std::string& input : inputs)
    if (input.find('\n') == std::string::npos) content += os::format("{}\t{}\n", stamp(input), input);
  return os::write_file_atomically(file_, content);
}

void SetAside::add_for_compiler(std::string_view reason, const std::string& compiler,
                                const os::Environment& environment, std::chrono::seconds time) const {
  const auto program = os::find_program(compiler, environment.get_or("PATH", ""));
  if (program) (void)add(reason, {*program}, time);
}

}  // namespace pump::launcher
