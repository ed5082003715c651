#include <algorithm>
#include <nlohmann/json.hpp>

#include "pump/insight/records.h"
#include "pump/os/file_io.h"
#include "pump/os/text.h"

namespace pump::insight {
namespace {

using nlohmann::json;

constexpr std::string_view kStart = "{\"v\":1,";

/// Invalid UTF-8 in names must not lose the record: such bytes become '?'.
std::string as_text(std::string_view line) {
  const json bytes = std::string(line);
  std::string text = bytes.dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(text).get<std::string>();
}

Outcome outcome_of(std::string_view text) {
  for (const Outcome outcome : {Outcome::Pump, Outcome::Plain, Outcome::Local, Outcome::Failed})
    if (name(outcome) == text) return outcome;
  return Outcome::Unknown;
}

std::optional<Record> parse_line(std::string_view line) {
  json object = json::parse(line, nullptr, false);
  if (object.is_discarded()) object = json::parse(as_text(line), nullptr, false);
  if (!object.is_object() || !object.contains("time") || !object["time"].is_number()) return {};
  const auto text = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Record record;
  record.time = object["time"].get<double>();
  if (object.contains("seconds") && object["seconds"].is_number())
    record.seconds = object["seconds"].get<double>();
  record.outcome = outcome_of(text("outcome"));
  record.source = text("source");
  record.object = text("object");
  record.directory = text("directory");
  record.host = text("host");
  record.session = text("session");
  record.reason = text("reason");
  record.text = text("text");
  record.detail = text("detail");
  record.remedy = text("remedy");
  return record;
}

void read_file(const std::string& path, std::vector<Record>& records) {
  const auto content = os::read_file(path);
  if (!content) return;
  os::for_each_line(*content, [&](std::string_view line) {
    // Behind a torn record stands the next one, on the same line.
    const std::size_t start = line.rfind(kStart);
    if (start == std::string_view::npos) return;
    if (auto record = parse_line(line.substr(start))) records.push_back(*std::move(record));
  });
}

}  // namespace

std::vector<Record> read_records(const std::string& directory) {
  std::vector<Record> records;
  read_file(directory + "/records.old.jsonl", records);
  read_file(directory + "/records.jsonl", records);
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.time < b.time; });
  return records;
}

Tally tally(const std::vector<Record>& records, const std::string& session, double time) {
  Tally counts;
  for (const Record& record : records) {
    if (record.time < time || (!record.session.empty() && record.session != session)) continue;
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
