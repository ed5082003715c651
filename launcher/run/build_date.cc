#include "launcher/run/build_date.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "pump/os/format.h"

namespace pump::launcher {
namespace {

constexpr std::array<std::string_view, 2> kMacros{"__DATE__", "__TIME__"};

/// "-DNAME=…", "-UNAME", or "NAME=…" after "-D", if NAME may be a macro that compilers compute: it has the form of __FILE__.
bool defines_builtin(std::string_view word) {
  if (word.starts_with("-D") || word.starts_with("-U")) word.remove_prefix(2);
  const std::string_view name = word.substr(0, word.find('='));
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

bool names_date(std::string_view word) {
  return std::any_of(kMacros.begin(), kMacros.end(),
                     [word](std::string_view macro) { return word.find(macro) != std::string_view::npos; });
}

}  // namespace

bool uses_date_in_options(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return names_date(word) && !defines_builtin(word); });
}

std::string obstacle_to_date_words(const Decision& decision) {
  if (decision.debug == DebugInformation::WithMacros) return "debug information with macros";
  std::string obstacle;
  for (const std::string& word : decision.words) {
    if (defines_builtin(word)) return word;
    if (word == "-Wdate-time" || word == "-Werror=date-time" || word == "-Weverything") obstacle = word;
    if (word == "-Wno-date-time" || word == "-w") obstacle.clear();
    if (word == "-frecord-gcc-switches") return word;
  }
  return obstacle;
}

std::vector<std::string> date_words(std::time_t now) {
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int kFirstYear = 1900;
  std::tm local{};
  ::localtime_r(&now, &local);
  return {"-Wno-builtin-macro-redefined",
          os::format("-D__DATE__=\"{} {:2} {}\"", kMonths.at(static_cast<std::size_t>(local.tm_mon)),
                     local.tm_mday, local.tm_year + kFirstYear),
          os::format("-D__TIME__=\"{:02}:{:02}:{:02}\"", local.tm_hour, local.tm_min, local.tm_sec)};
}

}  // namespace pump::launcher
