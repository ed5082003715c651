#include "pump/os/environment.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace pump::os {

void Environment::add(const char* text, std::size_t size) {
  const void* const equals = std::memchr(text, '=', size);
  if (equals == nullptr || equals == text) return;
  put({text, static_cast<std::size_t>(static_cast<const char*>(equals) - text), size});
}

void Environment::put(const Variable& variable) {
  const auto same = std::find_if(variables_.begin(), variables_.end(),
                                 [&](const Variable& other) { return other.name() == variable.name(); });
  if (same != variables_.end())
    *same = variable;
  else
    variables_.push_back(variable);
}

Environment Environment::current() {
  Environment result;
  std::size_t count = 0;
  while (environ != nullptr && environ[count] != nullptr) ++count;
  result.variables_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) result.add(environ[i], std::strlen(environ[i]));
  return result;
}

Environment Environment::from_strings(const std::vector<std::string>& strings) {
  std::string block;
  for (const std::string& entry : strings) (block += entry) += '\0';
  return from_block(block);
}

Environment Environment::from_block(std::string_view block) {
  Environment result;
  result.texts_.push_back(std::make_shared<const std::string>(block));
  std::string_view rest = *result.texts_.back();
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    result.add(entry.data(), entry.size());
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
  }
  return result;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  for (const Variable& variable : variables_)
    if (variable.name() == name) return variable.value();
  return std::nullopt;
}

std::string_view Environment::get_or(std::string_view name, std::string_view fallback) const {
  return get(name).value_or(fallback);
}

bool Environment::has(std::string_view name) const {
  return !get_or(name, {}).empty();
}

void Environment::set(std::string_view name, std::string_view value) {
  std::string text;
  text.reserve(name.size() + 1 + value.size());
  ((text += name) += '=') += value;
  texts_.push_back(std::make_shared<const std::string>(std::move(text)));
  put({texts_.back()->c_str(), name.size(), texts_.back()->size()});
}

void Environment::unset(std::string_view name) {
  std::erase_if(variables_, [name](const Variable& variable) { return variable.name() == name; });
}

std::vector<std::string> Environment::strings() const {
  std::vector<std::string> result;
  result.reserve(variables_.size());
  for (const Variable& variable : variables_) result.emplace_back(variable.text, variable.size);
  return result;
}

std::vector<char*> Environment::pointers() const {
  std::vector<char*> result;
  result.reserve(variables_.size() + 1);
  for (const Variable& variable : variables_) result.push_back(const_cast<char*>(variable.text));
  result.push_back(nullptr);
  return result;
}

}  // namespace pump::os
