#include "pump/include_server/compiler/find_compiler.h"

#include <algorithm>
#include <array>

#include "pump/os/text.h"

namespace pump::include_server {
namespace {

bool is_wrapper(const Entry& entry) {
  constexpr std::array<std::string_view, 6> kWrappers = {"distcc",      "ccache",  "pump",
                                                         "pump-launch", "sccache", "icecc"};
  return std::find(kWrappers.begin(), kWrappers.end(), entry.name) != kWrappers.end();
}

std::string absolute(const Directory* cwd, std::string path) {
  if (!path.empty() && path.front() == '/') return path;
  const std::string& base = cwd->path();
  return base == "/" ? "/" + path : base + "/" + path;
}

std::optional<FoundCompiler> executable(FileTree& tree, Directory* cwd, const std::string& path,
                                        Trace& trace) {
  const Entry* entry = tree.walk(cwd, path, trace);
  if (entry->kind != EntryKind::File || (entry->status.mode & 0111U) == 0) return std::nullopt;
  return FoundCompiler{absolute(cwd, path), entry};
}

}  // namespace

std::optional<FoundCompiler> find_compiler(FileTree& tree, Directory* cwd, const std::string& name,
                                           std::string_view search, Trace& trace) {
  std::string base = name;
  if (const std::size_t slash = name.rfind('/'); slash != std::string::npos) {
    auto found = executable(tree, cwd, name, trace);
    if (!found || !is_wrapper(*found->entry)) return found;
    base = name.substr(slash + 1);  // "/usr/lib/ccache/g++" means the next g++ in PATH
  }
  for (const std::string_view directory : os::split(search, ':')) {
    auto found = executable(tree, cwd, directory.empty() ? base : std::string(directory) + "/" + base, trace);
    if (found && !is_wrapper(*found->entry)) return found;
  }
  return std::nullopt;
}

}  // namespace pump::include_server
