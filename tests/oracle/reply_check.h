// Checks a reply of the include server: complete, nothing needless, and each mirror file corresponds to its
// source.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/case_file.h"
#include "tests/oracle/compiler_trace.h"

namespace pump::oracle {

struct ReplyReport {
  std::vector<std::string> defects;  ///< one phrase each
  std::size_t entries = 0;           ///< in the reply
  std::size_t needed = 0;            ///< files opened, links followed, directories that %directories grants
};

/// `spelled` also has the directories of the command line: links in their paths are needed.
ReplyReport check_reply(const std::vector<std::string>& reply, const Case& project, const Opened& opened,
                        const std::string& root);

/// The uncompressed content of a mirror file (a bare LZO1X block). Throws if it is not one.
std::string decompress(const std::string& mirror_path);

}  // namespace pump::oracle
