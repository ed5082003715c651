#include "pump/include_server/unit/profile_flags.h"

#include <array>
#include <string_view>

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::Option;

enum class Use { Drop, Keep, MovesDirectories, NamesFile };

// -Wdeprecated, -Wno-error=vla=3, --warn-no-pedantic …: warnings whose state shows in predefined macros.
bool is_shown_by_macros(std::string_view word) {
  for (const std::string_view prefix : {"-W", "--warn-"}) {
    if (!word.starts_with(prefix)) continue;
    word.remove_prefix(prefix.size());
    for (const std::string_view part : {"no-", "error="})
      if (word.starts_with(part)) word.remove_prefix(part.size());
    return word.starts_with("deprecated") || word.starts_with("pedantic") || word.starts_with("vla");
  }
  return word.starts_with("-pedantic") || word.starts_with("--pedantic");
}

// Options without an enumerator of their own that change only diagnostics, output or linking.
bool is_irrelevant(std::string_view word) {
  if (is_shown_by_macros(word)) return false;
  constexpr std::array<std::string_view, 35> kPrefixes = {"-W",
                                                          "-w",
                                                          "-l",
                                                          "-L",
                                                          "-T",
                                                          "-u",
                                                          "-z",
                                                          "-Xlinker",
                                                          "-Q",
                                                          "-P",
                                                          "-C",
                                                          "-pipe",
                                                          "--param",
                                                          "-mllvm",
                                                          "-dumpbase",
                                                          "-dumpdir",
                                                          "-fdiagnostics-",
                                                          "-fno-diagnostics-",
                                                          "-fcolor-diagnostics",
                                                          "-fno-color-diagnostics",
                                                          "-fansi-escape-codes",
                                                          "-fmessage-length",
                                                          "-fverbose-asm",
                                                          "-fworking-directory",
                                                          "-fno-working-directory",
                                                          "-fdirectives-only",
                                                          "-fpreprocessed",
                                                          "-ftime-report",
                                                          "-fmax-errors",
                                                          "-ferror-limit",
                                                          "-ftemplate-",
                                                          "-fconstexpr-",
                                                          "--warn-",
                                                          "-rdynamic",
                                                          "-fmax-include-depth"};
  for (const std::string_view prefix : kPrefixes)
    if (word.starts_with(prefix)) return true;
  return false;
}

Use use_of(const Argument& argument) {
  switch (argument.option) {
    case Option::Coverage:  // clang 19 defines a macro if it instruments code, and if it uses a profile
      return argument.spelling.find("-generate") == std::string::npos ? Use::Drop : Use::Keep;
    case Option::ProfileUse:  // the others are refused by RemoteCommandCheck::auxiliary_files
      return argument.spelling == "-fprofile-instr-use=" ? Use::NamesFile : Use::Drop;
    case Option::NoStandardIncludes:
    case Option::NoStandardCxxIncludes:
    case Option::StandardLibrary:
    case Option::UndefineAll:
    case Option::Standard:
    case Option::Target:
    case Option::DriverMode:
    case Option::DebugInfo:  // __GCC_HAVE_DWARF2_CFI_ASM depends on it
    case Option::SplitDwarf:
      return Use::Keep;
    case Option::Sysroot:
    case Option::IncludeSysroot:
    case Option::ToolDirectory:
      return Use::MovesDirectories;
    case Option::Language:  // -ObjC; the probe sets the language itself
      return Use::Drop;
    case Option::Other:
      return is_irrelevant(argument.spelling) ? Use::Drop : Use::Keep;
    default:
      return Use::Drop;
  }
}

// The words of one argument, each after -Xclang or -Xpreprocessor if it was passed that way.
void append_words(const Argument& argument, std::vector<std::string>& flags) {
  const auto add = [&](std::string word) {
    if (!argument.carrier.empty()) flags.push_back(argument.carrier);
    flags.push_back(std::move(word));
  };
  if (argument.separate) {
    add(argument.spelling);
    add(argument.value);
  } else {
    add(argument.spelling + argument.value);
  }
}

}  // namespace

ProfileFlags profile_flags_of(const std::vector<Argument>& arguments) {
  ProfileFlags flags;
  for (const Argument& argument : arguments) {
    const Use use = use_of(argument);
    if (use == Use::Drop) continue;
    append_words(argument, flags.all);
    if (use == Use::NamesFile) {
      flags.name_relative_paths |= !argument.value.starts_with('/');
    } else if (use == Use::MovesDirectories) {
      flags.move_default_directories = true;
      (argument.value.starts_with('/') ? flags.name_absolute_paths : flags.name_relative_paths) = true;
    } else {
      append_words(argument, flags.plain);
    }
  }
  return flags;
}

}  // namespace pump::include_server
