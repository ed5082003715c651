// The name that replaces an absolute `#include "/c/x.h"` in the copy of a file.
//
// distccd rewrites absolute names in options, not in texts, so a copy must name the file relatively:
// "..//.//" for each step up to the root, then the name without its slash. Nothing else writes such steps.
// The compiler on the server puts the name into its dependency file. The launcher recognizes the steps there
// and restores the absolute name. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace pump::compilation {

/// The name of the absolute `name` for a file in `directory`, an absolute path without links.
std::string name_over_root(std::string_view directory, std::string_view name);

/// True if a name that name_over_root() made may be somewhere in `text`.
bool may_have_name_over_root(std::string_view text);

/// The absolute name from which a compiler made `spelled` by name_over_root(). Other names are returned as
/// they are.
std::string restore_absolute_name(std::string_view spelled);

}  // namespace pump::compilation
