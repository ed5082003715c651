// Single queries to a compiler: `__has_…(ARGUMENT)`, and whether a #pragma changes macros. A query is a
// string; its value is a number. Here are the texts to be compiled and the parsers of the output;
// compiler_probe.h runs them.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pump::include_server {

/// `query` without blanks, or empty unless it has the form __has_…(ARGUMENT) or __is_…(ARGUMENT) with a
/// harmless argument (names, "::", commas, dots, a string of these) and is not about files.
std::string sanitised_query(std::string_view query);

/// Text to be preprocessed (-E) for a sanitised query, and the value in its output; nothing if it has none.
std::string query_text(std::string_view query);
std::optional<std::int64_t> read_query_answer(std::string_view output);

/// The query whether "#pragma GCC target" or "#pragma GCC optimize" defines or undefines macros; `pragma` is
/// the last word. -E cannot answer it.
std::string pragma_query(std::string_view pragma);
/// Text to be compiled (-fsyntax-only) for a pragma query, and 1 or 0 as the errors show. Nothing: not such a
/// query; no answer.
std::optional<std::string> pragma_query_text(std::string_view query);
std::optional<std::int64_t> read_pragma_answer(std::string_view errors);

}  // namespace pump::include_server
