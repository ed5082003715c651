// A snapshot of environment variables: what decisions read, so that tests can hand in their own.
//
// Values are bytes. Later assignments win. Not thread-safe for writing; any thread may read. Copies share the
// text: the launcher makes one for the compiler's own sake, and text that nobody changes need not be copied
// for each process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::os {

class Environment {
 public:
  /// This process's environment (`environ`), whose text is referred to and not copied: good until somebody
  /// overwrites it in place, which setenv(3) and unsetenv(3) do not do.
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
  /// The same without copies and with a null pointer behind them; valid while this object lives unchanged.
  [[nodiscard]] std::vector<char*> pointers() const;

 private:
  /// "NAME=value", with a NUL behind it.
  struct Variable {
    const char* text;
    std::size_t name_size;
    std::size_t size;
    [[nodiscard]] std::string_view name() const { return {text, name_size}; }
    [[nodiscard]] std::string_view value() const { return {text + name_size + 1, size - name_size - 1}; }
  };
  /// A string without a name is no variable: shells drop it too.
  void add(const char* text, std::size_t size);
  void put(const Variable& variable);

  std::vector<Variable> variables_;
  /// What the variables point into, but for this process's own environment. Text that was replaced stays.
  std::vector<std::shared_ptr<const std::string>> texts_;
};

}  // namespace pump::os
