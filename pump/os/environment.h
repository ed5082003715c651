// A snapshot of environment variables: what decisions read, so that tests can hand in their own.
//
// Values are bytes. Later assignments win. Not thread-safe for writing; any thread may read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pump::os {

class Environment {
 public:
  /// This process's environment (`environ`).
  static Environment current();
  /// From "NAME=value" strings; entries without '=' are kept out.
  static Environment from_strings(const std::vector<std::string>& strings);
  /// From the NUL-separated form of /proc/PID/environ.
  static Environment from_block(std::string_view block);

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The value, or `fallback` where the variable is unset. An empty value is a value.
  [[nodiscard]] std::string_view get_or(std::string_view name, std::string_view fallback) const;
  /// True where the variable is set and not empty.
  [[nodiscard]] bool has(std::string_view name) const;

  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);

  /// "NAME=value" strings for execve, in order of first appearance.
  [[nodiscard]] std::vector<std::string> strings() const;

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

}  // namespace pump::os
