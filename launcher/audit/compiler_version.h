// The version that a compiler leaves in what it makes: in section .comment of an object, as .ident in assembler text.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace pump::launcher {

/// "GCC: (Debian 12.2.0-14) 12.2.0", "Debian clang version 14.0.6". If there are several, `expected` if it is among them, else
/// the first. Empty: none is there (-fno-ident, -Qn), or `object` is neither ELF nor text.
std::string compiler_version(std::string_view object, std::string_view expected);

}  // namespace pump::launcher
