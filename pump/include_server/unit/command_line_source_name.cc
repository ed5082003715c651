#include "pump/include_server/unit/command_line_source_name.h"

#include <array>
#include <string_view>

namespace pump::include_server {
namespace {

/// One of a list of options of which the last one wins.
struct Switch {
  std::string_view on;
  std::string_view off;  ///< empty: nothing switches it off
  bool takes_value;      ///< `on` may be followed by "=…"
  bool relative_too;     ///< the working directory is named as well
};
constexpr std::array kSwitches = {
    // The module's name: in bitcode of both compilers, in names of local functions, in counters of a profile.
    Switch{"-flto", "-fno-lto", true, false},
    Switch{"-emit-llvm", "", false, false},
    Switch{"-fembed-bitcode", "-fembed-bitcode=off", true, false},
    Switch{"-funique-internal-linkage-names", "-fno-unique-internal-linkage-names", false, false},
    Switch{"-fpseudo-probe-for-profiling", "-fno-pseudo-probe-for-profiling", false, false},
    Switch{"-fprofile-generate", "-fno-profile-generate", true, false},
    Switch{"-fcs-profile-generate", "-fno-profile-generate", true, false},
    Switch{"-fcoverage-mapping", "-fno-coverage-mapping", false, true},
};

/// Each global variable carries the module's name, for reports.
constexpr std::array<std::string_view, 4> kSanitizers = {"address", "kernel-address", "hwaddress",
                                                         "kernel-hwaddress"};

bool switches_on(const Switch& one, std::string_view word) {
  if (!word.starts_with(one.on)) return false;
  const std::string_view rest = word.substr(one.on.size());
  return rest.empty() || (one.takes_value && rest.front() == '=');
}

/// True where `name` is in a list of names between commas.
bool lists(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return false;
}

void last_of(std::string_view word, const Switch& one, std::string& in_force) {
  if (!one.off.empty() && word == one.off) {
    in_force.clear();
  } else if (switches_on(one, word)) {
    in_force = word;
  }
}

void last_of(std::string_view word, std::string_view sanitizer, std::string& in_force) {
  constexpr std::string_view kOn = "-fsanitize=", kOff = "-fno-sanitize=";
  if (word.starts_with(kOn) && lists(word.substr(kOn.size()), sanitizer)) {
    in_force = word;
  } else if (word.starts_with(kOff) &&
             (lists(word.substr(kOff.size()), sanitizer) || word.substr(kOff.size()) == "all")) {
    in_force.clear();
  }
}

}  // namespace

std::optional<std::string> names_source_in_object(const compilation::CommandLine& command, bool absolute) {
  std::array<std::string, kSwitches.size()> switches;
  std::array<std::string, kSanitizers.size()> sanitizers;
  for (const compilation::Argument& argument : command.arguments) {
    const std::string word = compilation::as_word(argument);
    for (std::size_t i = 0; i < kSwitches.size(); ++i) last_of(word, kSwitches[i], switches[i]);
    for (std::size_t i = 0; i < kSanitizers.size(); ++i) last_of(word, kSanitizers[i], sanitizers[i]);
  }
  for (std::size_t i = 0; i < kSwitches.size(); ++i)
    if (!switches[i].empty() && (absolute || kSwitches[i].relative_too)) return switches[i];
  if (absolute)
    for (const std::string& word : sanitizers)
      if (!word.empty()) return word;
  return std::nullopt;
}

}  // namespace pump::include_server
