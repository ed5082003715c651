// Finds the include guard of a file.
//
// gcc and clang do not open a file again if one guard encloses its whole text and nothing but comments stands
// outside (gcc: cppinternals, "The Multiple-Include Optimization"). boost opens some headers hundreds of
// times per unit without it. Text that is inserted must therefore go inside the guard. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pump::include_server {

/// The beginning of a line in a text.
struct LinePlace {
  std::size_t offset = 0;
  unsigned line = 1;  ///< its number
};

/// The line after the `#ifndef X` or `#if !defined(X)` of a guard that encloses the whole text. Nothing if
/// there is no such guard, or in doubt: if carriage returns stand alone (compilers count them differently),
/// conditionals are unbalanced, or trigraphs may hide a splice or a '#'. `text`: without a byte order mark.
std::optional<LinePlace> line_after_guard(std::string_view text);

}  // namespace pump::include_server
