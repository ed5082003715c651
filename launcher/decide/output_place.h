// What writing a file would meet. distcc makes missing directories and replaces whatever stands at an output's name by a
// plain file; compilers do neither. So only plain files, in directories that exist and can be written to, are left to
// distcc. Any thread; two or three system calls.
#pragma once

#include <string>

namespace pump::launcher {

enum class OutputPlace {
  New,    ///< nothing is there, and its directory can be written to
  File,   ///< a plain file of one name that can be replaced
  Other,  ///< a link, a pipe, a device, a directory, no directory, no permission
};

OutputPlace output_place(const std::string& path);

}  // namespace pump::launcher
