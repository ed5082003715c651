#include "launcher/run/line_copies.h"

#include <algorithm>
#include <string_view>

#include "pump/distcc/distccd_protocol.h"
#include "pump/os/format.h"

namespace pump::launcher {
namespace {

bool is_line_copy(std::string_view file) {
  return file.ends_with(distcc::kLineCopySuffix);
}

std::string local_name(const std::string& file) {
  return std::string(distcc::without_copy_suffix(file));
}

/// A link that leads to a header below one of the directories; empty: there is none.
std::string link_below(const std::vector<std::string>& directories, const std::vector<std::string>& sent) {
  const auto is_link = [](std::string_view file) {
    return !file.ends_with(distcc::kCopySuffix) && !is_line_copy(file) &&
           !file.ends_with(distcc::kDirectoryMarker);
  };
  for (const std::string& file : sent)
    for (const std::string& directory : directories)
      if (is_link(file) && local_name(file).starts_with(directory + "/")) return local_name(file);
  return {};
}

std::string unlike(const std::string& name, std::string_view option) {
  return os::format("{}, which has another name on a host, and {}", name, option);
}

}  // namespace

std::optional<std::string> first_line_copy(const std::vector<std::string>& sent) {
  const auto found = std::find_if(sent.begin(), sent.end(), is_line_copy);
  if (found == sent.end()) return {};
  return local_name(*found);
}

std::string link_in_shortened_directory(const Decision& decision, const std::vector<std::string>& sent) {
  return decision.relative ? link_below(decision.relative->shortened_directories, sent) : std::string();
}

std::string unlike_with_line_copies(const Decision& decision, const std::vector<std::string>& sent) {
  if (decision.compiler == CompilerKind::Other) return {};
  const auto first = std::find_if(sent.begin(), sent.end(), is_line_copy);
  if (first == sent.end()) return {};
  const std::string name = local_name(*first);
  if (decision.compiler == CompilerKind::Clang)
    return decision.debug == DebugInformation::None ? std::string() : unlike(name, "-g");
  if (decision.debug == DebugInformation::WithMacros ||
      (first == sent.begin() && decision.debug != DebugInformation::None))
    return unlike(name, "-g");
  if (decision.messages.warns_of_indentation) return unlike(name, "-Wmisleading-indentation");
  if (first == sent.begin() && decision.messages.warns_of_unused)
    return unlike(name, "-Wunused-const-variable");
  // gcc reports a system header by its real path, if that is shorter; the one on the server is not.
  if (decision.relative && !link_below(decision.relative->system_directories, sent).empty())
    return unlike(name, "a link");
  return {};
}

}  // namespace pump::launcher
