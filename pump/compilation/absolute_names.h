// How the copy of a file names a file that its text includes by an absolute name.
//
// distccd moves absolute names in options below the job's root, not those in a text. So the include server
// writes a relative name into the copy: up to the root in steps of "..//.//", then the absolute name. Nobody
// else writes such steps. The compiler puts the name into its dependency file, and the launcher recognizes
// the steps there and writes the absolute name again. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace pump::compilation {

/// The name of the absolute `name` for a file in the absolute `directory`, links resolved.
std::string name_over_root(std::string_view directory, std::string_view name);

/// The absolute name in `spelled`, what a compiler makes of a name_over_root(); other names as they are.
std::string without_way_over_root(std::string_view spelled);

}  // namespace pump::compilation
