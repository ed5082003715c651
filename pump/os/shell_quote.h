// POSIX shell quoting: makes shell words and splits them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::os {

/// `value` as one single-quoted word for dash, bash, zsh and ksh. It may contain any byte but NUL.
std::string shell_quote(std::string_view value);

/// Splits a text into shell words: blanks separate; ', " and \ quote as in POSIX sh 2.2. Nothing is expanded
/// or executed. Error: an unterminated quote.
Expected<std::vector<std::string>> split_shell_words(std::string_view text);

/// Splits at spaces, tabs and newlines, without quoting, as distcc's pump script does with LSDISTCC_ARGS.
std::vector<std::string> split_blanks(std::string_view text);

}  // namespace pump::os
