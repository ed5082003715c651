// Asks an include server, ours or distcc's, for the files that a compilation reads: the request of distcc's client
// (src/include_server_if.c in distcc 3.4; the bytes are described in pump/include_server/support/protocol.h), or for
// fragments (fragments.h), which only ours has. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pump/distcc/fragments.h"
#include "pump/distcc/prediction.h"
#include "pump/os/error.h"
#include "pump/os/unique_fd.h"

namespace pump::distcc {

/// The files of a unit: paths in the mirror, or fragments.
struct UnitFiles {
  std::vector<std::string> names;  ///< of all files, the source first: name_in_mirror() in distccd_protocol.h
  std::vector<std::string> paths;
  std::vector<Extent> extents;
  os::UniqueFd fragment_file;  ///< of the extents; none: `paths` are the files
  std::optional<Prediction> prediction;

  [[nodiscard]] std::size_t size() const { return names.size(); }
};

/// How an include server is asked.
struct IncludeServer {
  std::string socket;
  bool has_fragments = false;  ///< it is of the same version as this program
};

/// No files: the server cannot answer. `cwd`: absolute. Errors: nobody listens at the socket, the reply is malformed,
/// or it is not complete within `patience` (ETIMEDOUT).
Expected<UnitFiles> ask_include_server(const IncludeServer& server, const std::string& cwd,
                                       const std::vector<std::string>& words, std::chrono::seconds patience);

/// The files that the compiler of that command reads. No file: the server cannot answer, or is not of the same version. Errors:
/// as above.
Expected<PredictedFiles> ask_for_predicted_files(const IncludeServer& server, const std::string& cwd,
                                                 const std::vector<std::string>& words,
                                                 std::chrono::seconds patience);

}  // namespace pump::distcc
