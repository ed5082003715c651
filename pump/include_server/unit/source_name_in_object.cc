#include "pump/include_server/unit/source_name_in_object.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pump/os/text.h"

namespace pump::include_server {
namespace {

// An option, and the one that cancels it; the last of the two on the command line wins.
struct Switch {
  std::string_view on;
  std::string_view off;  ///< empty: nothing cancels it
  bool takes_value;      ///< `on` may be followed by "=…"
  bool relative_too;     ///< the object contains the working directory as well
};
constexpr std::array kSwitches = {
    // The module's name is in the bitcode of both compilers, in names of local functions, in a profile's
    // counters.
    Switch{"-flto", "-fno-lto", true, false},
    Switch{"-emit-llvm", "", false, false},
    Switch{"-fembed-bitcode", "-fembed-bitcode=off", true, false},
    Switch{"-funique-internal-linkage-names", "-fno-unique-internal-linkage-names", false, false},
    Switch{"-fpseudo-probe-for-profiling", "-fno-pseudo-probe-for-profiling", false, false},
    Switch{"-fprofile-generate", "-fno-profile-generate", true, false},
    Switch{"-fcs-profile-generate", "-fno-profile-generate", true, false},
    Switch{"-fcoverage-mapping", "-fno-coverage-mapping", false, true},
};

// With these, each global variable carries the module's name, for reports.
constexpr std::array<std::string_view, 4> kSanitizers = {"address", "kernel-address", "hwaddress",
                                                         "kernel-hwaddress"};

bool switches_on(const Switch& one, std::string_view word) {
  if (!word.starts_with(one.on)) return false;
  const std::string_view rest = word.substr(one.on.size());
  return rest.empty() || (one.takes_value && rest.front() == '=');
}

// True if `name` is in a comma-separated list.
bool contains(std::string_view list, std::string_view name) {
  const auto names = os::split(list, ',');
  return std::find(names.begin(), names.end(), name) != names.end();
}

void update(std::string_view word, const Switch& one, std::string& in_force) {
  if (!one.off.empty() && word == one.off) {
    in_force.clear();
  } else if (switches_on(one, word)) {
    in_force = word;
  }
}

void update(std::string_view word, std::string_view sanitizer, std::string& in_force) {
  constexpr std::string_view kOn = "-fsanitize=", kOff = "-fno-sanitize=";
  if (word.starts_with(kOn) && contains(word.substr(kOn.size()), sanitizer)) {
    in_force = word;
  } else if (word.starts_with(kOff) &&
             (contains(word.substr(kOff.size()), sanitizer) || word.substr(kOff.size()) == "all")) {
    in_force.clear();
  }
}

}  // namespace

std::optional<std::string> option_naming_source(const compilation::CommandLine& command, bool absolute) {
  std::array<std::string, kSwitches.size()> switches;
  std::array<std::string, kSanitizers.size()> sanitizers;
  for (const compilation::Argument& argument : command.arguments) {
    const std::string word = compilation::as_word(argument);
    for (std::size_t i = 0; i < kSwitches.size(); ++i) update(word, kSwitches[i], switches[i]);
    for (std::size_t i = 0; i < kSanitizers.size(); ++i) update(word, kSanitizers[i], sanitizers[i]);
  }
  for (std::size_t i = 0; i < kSwitches.size(); ++i)
    if (!switches[i].empty() && (absolute || kSwitches[i].relative_too)) return switches[i];
  if (absolute)
    for (const std::string& word : sanitizers)
      if (!word.empty()) return word;
  return std::nullopt;
}

}  // namespace pump::include_server
