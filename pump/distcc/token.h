// The tokens of distcc's protocols, between the client and distccd and between the client and the include server
// (distcc 3.4, src/rpc.c): a name of 4 ASCII letters and a number in 8 lower-case hexadecimal digits. Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pump::distcc {

inline constexpr std::size_t kTokenName = 4;
inline constexpr std::size_t kToken = 12;

namespace token_digits {
inline constexpr std::uint8_t kNone = 0xFF;
constexpr std::array<std::uint8_t, 256> values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNone;
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) values['a' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}
inline constexpr std::array<std::uint8_t, 256> kValues = values();
}  // namespace token_digits

/// The number of a token of at least kToken bytes; nothing if it is not lower-case hexadecimal.
inline std::optional<std::uint32_t> token_number(std::string_view token) {
  std::uint32_t value = 0;
  unsigned seen = 0;
  for (std::size_t i = kTokenName; i < kToken; ++i) {
    const unsigned digit = token_digits::kValues[static_cast<unsigned char>(token[i])];
    seen |= digit;
    value = (value << 4U) | (digit & 0xFU);
  }
  if (seen > 0xF) return std::nullopt;
  return value;
}

/// Takes a token of that name from the front of `text`. Nothing if it does not begin with one.
inline std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view name) {
  if (text.size() < kToken || !text.starts_with(name)) return std::nullopt;
  const auto number = token_number(text);
  if (number) text.remove_prefix(kToken);
  return number;
}

/// Appends the token of a name of 4 letters and a number.
inline void append_token(std::string& out, std::string_view name, std::uint32_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, kToken> token{};
  std::copy_n(name.data(), kTokenName, token.begin());
  for (std::size_t i = kToken; i-- > kTokenName; number >>= 4U) token[i] = kDigits[number & 0xFU];
  out.append(token.data(), token.size());
}

}  // namespace pump::distcc
