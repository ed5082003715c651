// The bytes of one version of a file, as FileTree::load returns them. A value; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pump/include_server/support/content_hash.h"

namespace pump::include_server {

struct FileVersion {
  ContentHash hash;
  std::uint64_t size = 0;  ///< bytes
  std::shared_ptr<const std::string> bytes;
  /// Later versions of one name have greater numbers; 0: not known.
  std::uint64_t order = 0;
};

}  // namespace pump::include_server
