// What is at the place of an output file. distcc creates missing directories and replaces anything at an
// output's name by a plain file; compilers do neither. So distcc gets only plain files, in directories that
// exist and are writable. Any thread; two or three system calls.
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
