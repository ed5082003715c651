// Is a reply of the include server right? Complete, exact, and each mirror file true to its source.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/case_file.h"
#include "tests/oracle/compiler_trace.h"

namespace pump::oracle {

struct ReplyReport {
  std::vector<std::string> defects;  ///< one sentence each
  std::size_t entries = 0;           ///< in the reply
  std::size_t needed = 0;            ///< files opened, links followed, directories that %directories grants
};

/// `spelled` also holds paths that lead to directories the command line names: links on the way to them are needed.
ReplyReport check_reply(const std::vector<std::string>& reply, const Case& project, const Opened& opened,
                        const std::string& root);

/// The uncompressed content of a mirror file (a bare LZO1X block). Throws where it is none.
std::string decompress(const std::string& mirror_path);

}  // namespace pump::oracle
