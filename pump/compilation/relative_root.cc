#include "pump/compilation/relative_root.h"

namespace pump::compilation {
namespace {

/// The number of steps in the relative root of `name`; 0 if it has none.
std::size_t steps_up(std::string_view name) {
  std::size_t up = 0;
  for (; name.starts_with(kStepUp); ++up) name.remove_prefix(kStepUp.size());
  return name.starts_with(kRelativeMark) ? up : 0;
}

/// Of an absolute name: "/p/" and "a.cc" for "..///./a.cc" in /p/build.
struct Parts {
  std::string_view directory, rest;
};

/// A name that does not stand for an absolute one has no directory.
Parts parts_of(std::string_view name, std::string_view cwd) {
  const std::size_t up = steps_up(name);
  std::size_t slash = cwd.size();
  for (std::size_t i = 0; i < up; ++i) {
    if (slash == 0) return {{}, name};
    slash = cwd.rfind('/', slash - 1);
    if (slash == std::string_view::npos) return {{}, name};
  }
  if (up == 0) return {{}, name};
  return {cwd.substr(0, slash + 1), name.substr(kStepUp.size() * up + kRelativeMark.size())};
}

}  // namespace

std::string relative_root(std::size_t up) {
  std::string root;
  for (std::size_t i = 0; i < up; ++i) root += kStepUp;
  return root += kRelativeMark;
}

std::string root_over_cwd(std::string_view cwd) {
  std::size_t up = 0;
  for (std::size_t at = 0; at + 1 < cwd.size(); ++at)
    if (cwd[at] == '/') ++up;
  return std::string(kCwdLink) + relative_root(up);
}

std::string_view without_root_over_cwd(std::string_view name) {
  if (!name.starts_with(kCwdLink)) return name;
  const std::string_view relative = name.substr(kCwdLink.size());
  const std::size_t up = steps_up(relative);
  if (up == 0) return name;
  return relative.substr(up * kStepUp.size() + kRelativeMark.size() - 1);  // with the slash of the mark
}

bool stands_for_absolute(std::string_view name) {
  return steps_up(name) > 0;
}

std::string absolute_name(std::string_view name, std::string_view cwd) {
  const Parts parts = parts_of(name, cwd);
  return std::string(parts.directory) += parts.rest;
}

std::size_t absolute_size(std::string_view name, std::string_view cwd) {
  const Parts parts = parts_of(name, cwd);
  return parts.directory.size() + parts.rest.size();
}

}  // namespace pump::compilation
