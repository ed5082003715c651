#include "pump/include_server/unit/search_path.h"

#include <algorithm>

namespace pump::include_server {

const SearchPath::FirstName* SearchPath::first_name_of(const Directory* directory) const {
  const auto found = std::find_if(first_names.begin(), first_names.end(),
                                  [directory](const FirstName& one) { return one.directory == directory; });
  return found == first_names.end() ? nullptr : &*found;
}

}  // namespace pump::include_server
