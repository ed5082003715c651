#include "pump/insight/status.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "pump/include_server/server/status.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/scheduler/client.h"

namespace pump::insight {
namespace {

using nlohmann::json;

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
  if (whole < 60) return os::format("{} s", whole);
  if (whole < 3600) return os::format("{} min {} s", whole / 60, whole % 60);
  return os::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

/// The include server's counters, one per line, by the names that it uses.
std::string counters(const std::string& server) {
  const json values = json::parse(server, nullptr, false);
  if (!values.is_object()) return {};
  std::string text = "Counters of the include server:\n";
  for (const auto& [name, value] : values.items()) {
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    text += os::format("  {:<22} {}\n", label, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

/// "  127.0.0.1:3632/4,cpp,lzo  up, 3 of 4 slots in use, speed 1.20, 17 units"
std::string describe_host(const json& host, std::size_t width) {
  const auto number = [&](const char* name) { return host.value(name, std::uint64_t{0}); };
  std::string text =
      os::format("  {:<{}}  {}, {} of {} slots in use", host.value("host", ""), width,
                 host.value("state", ""), number("running") + number("taken"), number("slots"));
  if (number("taken") > 0) text += os::format(" ({} by other distcc processes)", number("taken"));
  if (const double speed = host.value("speed", 0.0); speed > 0) text += os::format(", speed {:.2f}", speed);
  text += os::format(", {} units", number("units"));
  if (number("faults") > 0) text += os::format(", {} faults", number("faults"));
  if (const std::string fault = host.value("last_fault", ""); !fault.empty()) text += ", last: " + fault;
  return text + "\n";
}

/// The scheduler's hosts and queue.
std::string hosts(const std::string& scheduler) {
  const json state = json::parse(scheduler, nullptr, false);
  if (!state.is_object() || !state.value("hosts", json()).is_array()) return {};
  std::string text =
      os::format("Units now:         {} on hosts, {} waiting for one",
                 state.value("running", std::uint64_t{0}), state.value("queued", std::uint64_t{0}));
  if (const auto stopped = state.value("stopped", std::uint64_t{0}); stopped > 0)
    text += os::format(", {} stopped", stopped);
  text += '\n';
  const json& list = state.at("hosts");
  if (!list.empty()) text += "Hosts:\n";
  std::size_t width = 0;
  for (const json& host : list) width = std::max(width, host.value("host", "").size());
  for (const json& host : list) text += describe_host(host, width);
  return text;
}

}  // namespace

Expected<SessionStatus> session_status(const session::Settings& settings,
                                       const std::optional<std::string>& records) {
  PUMP_TRY(const session::Directory directory, session::Directory::open(settings));
  SessionStatus status;
  PUMP_TRY(status.session, session::inspect(directory));
  if (status.session.running && status.session.backend != "python")
    status.server = include_server::request_status(directory.socket()).value_or("");
  if (status.session.running)
    status.scheduler = scheduler::SchedulerClient::status(directory.scheduler()).value_or("");
  if (status.session.running && records) {
    using Seconds = std::chrono::duration<double>;
    const double now = Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
    // The first compilation of a session begins before the server that it starts.
    constexpr double kStartSeconds = 5;
    status.units = tally(read_records(*records), std::string(os::basename(directory.path())),
                         now - status.session.uptime_seconds - kStartSeconds);
  }
  return status;
}

std::string to_text(const SessionStatus& status) {
  const session::SessionInfo& info = status.session;
  if (!info.running)
    return os::format("No include server runs for the current settings.\nSession directory: {}\n",
                      info.directory);
  std::string text =
      os::format("The {} include server runs: process {}, for {}.\n",
                 info.backend == "python" ? "Python" : "native", info.pid, duration(info.uptime_seconds));
  text += os::format("Clients now:       {}{}\n", info.clients,
                     info.pins > 0 ? os::format(", and {} `pump --startup`", info.pins) : "");
  text += info.backend == "python" ? "Requests answered: not counted by the Python include server\n"
                                   : os::format("Requests answered: {}\n", info.served);
  if (status.units)
    text += os::format("Units compiled:    {} in pump mode, {} in plain mode, {} here, {} failed{}\n",
                       status.units->pump, status.units->plain, status.units->local, status.units->failed,
                       status.units->unknown > 0 ? os::format(", {} unknown", status.units->unknown) : "");
  if (status.units && status.units->misjudged > 0)
    text += os::format("Misjudged:         {} (a host read other files than predicted: see `pump --why`)\n",
                       status.units->misjudged);
  text += os::format("Session directory: {}\n", info.directory);
  return text + hosts(status.scheduler) + counters(status.server);
}

std::string to_json(const SessionStatus& status) {
  const session::SessionInfo& info = status.session;
  json object{{"directory", info.directory}, {"running", info.running}};
  if (info.running) {
    object.update(json{{"pid", info.pid},
                       {"backend", info.backend},
                       {"clients", info.clients},
                       {"pins", info.pins},
                       {"served", info.served},
                       {"uptime_seconds", info.uptime_seconds}});
    if (status.units)
      object["units"] = json{{"pump", status.units->pump},       {"plain", status.units->plain},
                             {"local", status.units->local},     {"failed", status.units->failed},
                             {"unknown", status.units->unknown}, {"misjudged", status.units->misjudged}};
    const std::pair<const char*, const std::string&> parts[] = {{"server", status.server},
                                                                {"scheduler", status.scheduler}};
    for (const auto& [name, text] : parts) {
      json part = json::parse(text, nullptr, false);
      if (!part.is_discarded()) object[name] = std::move(part);
    }
  }
  // A path may hold any bytes, JSON only UTF-8.
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace pump::insight
