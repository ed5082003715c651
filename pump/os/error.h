// Errors as values. Functions return Expected<T>; only the top of a program prints messages. Any thread; no
// I/O.
#pragma once

#include <cerrno>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace pump {

struct Error {
  std::string message;  ///< a sentence that names the thing at fault and, if there is one, the remedy
  int code = 0;         ///< the errno that caused it, or 0
};

template <typename T>
using Expected = tl::expected<T, Error>;
using Status = Expected<void>;

inline tl::unexpected<Error> fail(std::string message, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), code});
}

/// "MESSAGE: strerror(code)".
tl::unexpected<Error> fail_errno(const std::string& message, int code = errno);

}  // namespace pump

/// `PUMP_TRY(value, expression)`: declares `value` from an Expected, or returns its error to the caller.
#define PUMP_TRY_CONCAT_(a, b) a##b
#define PUMP_TRY_NAME_(line) PUMP_TRY_CONCAT_(pump_try_, line)
#define PUMP_TRY(declaration, expression)                                                      \
  auto PUMP_TRY_NAME_(__LINE__) = (expression);                                                \
  if (!PUMP_TRY_NAME_(__LINE__)) return tl::make_unexpected(PUMP_TRY_NAME_(__LINE__).error()); \
  declaration = *std::move(PUMP_TRY_NAME_(__LINE__))
/// `PUMP_CHECK(expression)`: returns the error of a Status to the caller.
#define PUMP_CHECK(expression)                                    \
  do {                                                            \
    if (auto pump_status = (expression); !pump_status)            \
      return tl::make_unexpected(std::move(pump_status).error()); \
  } while (false)
