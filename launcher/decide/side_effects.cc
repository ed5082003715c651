#include "launcher/decide/side_effects.h"

#include <algorithm>
#include <array>
#include <initializer_list>
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
    Rare{"-fdeps-target=", true, LocalReason::Dump},
    Rare{"-fltrans", true, LocalReason::LinkTimeOptimisation},
    Rare{"-fwpa", true, LocalReason::LinkTimeOptimisation},
    Rare{"-remap", false, LocalReason::LocalFile},  // reads header.gcc in directories of headers
    Rare{"-emit-llvm", false, LocalReason::LinkTimeOptimisation},
    Rare{"-fdiagnostics-absolute-paths", false, LocalReason::DebugNames},
    Rare{"-fdiagnostics-format=sarif", true, LocalReason::DebugNames},  // has URIs
    // gcc, and not the assembler, then makes the line tables, with the strings in another order.
    Rare{"-gno-as-loc-support", false, LocalReason::DebugNames},
    Rare{"-ftime-report", true, LocalReason::Measurement},
    Rare{"-fmem-report", true, LocalReason::Measurement},
    Rare{"-fpre-ipa-mem-report", false, LocalReason::Measurement},
    Rare{"-fpost-ipa-mem-report", false, LocalReason::Measurement},
    Rare{"-fproc-stat-report", true, LocalReason::Measurement},
    Rare{"-time", false, LocalReason::Measurement},
    Rare{"-Q", false, LocalReason::Measurement},
};

/// Words for the frontend that keep a command here, although they begin like one of kHarmless.
constexpr std::array kFrontEnd{
    Rare{"-fmodule", true, LocalReason::Module},
    Rare{"-emit-pch", false, LocalReason::PchCreation},
    Rare{"-fixit", true, LocalReason::FrontendOption},  // changes the source
    Rare{"-fprofile-instrument", true, LocalReason::Coverage},
    Rare{"-ftest-module-file-extension", true, LocalReason::FrontendOption},
    Rare{"-fembed-bitcode", true, LocalReason::RecordedCommand},
    Rare{"-fdiagnostics-absolute-paths", false, LocalReason::DebugNames},
    Rare{"-fdiagnostics-format", true, LocalReason::DebugNames},
    Rare{"-internal-", true, LocalReason::FrontendOption},
    Rare{"-c-isystem", false, LocalReason::FrontendOption},
    Rare{"-ftime-report", true, LocalReason::Measurement},
    Rare{"-sys-header-deps", false, LocalReason::DependencyFile},
    Rare{"-module-file-deps", false, LocalReason::DependencyFile},
    Rare{"-mlink-", true, LocalReason::LocalFile},
    Rare{"-mt-migrate-directory", false, LocalReason::FrontendOption},
};

/// Starts of words for the frontend that are compiled remotely. The frontend has some hundred others, for other
/// actions than a compilation, and for further files.
constexpr std::array<std::string_view, 24> kHarmless{
    "-f",       "-W",         "-w",         "-R",          "-O",
    "-m",       "-debug-",    "-dwarf-ver", "-target-",    "-tune-cpu",
    "-disable", "-vectorize", "-menable",   "-munwind",    "-pic-",
    "-stack-p", "-no-",       "-default-f", "-function-a", "-exception-model",
    "-relaxed", "-ffp-",      "-pedantic",  "-trigraphs"};

template <std::size_t N>
std::optional<LocalReason> look_up(const std::array<Rare, N>& table, std::string_view word) {
  for (const Rare& rare : table)
    if (rare.prefix ? word.starts_with(rare.spelling) : word == rare.spelling) return rare.reason;
  return {};
}

/// True if a word for another tool begins with one of `starts`.
bool passes_one_of(const Argument& argument, std::initializer_list<std::string_view> starts) {
  const std::vector<std::string> words = compilation::passed_words(argument);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::any_of(starts.begin(), starts.end(),
                       [word](std::string_view start) { return word.starts_with(start); });
  });
}

/// True if the assembler writes a listing (-a…, to a file or to standard output) or dependencies (--MD, to a file), or
/// prints what differs between machines (--version, --help, --statistics) in place of assembling, or besides.
bool assembler_writes(const Argument& argument) {
  return passes_one_of(argument,
                       {"-a", "--MD", "--version", "-version", "--help", "--target-help", "--statistics"});
}

/// True if an option for the assembler makes debug information, or changes the names in it. The assembler records the server's
/// directory and the name of its temporary input, and clang takes -Wa,-gdwarf-4 as its own -g.
bool assembler_names_files(const Argument& argument) {
  return passes_one_of(argument, {"-g", "--g", "--debug-prefix-map", "-fdebug"});
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
    case Option::ToAssembler:
      if (assembler_writes(argument)) return LocalReason::SideOutput;
      return assembler_names_files(argument) ? std::optional(LocalReason::DebugNames) : std::nullopt;
    default:
      return {};
  }
}

/// True for what an option of the frontend means besides its entry in by_option(): macros and directories, with which
/// the include server deals, and dependencies (dependency_file.h).
bool is_known_in_frontend(Option option) {
  switch (option) {
    case Option::Define:
    case Option::Undefine:
    case Option::UndefineAll:
    case Option::IncludeDirectory:
    case Option::QuoteDirectory:
    case Option::SystemDirectory:
    case Option::AfterDirectory:
    case Option::Prefix:
    case Option::WithPrefix:
    case Option::WithPrefixBefore:
    case Option::NoStandardIncludes:
    case Option::NoStandardCxxIncludes:
    case Option::ForcedInclude:
    case Option::ForcedMacros:
    case Option::Standard:
    case Option::Target:
    case Option::PrefixMap:
    case Option::InputCharset:
    case Option::RandomSeed:
    case Option::DependencyFile:
    case Option::DependencyFileName:
    case Option::DependencyTarget:
      return true;
    default:
      return false;
  }
}

/// For an option after -Xclang or -Xpreprocessor, or in -Wp,.
std::optional<LocalReason> by_frontend_option(const Argument& argument) {
  if (auto reason = by_option(argument)) return reason;
  const std::string word = compilation::as_word(argument);
  if (auto reason = look_up(kFrontEnd, word)) return reason;
  if (is_known_in_frontend(argument.option)) return {};
  const bool harmless = argument.option == Option::Other &&
                        std::any_of(kHarmless.begin(), kHarmless.end(),
                                    [&](std::string_view start) { return word.starts_with(start); });
  return harmless ? std::nullopt : std::optional(LocalReason::FrontendOption);
}

/// True for an option of LLVM (-mllvm) that names a file or prints something else than the compiler's messages.
bool prints_or_names_file(const Argument& argument) {
  if (argument.spelling != "-mllvm") return false;
  const std::string_view name = std::string_view(argument.value).substr(0, argument.value.find('='));
  constexpr std::array<std::string_view, 14> kParts{"file",    "output", "-dot",    "dot-",  "-dir",
                                                    "path",    "replay", "mapping", "print", "stats",
                                                    "version", "help",   "time-",   "dump"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [name](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

/// A map of the empty name changes every name, also those of the server that repair.h looks for.
bool maps_every_name(const Argument& argument) {
  return argument.option == Option::PrefixMap && argument.value.starts_with('=');
}

std::string as_written(const Argument& argument) {
  if (!argument.carrier.empty())
    return argument.carrier + " " + argument.spelling +
           (argument.separate ? " " + argument.carrier + " " : std::string()) + argument.value;
  return argument.separate && !argument.value.empty() ? argument.spelling + " " + argument.value
                                                      : argument.spelling + argument.value;
}

}  // namespace

std::optional<Fault> find_side_effect(const compilation::CommandLine& command) {
  bool has_target = false;
  for (const Argument& argument : compilation::preprocessor_arguments(command)) {
    std::optional<LocalReason> reason =
        argument.carrier.empty() ? by_option(argument) : by_frontend_option(argument);
    if (!reason && argument.option == Option::Other) reason = look_up(kRare, compilation::as_word(argument));
    if (!reason && prints_or_names_file(argument)) reason = LocalReason::FrontendOption;
    if (!reason && maps_every_name(argument)) reason = LocalReason::DebugNames;
    if (argument.carrier.empty() && argument.option == Option::DependencyTarget &&
        std::exchange(has_target, true))
      reason = LocalReason::DependencyTargets;
    if (reason) return Fault{*reason, as_written(argument)};
  }
  for (const Argument& argument : command.arguments) {
    std::optional<LocalReason> reason;
    if (carries_native(argument)) reason = LocalReason::NativeTuning;
    if (!reason && converts_text(argument)) reason = LocalReason::InputCharset;
    if (reason) return Fault{*reason, as_written(argument)};
  }
  return {};
}

}  // namespace pump::launcher
