// What is at the place of an output file. The launcher replaces an output by a new plain file; compilers write through
// links and into pipes. So a unit is sent only if its outputs are plain files, in directories that exist and are
// writable. Any thread; two or three system calls.
#pragma once

#include <string>

namespace pump::launcher {

enum class OutputPlace {
  New,    ///< nothing; its directory is writable
  File,   ///< a plain file with one name, which can be replaced
  Other,  ///< a link, pipe, device or directory; or no directory to write to, or no permission
};

/// `path`: absolute, or relative to the working directory.
OutputPlace output_place(const std::string& path);

}  // namespace pump::launcher
