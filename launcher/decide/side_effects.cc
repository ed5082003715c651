#include "launcher/decide/side_effects.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pump/compilation/charset.h"
#include "pump/compilation/pass_through.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::Option;

/// An option by spelling. With `prefix` it matches the start of a word, otherwise the whole word.
struct Rare {
  std::string_view spelling;
  bool prefix;
  LocalReason reason;
};

constexpr std::array kRare{
    Rare{"-time=", true, LocalReason::SideOutput},
    Rare{"-Xarch_", true, LocalReason::TargetOptions},
    Rare{"-Xopenmp-target", true, LocalReason::TargetOptions},
    Rare{"-frepo", false, LocalReason::SideOutput},
    Rare{"-save-stats", true, LocalReason::SideOutput},
    Rare{"--save-stats", true, LocalReason::SideOutput},
    Rare{"-fcrash-diagnostics-dir=", true, LocalReason::SideOutput},
    Rare{"-fprofile-correction", false, LocalReason::ProfileUse},
};

/// Words after -Xclang that keep a command here.
constexpr std::array kFrontEnd{
    Rare{"-load", false, LocalReason::Plugin},
    Rare{"-plugin", true, LocalReason::Plugin},
    Rare{"-add-plugin", false, LocalReason::Plugin},
    Rare{"-fplugin", true, LocalReason::Plugin},
    Rare{"-fpass-plugin", true, LocalReason::Plugin},
    Rare{"-emit-pch", false, LocalReason::PchCreation},
    Rare{"-include-pch", true, LocalReason::PchUse},
    Rare{"-pch-through-header", true, LocalReason::PchUse},
    Rare{"-building-pch-with-obj", false, LocalReason::PchUse},
    Rare{"-emit-", true, LocalReason::SideOutput},
    Rare{"-fmodule", true, LocalReason::Module},
    Rare{"-dependency-file", false, LocalReason::SideOutput},
    Rare{"-dependency-dot", false, LocalReason::SideOutput},
    Rare{"-module-dependency-dir", false, LocalReason::SideOutput},
    Rare{"-header-include-file", false, LocalReason::SideOutput},
    Rare{"-diagnostic-log-file", false, LocalReason::SideOutput},
    Rare{"-serialize-diagnostic-file", false, LocalReason::SideOutput},
    Rare{"-stats-file", true, LocalReason::SideOutput},
    Rare{"-split-dwarf", true, LocalReason::SplitDwarf},
    Rare{"-coverage-", true, LocalReason::Coverage},
    Rare{"-ivfsoverlay", true, LocalReason::LocalFile},
    Rare{"-o", false, LocalReason::SideOutput},
    Rare{"-main-file-name", false, LocalReason::SideOutput},
};

template <std::size_t N>
std::optional<LocalReason> look_up(const std::array<Rare, N>& table, std::string_view word) {
  for (const Rare& rare : table)
    if (rare.prefix ? word.starts_with(rare.spelling) : word == rare.spelling) return rare.reason;
  return {};
}

/// True if the assembler writes a listing (-a…, to a file or to standard output) or dependencies (--MD, to a
/// file).
bool assembler_writes(std::string_view values) {
  return values.starts_with("-a") || values.find(",-a") != std::string_view::npos ||
         values.find("--MD") != std::string_view::npos;
}

/// True if the argument passes "native", or an option with that value, to another tool.
bool carries_native(const Argument& argument) {
  std::vector<std::string> words = compilation::passed_words(argument);
  if (argument.spelling == "-mllvm") words.push_back(argument.value);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "native" || word.find("=native") != std::string::npos;
  });
}

/// True for -finput-charset= with a character set that the compiler converts, also if it is passed to the
/// preprocessor.
bool converts_text(const Argument& argument) {
  if (argument.option == Option::InputCharset) return !compilation::is_utf8(argument.value);
  constexpr std::string_view kOption = "-finput-charset=";
  const std::vector<std::string> words = compilation::passed_words(argument);
  return std::any_of(words.begin(), words.end(), [kOption](std::string_view word) {
    return word.starts_with(kOption) && !compilation::is_utf8(word.substr(kOption.size()));
  });
}

std::optional<LocalReason> by_option(const Argument& argument) {
  switch (argument.option) {
    case Option::SplitDwarf:
      return LocalReason::SplitDwarf;
    case Option::SaveTemps:
      return LocalReason::SaveTemps;
    case Option::StackUsage:
      return LocalReason::StackUsage;
    case Option::TimeTrace:
      return LocalReason::TimeTrace;
    case Option::Coverage:
      return LocalReason::Coverage;
    case Option::ProfileUse:
      return LocalReason::ProfileUse;
    case Option::Dump:
      return LocalReason::Dump;
    case Option::CallGraphInfo:
      return LocalReason::CallGraphInfo;
    case Option::NativeTuning:
      return LocalReason::NativeTuning;
    case Option::Plugin:
      return LocalReason::Plugin;
    case Option::Specs:
    case Option::VfsOverlay:
    case Option::ConfigFile:
    case Option::SanitizerList:
    case Option::AuxiliaryInput:
    case Option::ToolDirectory:
    case Option::WorkingDirectory:
    case Option::Wrapper:
      return LocalReason::LocalFile;
    case Option::DriverMode:
      return argument.value == "gcc" || argument.value == "g++"
                 ? std::nullopt
                 : std::optional(LocalReason::NotDistributable);
    case Option::IncludePch:
      return LocalReason::PchUse;
    case Option::ToClangCc1:
      return look_up(kFrontEnd, argument.value);
    case Option::ToAssembler:
      return assembler_writes(argument.value) ? std::optional(LocalReason::SideOutput) : std::nullopt;
    default:
      return {};
  }
}

std::string as_written(const Argument& argument) {
  return argument.separate && !argument.value.empty() ? argument.spelling + " " + argument.value
                                                      : argument.spelling + argument.value;
}

}  // namespace

std::optional<Fault> find_side_effect(const compilation::CommandLine& command) {
  bool has_target = false;
  for (const Argument& argument : command.arguments) {
    std::optional<LocalReason> reason = by_option(argument);
    if (!reason && carries_native(argument)) reason = LocalReason::NativeTuning;
    if (!reason && converts_text(argument)) reason = LocalReason::InputCharset;
    if (!reason && argument.option == Option::Other) reason = look_up(kRare, compilation::as_word(argument));
    if (argument.option == Option::DependencyTarget && std::exchange(has_target, true))
      reason = LocalReason::DependencyTargets;
    if (reason) return Fault{*reason, as_written(argument)};
  }
  return {};
}

}  // namespace pump::launcher
