// The files of a job, as bytes for the host.
//
// An interface, because there are two places from which they come: the include server's mirror, whose files a
// launcher opens one by one, and memory that it shares with the include server. Main thread.
#pragma once

#include <string>

#include "launcher/remote/failure.h"

namespace pump::launcher {

class SendBuffer;

class FileSource {
 public:
  FileSource() = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  virtual ~FileSource() = default;

  /// Adds NAME and FILE or LINK, with the content, for a path of the include server's reply. Failures of this machine
  /// are made by fail_here(); others come from `out`.
  virtual Attempt<void> add(const std::string& path, SendBuffer& out) = 0;
};

/// Reads the files of the mirror: three system calls for each.
class MirrorFiles : public FileSource {
 public:
  Attempt<void> add(const std::string& path, SendBuffer& out) override;
};

}  // namespace pump::launcher
