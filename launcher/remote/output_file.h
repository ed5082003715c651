// Writes an output of a compilation that ran elsewhere: once, as a whole, and as the compiler would have made it.
//
// The content goes to a file without a name (O_TMPFILE), which publish() gives its name. So a launcher that is killed
// leaves nothing behind, and nobody sees half an object. File systems without O_TMPFILE get a temporary name in the
// same directory, and rename(2).
//
// A file of that name is unlinked first, and not replaced by rename(2): ext4 writes the data to disk at once when a
// rename replaces a file, and for a moment without the old object nobody is worse off than with a compiler, which
// removes it at its start.
//
// What is not a plain file with one name is an error, and the caller lets the compiler decide what becomes of it
// (decide/output_place.h). A missing directory is an error; none is made. Main thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {

class OutputFile {
 public:
  enum class Kind : std::uint8_t {
    Object,  ///< assemblers make a new file, with mode 0666 less the umask; GNU as writes into an empty one
    Dependencies,  ///< compilers write into an existing file, which keeps its mode and owner
  };

  /// Writes the content. The name does not exist, or is the old file's, until publish(). `path`: absolute, or relative
  /// to the working directory.
  static Expected<OutputFile> write(const std::string& path, std::string_view content, Kind kind);
  Status publish();

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) = delete;
  ~OutputFile();  ///< removes what was not published

 private:
  explicit OutputFile(std::string path) : path_(std::move(path)) {}
  Status open(const std::string& directory);
  Status give_name();

  std::string path_;
  std::string temporary_;  ///< empty: the file has no name
  os::UniqueFd file_;
};

}  // namespace pump::launcher
