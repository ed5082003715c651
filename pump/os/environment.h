// Environment variables as a value, so that tests can pass their own. Values are bytes; later assignments
// win.
//
// Any thread may read; changes need external locking. Copies share the text of the variables, which makes a
// copy cheap.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::os {

class Environment {
 public:
  /// This process's environment (`environ`). The text is not copied; setenv(3) and unsetenv(3) do not
  /// overwrite it.
  static Environment current();
  /// From "NAME=value" strings; entries without a name or '=' are dropped.
  static Environment from_strings(const std::vector<std::string>& strings);
  /// From the NUL-separated form of /proc/PID/environ.
  static Environment from_block(std::string_view block);

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The value, or `fallback` if the variable is unset. An empty value is a value.
  [[nodiscard]] std::string_view get_or(std::string_view name, std::string_view fallback) const;
  /// True if the variable is set and not empty.
  [[nodiscard]] bool has(std::string_view name) const;

  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);

  /// "NAME=value" strings for execve, in order of first appearance.
  [[nodiscard]] std::vector<std::string> strings() const;
  /// As strings(), but pointers to the text, and a null pointer at the end. Valid until this object changes
  /// or ends.
  [[nodiscard]] std::vector<char*> pointers() const;

 private:
  /// "NAME=value" and a NUL.
  struct Variable {
    const char* text;
    std::size_t name_size;
    std::size_t size;
    [[nodiscard]] std::string_view name() const { return {text, name_size}; }
    [[nodiscard]] std::string_view value() const { return {text + name_size + 1, size - name_size - 1}; }
  };
  void add(const char* text, std::size_t size);
  void put(const Variable& variable);

  std::vector<Variable> variables_;
  /// The text of the variables, unless it is this process's environment. Text that was replaced stays.
  std::vector<std::shared_ptr<const std::string>> texts_;
};

}  // namespace pump::os
