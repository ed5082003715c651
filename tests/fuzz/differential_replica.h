// The server's side of a check, laid out as distccd does it.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace pump::fuzz {

/// Lays the files of the reply out below `replica`. Returns their real paths.
std::set<std::string> lay_out(const std::vector<std::string>& reply, const std::string& replica);

/// The command after the client has split -Wp, : the one that it requests, sends, and compiles locally.
std::vector<std::string> as_client_sends(const std::vector<std::string>& argv);

/// The command as distccd runs it: with the absolute paths that it rewrites below `replica`. `source` is the
/// argument that names the source.
std::vector<std::string> turned_to_replica(std::vector<std::string> words, const std::string& source,
                                           const std::string& replica);

/// Writes another version of any project, to the paths at which the client has its own.
void write_other_project(const std::string& root);

}  // namespace pump::fuzz
