// Expansion of @file words, as libiberty's expandargv does it for gcc (and LLVM for clang, with the same
// rules).
//
// Any thread; reads files only through the function it is given.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/os/error.h"

namespace pump::compilation {

/// argv with every @file replaced by its words, nested ones too. Error: more than 2000 expansions (gcc's
/// limit), which only a file that includes itself reaches.
struct ExpandedWords {
  std::vector<std::string> words;
  std::vector<std::size_t> origins;  ///< index into argv, or CommandLine::kFromResponseFile
  std::vector<std::string> files;    ///< as spelled, in order of expansion
};
Expected<ExpandedWords> expand_response_files(const std::vector<std::string>& argv,
                                              const ReadResponseFile& read);

}  // namespace pump::compilation
