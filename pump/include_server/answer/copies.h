// Where the files of a reply are. A plain value.
#pragma once

#include <cstdint>
#include <memory>

#include "pump/include_server/mirror/fragments.h"
#include "pump/include_server/mirror/mirror.h"

namespace pump::include_server {

/// One of the two.
struct Copies {
  std::shared_ptr<Mirror> mirror;        ///< for stock clients
  std::shared_ptr<Fragments> fragments;  ///< for launchers
  std::uint64_t epoch = 0;               ///< other copies have another number
};

}  // namespace pump::include_server
