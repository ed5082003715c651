// The server's side of a check, as distccd makes it.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace pump::fuzz {

/// Lays the reply out below `replica`. Returns the real files it names.
std::set<std::string> lay_out(const std::vector<std::string>& reply, const std::string& replica);

/// The command as a client has it, which takes -Wp, apart: it asks about that, sends that, and compiles that
/// where it must.
std::vector<std::string> as_client_sends(const std::vector<std::string>& argv);

/// The command as distccd runs it: the absolute names that it knows of are those below `replica`. `source` is
/// the source's word.
std::vector<std::string> turned_to_replica(std::vector<std::string> words, const std::string& source,
                                           const std::string& replica);

/// Another version of any project, for the place where the client has its own.
void write_other_project(const std::string& root);

}  // namespace pump::fuzz
