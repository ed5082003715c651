// POSIX shell quoting, both ways.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::os {

/// `value` as one single-quoted shell word; any byte but NUL survives dash, bash, zsh and ksh.
std::string shell_quote(std::string_view value);

/// Splits shell words: blanks separate; ', " and \ quote as in POSIX sh 2.2; nothing is expanded or executed.
/// Error: an unterminated quote, naming it.
Expected<std::vector<std::string>> split_shell_words(std::string_view text);

/// Splits at blanks and newlines, without quoting: what the classic command does to LSDISTCC_ARGS.
std::vector<std::string> split_blanks(std::string_view text);

}  // namespace pump::os
