// The files of a job, as bytes for the host. Main thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "launcher/remote/failure.h"
#include "pump/distcc/include_server_client.h"

namespace pump::launcher {

class SendBuffer;

/// An interface, because an include server names files in two ways.
class FileSource {
 public:
  FileSource() = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  virtual ~FileSource() = default;

  /// Number of files, links and directories.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Adds NAME and FILE or LINK, with the content, for each. Failures of this machine are made by fail_here(); others come
  /// from `out`, which is flushed before the object ends.
  virtual Attempt<void> add_to(SendBuffer& out) = 0;
};

/// Files of the mirror, read with three system calls for each: for an include server that has no fragments.
class MirrorFiles : public FileSource {
 public:
  explicit MirrorFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {}
  [[nodiscard]] std::size_t size() const override { return paths_.size(); }
  Attempt<void> add_to(SendBuffer& out) override;

 private:
  std::vector<std::string> paths_;
};

/// Fragments in the include server's memory. The kernel sends them from there: this process does not open, map or copy them.
class SharedFragments : public FileSource {
 public:
  /// `files`: their number. `file`: of the extents.
  SharedFragments(std::size_t files, std::vector<distcc::Extent> extents, os::UniqueFd file)
      : files_(files), extents_(std::move(extents)), file_(std::move(file)) {}
  [[nodiscard]] std::size_t size() const override { return files_; }
  Attempt<void> add_to(SendBuffer& out) override;

 private:
  std::size_t files_;
  std::vector<distcc::Extent> extents_;
  os::UniqueFd file_;
};

/// One file that this process makes up.
class MadeFile : public FileSource {
 public:
  /// `path`: absolute, as the file is named on the host.
  MadeFile(std::string path, std::string content) : path_(std::move(path)), content_(std::move(content)) {}
  [[nodiscard]] std::size_t size() const override { return 1; }
  Attempt<void> add_to(SendBuffer& out) override;

 private:
  std::string path_, content_;
};

std::unique_ptr<FileSource> make_file_source(distcc::UnitFiles files);

}  // namespace pump::launcher
