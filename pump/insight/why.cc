#include "pump/insight/why.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>

#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/text.h"

namespace pump::insight {
namespace {

constexpr double kPause = 3600;  // a longer time without compilations, in seconds, separates builds

std::string absolute(const std::string& name, const std::string& directory) {
  return (std::filesystem::path(directory) / name).lexically_normal().string();
}

bool is_about(const Record& record, const std::string& file, const std::string& cwd) {
  for (const std::string& name : {record.source, record.object}) {
    if (name.empty()) continue;
    if (name == file || absolute(name, record.directory) == absolute(file, cwd)) return true;
    if (file.find('/') == std::string::npos && os::basename(name) == file) return true;
  }
  return false;
}

std::string clock_time(double time) {
  const auto whole = static_cast<std::time_t>(time);
  std::tm parts{};
  ::localtime_r(&whole, &parts);
  return os::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                    parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string how_compiled(const Record& record) {
  switch (record.outcome) {
    case Outcome::Pump:
      return "compiled on " + record.host + ", preprocessed there";
    case Outcome::Plain:
      return "compiled on " + record.host + ", preprocessed here";
    case Outcome::Local:
      return "compiled here";
    case Outcome::Failed:
      return record.host.empty() ? "did not compile" : "did not compile; last tried on " + record.host;
    case Outcome::Unknown:
      break;
  }
  return "compiled by distcc, on an unknown host because DISTCC_LOG or DISTCC_VERBOSE is set";
}

std::string describe(const Record& record) {
  const auto seconds = seconds_of(record);
  std::string text = os::format("{}: {}{}\n", os::printable(record.source), how_compiled(record),
                                seconds ? os::format(", {:.2f} s", *seconds) : "");
  if (!record.text.empty())
    text += os::format("  why:    {}{}\n", record.text,
                       record.detail.empty() ? "" : ": " + os::printable(record.detail));
  if (!record.note.empty()) text += os::format("  note:   {}\n", os::printable(record.note));
  os::for_each_line(record.faults, [&](std::string_view fault) {
    text += os::format("  failed: {}\n", os::printable(fault));
  });
  os::for_each_line(record.moves, [&](std::string_view move) {
    text += os::format("  moved:  {}\n", os::printable(move));
  });
  if (record.phases)
    text += os::format(
        "  time:   waiting {:.3f}, connecting {:.3f}, sending {:.3f}, compiling {:.3f}, receiving {:.3f} s; "
        "{} bytes "
        "out, {} in\n",
        record.phases->waiting, record.phases->connecting, record.phases->sending, record.phases->compiling,
        record.phases->receiving, record.bytes_sent, record.bytes_received);
  if (!record.remedy.empty()) text += os::format("  change: {}\n", record.remedy);
  text += os::format("  when:   {}, in {}\n", clock_time(record.time), os::printable(record.directory));
  return text;
}

/// The last record of each unit, in the order of their time.
std::vector<Record> last_of_each(const std::vector<Record>& records) {
  std::map<std::string, const Record*> last;
  for (const Record& record : records)
    last[record.directory + '\0' + record.source + '\0' + record.object] = &record;
  std::vector<Record> result;
  for (const auto& [key, record] : last) result.push_back(*record);
  std::stable_sort(result.begin(), result.end(),
                   [](const Record& a, const Record& b) { return a.time < b.time; });
  return result;
}

/// One line per reason: number of units, their total time, text.
std::string summary(const std::vector<Record>& units) {
  struct Sum {
    std::size_t count = 0;
    double seconds = 0;
    std::string text;
  };
  std::map<std::string, Sum> sums;
  for (const Record& unit : units) {
    Sum& sum = sums[unit.reason.empty() ? std::string(name(unit.outcome)) : unit.reason];
    ++sum.count;
    sum.seconds += seconds_of(unit).value_or(0);
    sum.text = unit.text.empty() ? how_compiled(unit) : unit.text;
  }
  std::string text;
  for (const auto& [reason, sum] : sums)
    text += os::format("{:6} {:9.2f} s  {} ({})\n", sum.count, sum.seconds, sum.text, reason);
  return text;
}

}  // namespace

std::vector<Record> last_builds(std::vector<Record> records) {
  std::size_t first = 0;
  double end = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i > 0 && records[i].time - end > kPause) first = i;
    end = std::max(end, records[i].time + records[i].seconds.value_or(0));
  }
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(first));
  return records;
}

std::optional<double> seconds_of(const Record& record) {
  if (record.seconds) return record.seconds;
  struct stat info {};
  if (record.object.empty() || ::stat(absolute(record.object, record.directory).c_str(), &info) != 0)
    return {};
  const double changed =
      static_cast<double>(info.st_mtim.tv_sec) + static_cast<double>(info.st_mtim.tv_nsec) / 1e9;
  const double took = changed - record.time;
  // File times have the resolution of a clock tick, so the object may seem older. After more than an hour,
  // something else has changed it.
  return took > 0 && took < kPause ? std::optional(took) : std::nullopt;
}

std::string why(const std::vector<Record>& records, const std::optional<std::string>& file,
                const std::string& cwd) {
  if (file) {
    std::string text;
    std::vector<Record> about;
    for (const Record& record : records)
      if (is_about(record, *file, cwd)) about.push_back(record);
    for (const Record& record : last_of_each(about)) text += describe(record);
    return text.empty()
               ? os::format("Nothing is recorded about {}: pump-launch has not compiled it recently.\n",
                            *file)
               : text;
  }
  const std::vector<Record> all = last_of_each(last_builds(records));
  if (all.empty()) return "Nothing is recorded yet: pump-launch writes records unless PUMP_RECORD=0.\n";
  std::vector<Record> others;
  for (const Record& record : all)
    if (record.outcome != Outcome::Pump) others.push_back(record);
  std::string text;
  for (const Record& record : others) text += describe(record);
  text += os::format("{} of {} units were compiled remotely in pump mode.\n", all.size() - others.size(),
                     all.size());
  return others.empty() ? text : text + "The others:\n" + summary(others);
}

}  // namespace pump::insight
