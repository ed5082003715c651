#include "pump/insight/records.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "pump/os/file_io.h"
#include "pump/os/file_lock.h"
#include "pump/os/ignored_signal.h"
#include "pump/os/unique_fd.h"

namespace pump::insight {
namespace {

using json = nlohmann::ordered_json;

/// A line stays below 4096 bytes, which a local file system appends in one piece.
constexpr std::size_t kLongestLine = 4000;
constexpr std::size_t kLongestName = 1000;
constexpr std::size_t kLongestText = 300;

/// A line begins with these bytes; the reader finds the line after a truncated one by them.
constexpr std::string_view kLineStart = "{\"v\":1,";

constexpr std::array kOutcomes{Outcome::Pump, Outcome::Plain, Outcome::Local, Outcome::Failed,
                               Outcome::Unknown};

/// The members of a record that are text, in the order of a line.
struct TextField {
  const char* key;
  std::string Record::*member;
  bool is_name;  ///< a path: may be long
};
constexpr std::array<TextField, 12> kTextFields{{{"source", &Record::source, true},
                                                 {"object", &Record::object, true},
                                                 {"directory", &Record::directory, true},
                                                 {"host", &Record::host, false},
                                                 {"session", &Record::session, false},
                                                 {"faults", &Record::faults, false},
                                                 {"moves", &Record::moves, false},
                                                 {"note", &Record::note, false},
                                                 {"reason", &Record::reason, false},
                                                 {"text", &Record::text, false},
                                                 {"detail", &Record::detail, false},
                                                 {"remedy", &Record::remedy, false}}};

std::string current_file(const std::string& directory) {
  return directory + "/records.jsonl";
}
std::string old_file(const std::string& directory) {
  return directory + "/records.old.jsonl";
}

/// Rounded to milliseconds; 0 if negative, as the clock may have been set back.
double rounded(double seconds) {
  return std::max(std::round(seconds * 1000), 0.0) / 1000;
}

struct PhaseField {
  const char* key;
  double Phases::*member;
};
constexpr std::array<PhaseField, 5> kPhaseFields{{{"waiting", &Phases::waiting},
                                                  {"connecting", &Phases::connecting},
                                                  {"sending", &Phases::sending},
                                                  {"compiling", &Phases::compiling},
                                                  {"receiving", &Phases::receiving}}};

json phases_to_json(const Phases& phases) {
  json object;
  for (const PhaseField& field : kPhaseFields) object[field.key] = rounded(phases.*field.member);
  return object;
}

std::optional<Phases> phases_from_json(const json& record) {
  const auto object = record.find("phases");
  if (object == record.end() || !object->is_object()) return {};
  Phases phases;
  for (const PhaseField& field : kPhaseFields)
    if (const auto value = object->find(field.key); value != object->end() && value->is_number())
      phases.*field.member = value->get<double>();
  return phases;
}

std::uint64_t number_from_json(const json& record, const char* key) {
  const auto value = record.find(key);
  return value != record.end() && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
}

/// The record as one line. Empty members are left out; longer names than `longest_name` bytes are cut.
std::string to_line(const Record& record, std::size_t longest_name) {
  json object = {{"v", 1}, {"time", rounded(record.time)}, {"outcome", name(record.outcome)}};
  if (record.seconds) object["seconds"] = rounded(*record.seconds);
  if (record.phases) {
    object["phases"] = phases_to_json(*record.phases);
    object["sent"] = record.bytes_sent;
    object["received"] = record.bytes_received;
  }
  for (const TextField& field : kTextFields) {
    const std::string& text = record.*field.member;
    if (!text.empty()) object[field.key] = text.substr(0, field.is_name ? longest_name : kLongestText);
  }
  // A path may hold any bytes, JSON only UTF-8.
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// Nothing if the line is not a record.
std::optional<Record> parse_line(std::string_view line) {
  const json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return {};
  const auto time = object.find("time");
  if (time == object.end() || !time->is_number()) return {};
  Record record;
  record.time = time->get<double>();
  if (const auto seconds = object.find("seconds"); seconds != object.end() && seconds->is_number())
    record.seconds = seconds->get<double>();
  record.phases = phases_from_json(object);
  record.bytes_sent = number_from_json(object, "sent");
  record.bytes_received = number_from_json(object, "received");
  const auto text = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  for (const Outcome outcome : kOutcomes)
    if (name(outcome) == text("outcome")) record.outcome = outcome;
  for (const TextField& field : kTextFields) record.*field.member = text(field.key);
  return record;
}

void read_file(const std::string& path, std::vector<Record>& records) {
  const auto content = os::read_file(path);
  if (!content) return;
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    // After a truncated record the next one follows on the same line.
    const std::size_t start = line.rfind(kLineStart);
    if (start == std::string_view::npos) continue;
    if (auto record = parse_line(line.substr(start))) records.push_back(*std::move(record));
  }
}

/// Makes the directory, and those above it that are missing, below a directory of this user. Nothing is made below one
/// of another user: with a HOME that sudo kept, root would leave directories there that the user cannot use.
Status make_directory(const std::string& directory) {
  struct stat info {};
  if (::stat(directory.c_str(), &info) == 0) return {};
  std::string above = directory;
  while (above != "/" && ::stat(above.c_str(), &info) != 0) above = std::string(os::dirname(above));
  if (info.st_uid != ::geteuid() || above == "/")
    return fail("there is no directory of this user above " + directory, EPERM);
  for (std::size_t slash = directory.find('/', above.size() + 1); slash != std::string::npos;
       slash = directory.find('/', slash + 1))
    (void)::mkdir(directory.substr(0, slash).c_str(), 0700);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return fail_errno("cannot create " + directory);
  return {};
}

/// Opens the file for appending. Makes the directory if it is missing, with those above it. Refuses a
/// directory of another user: with a HOME kept by sudo, root would leave files that this user cannot write.
Expected<os::UniqueFd> open_records(const std::string& directory, const std::string& file) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  PUMP_CHECK(make_directory(directory));
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) return fail_errno("cannot create " + directory);
  if (info.st_uid != ::geteuid()) return fail(directory + " belongs to another user", EPERM);
  os::UniqueFd fd(::open(file.c_str(), kFlags, 0600));
  if (!fd) return fail_errno("cannot open " + file);
  return fd;
}

/// Renames the full file. The lock lets one of several launchers do it; the kernel frees it if that one dies.
void rotate(const std::string& directory, const struct stat& full) {
  auto lock = os::FileLock::open(directory + "/records.lock");
  if (!lock) return;
  const auto taken = (*lock)->try_lock(os::LockMode::kExclusive);
  if (!taken || !*taken) return;
  struct stat now {};
  const std::string file = current_file(directory);
  // If another launcher has renamed it already, the file is a new one and stays.
  if (::stat(file.c_str(), &now) != 0 || now.st_ino != full.st_ino) return;
  (void)::rename(file.c_str(), old_file(directory).c_str());
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
  const std::string home(environment.get_or("HOME", ""));
  struct stat info {};
  // A HOME that does not exist is not made. In one of another user, which sudo may keep, each name below it may be that
  // user's link.
  if (!home.starts_with('/') || ::stat(home.c_str(), &info) != 0 || info.st_uid != ::geteuid()) return {};
  return home + "/.local/state/distcc-pump";
}

Expected<RecordFile> RecordFile::open(const std::string& directory) {
  PUMP_TRY(os::UniqueFd fd, open_records(directory, current_file(directory)));
  return RecordFile(directory, std::move(fd));
}

Status RecordFile::append(const Record& record) const {
  std::string line = to_line(record, kLongestName);
  if (line.size() > kLongestLine) line = to_line(record, kLongestName / 5);
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0)
    return fail_errno("cannot read the size of the records in " + directory_);
  // One write. If the disk is full, the line is truncated, and readers skip it.
  const os::IgnoredSignal ignored(SIGXFSZ);  // the file may be larger than this process may make one
  if (::write(fd_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return fail_errno("cannot write the records in " + directory_);
  if (static_cast<std::uint64_t>(info.st_size) + line.size() > kMostBytes) rotate(directory_, info);
  return {};
}

std::vector<Record> read_records(const std::string& directory) {
  std::vector<Record> records;
  read_file(old_file(directory), records);
  read_file(current_file(directory), records);
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.time < b.time; });
  return records;
}

Tally tally(const std::vector<Record>& records, const std::string& session, double since) {
  Tally counts;
  for (const Record& record : records) {
    if (record.time < since || (!record.session.empty() && record.session != session)) continue;
    counts.misjudged += record.reason == kMisjudged ? 1 : 0;
    switch (record.outcome) {
      case Outcome::Pump:
        ++counts.pump;
        break;
      case Outcome::Plain:
        ++counts.plain;
        break;
      case Outcome::Local:
        ++counts.local;
        break;
      case Outcome::Failed:
        ++counts.failed;
        break;
      case Outcome::Unknown:
        ++counts.unknown;
        break;
    }
  }
  return counts;
}

}  // namespace pump::insight
