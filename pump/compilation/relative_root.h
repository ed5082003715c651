// The beginning of a relative name that stands for an absolute one: "..///./" for "/p/" in /p/build.
//
// The launcher sends such names to servers (launcher/decide/relative_names.h). The include server recognises them where the
// length of an absolute name counts.
//
// Compilers compose names: "../" of the source, then "./x.h" and "./y.h" of two #includes, give "../././y.h". So a mark of "./"
// and "../" could be a user's name. Composition adds a single slash, and none after a slash; a directory that ends in a
// slash gives two, as in "..//x.h". Three slashes are there only if somebody writes them. Compilers keep them inside of a name.
// "./" is the end because clang names the directory of a file without the slashes at its end: "..///." and "/x.h" give the mark.
// It is no longer than it must be: gcc compares lengths (launcher/decide/relative_names.h). Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pump::compilation {

inline constexpr std::string_view kStepUp = "../";
inline constexpr std::string_view kRelativeMark = "//./";

/// For the directory that is `up` levels above the working directory; at least 1.
std::string relative_root(std::size_t up);

/// True if `name` begins with a relative root.
bool stands_for_absolute(std::string_view name);

/// The absolute name for which `name` stands in `cwd`, an absolute path without links; `name` itself if it does not stand for one.
std::string absolute_name(std::string_view name, std::string_view cwd);

/// The size of the absolute name for which `name` stands in `cwd`, an absolute path without links; that of `name` itself
/// if it does not stand for one.
std::size_t absolute_size(std::string_view name, std::string_view cwd);

/// The beginning of an absolute name that stands for another one on a server: "/proc/self/cwd/../..///./" for "/" in /p/build.
/// The include server puts such names into `#include "/p/x.h"` (send_plan/absolute_include_rewriter.h), if the command
/// maps them.
inline constexpr std::string_view kCwdLink = "/proc/self/cwd/";
std::string root_over_cwd(std::string_view cwd);
/// "/p/x.h" for root_over_cwd(…) + "p/x.h". Other names are returned as they are.
std::string_view without_root_over_cwd(std::string_view name);

}  // namespace pump::compilation
