// Uses of __PRETTY_FUNCTION__ that many projects have, and from which no constant is computed.
//
// clang names the file of a lambda or unnamed type in this text. The text of these uses is in the object, where the launcher finds
// names that differ on a host (launcher/object/repair.h). So they alone are no reason to send a unit with absolute names.
// See docs/design.md, "Relative names". Pure; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace pump::include_server {

/// True for macros whose text is for messages: assertions of glibc and libstdc++, and what Boost, Qt, GLib and LLVM call it.
constexpr bool is_function_name_for_messages(std::string_view macro) {
  constexpr std::array<std::string_view, 5> kMacros{"__ASSERT_FUNCTION", "BOOST_CURRENT_FUNCTION",
                                                    "Q_FUNC_INFO", "G_STRFUNC", "LLVM_PRETTY_FUNCTION"};
  return std::find(kMacros.begin(), kMacros.end(), macro) != kMacros.end() ||
         macro.starts_with("__glibcxx_") || macro.starts_with("_GLIBCXX_");
}

/// True for headers that make the name of a type from it, and keep the name: those of Qt and LLVM.
constexpr bool keeps_function_name(std::string_view header) {
  return header.ends_with("/qmetatype.h") || header.ends_with("/llvm/Support/TypeName.h");
}

}  // namespace pump::include_server
