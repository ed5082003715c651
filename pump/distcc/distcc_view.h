// What distcc 3.4 itself makes of a command line, told in advance.
//
// distcc scans words, not options: what ends in a source suffix is a source and what starts with "-o" is an
// output, wherever it stands. A command that it would keep here is kept here before an include server starts
// for it. The facts are those of distcc's dcc_scan_args (arg.c) and of its lists of suffixes (filename.c).
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::distcc {

/// The word because of which distcc would not send this command; nothing where it sends it.
std::optional<std::string> objection(const std::vector<std::string>& words);

/// True for a word that distcc takes away when it has preprocessed here (dcc_strip_local_args in strip.c), whatever
/// option stands before it: "-Xclang -DX -O2" becomes "-Xclang -O2".
bool strips(std::string_view word);

/// By the suffix, as distcc sees it: something it sends.
bool is_source(std::string_view file);
/// By the suffix: already preprocessed, so that pump mode has nothing to do.
bool is_preprocessed_source(std::string_view file);
/// Autoconf's checks, which distcc keeps here by their name.
bool is_autoconf_check(std::string_view file);

}  // namespace pump::distcc
