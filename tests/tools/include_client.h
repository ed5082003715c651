// Test tools' side of the include server's wire: one request, one reply. Written independently of the server's own
// protocol code, so that a mistake there does not cancel out here.
#pragma once

#include <string>
#include <vector>

namespace pump::tools {

/// One command of a compile_commands.json.
struct CompileCommand {
  std::string directory;
  std::string file;
  std::vector<std::string> argv;  ///< launchers in front of the compiler removed
};

/// Reads a compile_commands.json; throws std::runtime_error naming what is wrong with it.
std::vector<CompileCommand> read_compile_commands(const std::string& path);

/// The request as bytes.
std::string encode_request(const std::string& cwd, const std::vector<std::string>& argv);

/// Sends encoded bytes, reads to the end of the stream. Throws std::runtime_error where there is no server.
std::string exchange(const std::string& socket, const std::string& request);

/// The mirror paths of a reply; empty where the server gave up. Throws on a malformed one.
std::vector<std::string> decode_reply(const std::string& reply);

/// What distcc sends a mirror path as: three components and the suffixes .abs and .lzo stripped.
std::string original_name(const std::string& mirror_path);

/// The prerequisites of the rule that `-M` prints, in order, make's quoting undone.
std::vector<std::string> dependencies_of(const CompileCommand& command);

/// Default include directories of the command's compiler and language (`-v`), as real paths.
std::vector<std::string> default_directories(const CompileCommand& command);

}  // namespace pump::tools
