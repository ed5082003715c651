#include "launcher/audit/compiler_version.h"

#include "launcher/object/elf.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

/// Keeps the first one, and `expected` rather than another.
class Versions {
 public:
  explicit Versions(std::string_view expected) : expected_(expected) {}
  void add(std::string_view version) {
    if (best_.empty() || version == expected_) best_ = version;
  }
  [[nodiscard]] std::string best() const { return std::string(best_); }

 private:
  std::string_view expected_, best_;
};

std::string version_in_text(std::string_view text, std::string_view expected) {
  Versions versions(expected);
  os::for_each_line(text, [&](std::string_view line) {
    constexpr std::string_view kIdent = ".ident";
    line = os::trim_blanks(line);
    if (!line.starts_with(kIdent)) return;
    line = os::trim_blanks(line.substr(kIdent.size()));
    if (line.size() >= 2 && line.starts_with('"') && line.ends_with('"'))
      versions.add(line.substr(1, line.size() - 2));
  });
  return versions.best();
}

}  // namespace

std::string compiler_version(std::string_view object, std::string_view expected) {
  if (object.find('\0') == std::string_view::npos) return version_in_text(object, expected);
  const auto elf = object::Elf::parse(object);
  if (!elf) return {};
  Versions versions(expected);
  for (const object::Section& section : elf->sections()) {
    if (section.name != ".comment") continue;
    for (const std::string_view version : os::split(section.data, '\0'))
      if (!version.empty()) versions.add(version);
  }
  return versions.best();
}

}  // namespace pump::launcher
