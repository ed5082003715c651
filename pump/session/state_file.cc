#include "pump/session/state_file.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "pump/os/file_io.h"

namespace pump::session {
namespace {

template <typename T>
T number_or_zero(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<T>() : T{};
}

std::string text_or_empty(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Status write_state(const Directory& directory, const State& state) {
  const nlohmann::json json = {{"pid", state.pid},
                               {"started_ms", state.started_ms},
                               {"served", state.served},
                               {"backend", state.backend},
                               {"socket", state.socket}};
  // A path may hold any bytes, JSON only UTF-8.
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  return os::write_file_atomically(directory.state(), text + "\n");
}

std::optional<State> read_state(const Directory& directory) {
  const auto text = os::read_file(directory.state(), 1U << 16U);
  if (!text) return std::nullopt;
  const nlohmann::json json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return State{.pid = number_or_zero<pid_t>(json, "pid"),
               .started_ms = number_or_zero<std::int64_t>(json, "started_ms"),
               .served = number_or_zero<std::uint64_t>(json, "served"),
               .backend = text_or_empty(json, "backend"),
               .socket = text_or_empty(json, "socket")};
}

bool has_state(const Directory& directory) {
  return ::access(directory.state().c_str(), F_OK) == 0;
}

}  // namespace pump::session
