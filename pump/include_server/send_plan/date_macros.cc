#include "pump/include_server/send_plan/date_macros.h"

#include <string_view>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

std::string_view date_macro_in(std::string_view text) {
  // clang sets __TIMESTAMP__ from the variable, too.
  for (const std::string_view name : {"__DATE__", "__TIME__", "__TIMESTAMP__"})
    if (text.find(name) != std::string_view::npos) return name;
  return {};
}

}  // namespace

bool sets_dates(const os::Environment& environment) {
  return environment.has("SOURCE_DATE_EPOCH");
}

Expected<std::string> find_date_macro(const FileTree::Snapshot& /*snapshot*/, FileTree& tree,
                                      const Unit& unit, const Closure& closure) {
  for (const MacroAction& macro : unit.macros)
    if (const std::string_view name = date_macro_in(macro.text); !name.empty())
      return os::format("{} in a macro of the command line", name);
  for (const ClosureFile& file : closure.files) {
    if (!file.entered) continue;
    const Expected<FileVersion> version = tree.load(*file.entry);
    if (!version) return tl::make_unexpected(version.error());
    if (const std::string_view name = date_macro_in(*version->bytes); !name.empty())
      return os::format("{} in {}", name, file.spelled);
  }
  return std::string();
}

}  // namespace pump::include_server
