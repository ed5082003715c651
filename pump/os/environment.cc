#include "pump/os/environment.h"

#include <unistd.h>

#include <algorithm>

namespace pump::os {
namespace {

/// "NAME=value" into `environment`. A string without a name is no variable: shells drop it too.
void add_assignment(Environment& environment, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) return;
  environment.set(assignment.substr(0, equals), assignment.substr(equals + 1));
}

}  // namespace

Environment Environment::current() {
  Environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) add_assignment(result, *entry);
  return result;
}

Environment Environment::from_strings(const std::vector<std::string>& strings) {
  Environment result;
  for (const std::string& entry : strings) add_assignment(result, entry);
  return result;
}

Environment Environment::from_block(std::string_view block) {
  Environment result;
  while (!block.empty()) {
    const std::string_view entry = block.substr(0, block.find('\0'));
    add_assignment(result, entry);
    block.remove_prefix(std::min(block.size(), entry.size() + 1));
  }
  return result;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  for (const auto& [key, value] : variables_)
    if (key == name) return value;
  return std::nullopt;
}

std::string_view Environment::get_or(std::string_view name, std::string_view fallback) const {
  return get(name).value_or(fallback);
}

bool Environment::has(std::string_view name) const {
  return !get_or(name, {}).empty();
}

void Environment::set(std::string_view name, std::string_view value) {
  for (auto& [key, old] : variables_) {
    if (key != name) continue;
    old = value;
    return;
  }
  variables_.emplace_back(name, value);
}

void Environment::unset(std::string_view name) {
  std::erase_if(variables_, [name](const auto& variable) { return variable.first == name; });
}

std::vector<std::string> Environment::strings() const {
  std::vector<std::string> result;
  result.reserve(variables_.size());
  for (const auto& [key, value] : variables_) result.push_back(key + "=" + value);
  return result;
}

}  // namespace pump::os
