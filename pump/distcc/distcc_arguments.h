// How distcc 3.4 reads the words of a command: dcc_scan_args (arg.c) and the lists of suffixes (filename.c).
//
// distcc looks at words, not at options. A word with the suffix of a source is a source, and a word that
// begins with "-o" is an output, wherever it is. pump compiles a command that distcc would not send on the
// client at once, without starting an include server for it. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::distcc {

/// `words`: compiler first. Returns the first word because of which distcc does not send the command; nothing
/// if distcc sends it.
std::optional<std::string> refused_word(const std::vector<std::string>& words);

/// True for a name with the suffix of a source that distcc sends.
bool is_source(std::string_view file);
/// True for a name with the suffix of a preprocessed source. distcc does not preprocess it in either mode.
bool is_preprocessed_source(std::string_view file);
/// True for the names of Autoconf's checks, which distcc does not send.
bool is_autoconf_check(std::string_view file);

}  // namespace pump::distcc
