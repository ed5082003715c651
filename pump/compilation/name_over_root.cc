#include "pump/compilation/name_over_root.h"

#include <cstring>

namespace pump::compilation {
namespace {

constexpr std::string_view kEndOfStep = "//.//";

}  // namespace

std::string name_over_root(std::string_view directory, std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < directory.size(); ++at)
    if (directory[at] == '/' && at + 1 < directory.size()) (result += "..") += kEndOfStep;
  if (result.empty()) (result += ".") += kEndOfStep;
  return result += name.substr(1);
}

bool may_have_name_over_root(std::string_view text) {
  // Much faster here than string_view::find(): rules are full of slashes.
  return ::memmem(text.data(), text.size(), kEndOfStep.data(), kEndOfStep.size()) != nullptr;
}

std::string restore_absolute_name(std::string_view spelled) {
  const std::size_t last = spelled.rfind(kEndOfStep);
  if (last == std::string_view::npos) return std::string(spelled);
  // A user may write "a//.//b", or ".//.//b" in a file of any directory: only one in the root gets such a name.
  const std::string_view step = spelled.substr(0, last);
  const bool up = step == ".." || step.ends_with("/.."), here = step == "." || step == "/.";
  if (!up && !here) return std::string(spelled);
  return "/" + std::string(spelled.substr(last + kEndOfStep.size()));
}

}  // namespace pump::compilation
