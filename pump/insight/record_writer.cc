// The launcher's half of the records: no JSON library, no allocation to speak of, one append.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "pump/insight/records.h"
#include "pump/os/file_io.h"
#include "pump/os/file_lock.h"
#include "pump/os/unique_fd.h"

namespace pump::insight {
namespace {

/// Less than what one write appends in one piece; names beyond it are cut.
constexpr std::size_t kMostLine = 4000;
constexpr std::size_t kMostName = 1000;
constexpr std::size_t kMostText = 300;

std::string file_in(const std::string& directory) {
  return directory + "/records.jsonl";
}

/// `text` as a JSON string, at most `limit` bytes of it. Bytes that are no UTF-8 stay; the reader replaces
/// them.
void put_string(std::string& line, std::string_view key, std::string_view text, std::size_t limit) {
  if (text.empty()) return;
  fmt::format_to(std::back_inserter(line), ",\"{}\":\"", key);
  for (const char c : text.substr(0, limit)) {
    if (c == '"' || c == '\\')
      (line += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20)
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned char>(c));
    else
      line += c;
  }
  line += '"';
}

/// Seconds with three decimals, by way of a whole number: the formatting of fractions is code that nothing
/// else in the launcher needs.
void put_seconds(std::string& line, std::string_view key, double seconds) {
  const auto milliseconds = std::max<std::int64_t>(std::llround(seconds * 1000), 0);
  fmt::format_to(std::back_inserter(line), ",\"{}\":{}.{:03}", key, milliseconds / 1000, milliseconds % 1000);
}

std::string to_line(const Record& record, std::size_t most_name) {
  std::string line = "{\"v\":1";
  put_seconds(line, "time", record.time);
  put_string(line, "outcome", name(record.outcome), kMostText);
  if (record.seconds) put_seconds(line, "seconds", *record.seconds);
  put_string(line, "source", record.source, most_name);
  put_string(line, "object", record.object, most_name);
  put_string(line, "directory", record.directory, most_name);
  put_string(line, "host", record.host, kMostText);
  put_string(line, "session", record.session, kMostText);
  put_string(line, "reason", record.reason, kMostText);
  put_string(line, "text", record.text, kMostText);
  put_string(line, "detail", record.detail, kMostText);
  put_string(line, "remedy", record.remedy, kMostText);
  return line + "}\n";
}

/// Opens for appending; the directory is made where it is missing and must be ours: with a HOME kept by sudo,
/// root would leave files that their owner cannot write.
Expected<os::UniqueFd> open_records(const std::string& directory, const std::string& file) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) {
    for (std::size_t slash = directory.find('/', 1); slash != std::string::npos;
         slash = directory.find('/', slash + 1))
      (void)::mkdir(directory.substr(0, slash).c_str(), 0700);
    (void)::mkdir(directory.c_str(), 0700);
    if (::stat(directory.c_str(), &info) != 0) return fail_errno("cannot create " + directory);
  }
  if (info.st_uid != ::geteuid()) return fail(directory + " belongs to somebody else", EPERM);
  os::UniqueFd fd(::open(file.c_str(), kFlags, 0600));
  if (!fd) return fail_errno("cannot open " + file);
  return fd;
}

/// One of the launchers that find the file full renames it; the lock goes with a crash.
void rotate(const std::string& directory, const std::string& file, const struct stat& full) {
  auto lock = os::FileLock::open(directory + "/records.lock");
  if (!lock) return;
  const auto taken = (*lock)->try_lock(os::LockMode::kExclusive);
  struct stat now {};
  // Somebody else may have renamed it since: the fresh one stays.
  if (!taken || !*taken || ::stat(file.c_str(), &now) != 0 || now.st_ino != full.st_ino) return;
  (void)::rename(file.c_str(), (directory + "/records.old.jsonl").c_str());
}

}  // namespace

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::Pump:
      return "pump";
    case Outcome::Plain:
      return "plain";
    case Outcome::Local:
      return "local";
    case Outcome::Failed:
      return "failed";
    case Outcome::Unknown:
      break;
  }
  return "unknown";
}

std::optional<std::string> records_directory(const os::Environment& environment) {
  if (environment.get_or("PUMP_RECORD", "") == "0") return {};
  const std::string_view state = environment.get_or("XDG_STATE_HOME", "");
  if (state.starts_with('/')) return std::string(state) + "/distcc-pump";
  const std::string_view home = environment.get_or("HOME", "");
  if (home.starts_with('/')) return std::string(home) + "/.local/state/distcc-pump";
  return {};
}

Expected<RecordFile> RecordFile::open(const std::string& directory) {
  PUMP_TRY(os::UniqueFd fd, open_records(directory, file_in(directory)));
  return RecordFile(directory, std::move(fd));
}

Status RecordFile::append(const Record& record) const {
  std::string line = to_line(record, kMostName);
  if (line.size() > kMostLine) line = to_line(record, kMostName / 5);
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0) return fail_errno("cannot look at the records in " + directory_);
  // One write: what it does not take is a torn line, which readers skip.
  if (::write(fd_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return fail_errno("cannot write the records in " + directory_);
  if (static_cast<std::uint64_t>(info.st_size) + line.size() > kMostBytes)
    rotate(directory_, file_in(directory_), info);
  return {};
}

}  // namespace pump::insight
