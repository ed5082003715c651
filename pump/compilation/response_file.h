// Response files: `@file` words. gcc (libiberty's expandargv) and clang (LLVM) expand them by the same rules,
// except for backslashes in gcc 16. Any thread; reads files only through the function that it is given.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::compilation {

/// The content of a response file; nothing if it cannot be read. The word then stays as it is, as in gcc.
using ReadResponseFile = std::function<std::optional<std::string>(const std::string& path)>;

/// The origin of a word that came from a response file.
inline constexpr std::size_t kFromResponseFile = static_cast<std::size_t>(-1);

struct ExpandedWords {
  std::vector<std::string> words;
  std::vector<std::size_t> origins;  ///< for each word its index in argv, or kFromResponseFile
  std::vector<std::string> files;    ///< as spelled, in order of expansion
};

/// argv with the words of @files, nested ones too, in their place. Error: more than 2000 expansions (gcc's
/// limit) or a million words, which only a file that includes itself reaches; a file that compilers read
/// differently.
Expected<ExpandedWords> expand_response_files(const std::vector<std::string>& argv,
                                              const ReadResponseFile& read);

/// The words of a response file's text (libiberty's buildargv): blanks separate; ', " and \ quote. Error: a
/// backslash that gcc 16 reads like a POSIX shell, but earlier versions and clang do not.
Expected<std::vector<std::string>> split_response_file(std::string_view text);

}  // namespace pump::compilation
