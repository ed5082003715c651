#include "pump/include_server/unit/command_line.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "pump/compilation/charset.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

OrRefusal<void> check_one_unit(const CommandLine& command, UnitOptions& options) {
  bool compiles = false;
  for (const Argument& argument : command.arguments) {
    switch (argument.option) {
      case Option::Compile:
      case Option::Assemble:
        compiles = true;
        break;
      case Option::PreprocessOnly:
      case Option::DependenciesOnly:
      case Option::SyntaxOnly:
        return refuse(GiveUp::NotOneTranslationUnit, argument.spelling);
      case Option::Version:
        if (argument.spelling != "-v" && argument.spelling != "--verbose")
          return refuse(GiveUp::NotOneTranslationUnit, argument.spelling);
        break;
      default:
        break;
    }
  }
  if (!compiles) return refuse(GiveUp::NotOneTranslationUnit, "neither -c nor -S");
  for (const compilation::Source& source : compilation::inputs(command)) {
    if (source.argument->value == "-")
      return refuse(GiveUp::NotOneTranslationUnit, "the source is standard input");
    if (source.language.empty()) continue;  // for the linker; ignored with -c or -S
    if (options.source != nullptr)
      return refuse(GiveUp::NotOneTranslationUnit,
                    fmt::format("several sources: {} and {}", options.source->value, source.argument->value));
    options.source = source.argument;
    options.language = source.language;
  }
  if (options.source == nullptr) return refuse(GiveUp::NotOneTranslationUnit, "no source");
  if (!compilation::is_translation_unit(options.language))
    return refuse(GiveUp::NotOneTranslationUnit,
                  fmt::format("{} is compiled as {}", options.source->value, options.language));
  return {};
}

bool is_modelled(std::string_view language) {
  constexpr std::array<std::string_view, 10> kModelled = {
      "c",         "c++",        "objective-c",    "objective-c++",          "assembler-with-cpp",
      "assembler", "cpp-output", "c++-cpp-output", "objective-c-cpp-output", "objective-c++-cpp-output"};
  for (const std::string_view name : kModelled)
    if (name == language) return true;
  return false;
}

// Refuses options with which the compiled text, or the opened files, differ from what this program finds.
OrRefusal<void> check_modelled(const Argument& argument) {
  switch (argument.option) {
    case Option::IncludePch:
    case Option::Plugin:
    case Option::ModuleMapper:
    case Option::Modules:
    case Option::ModuleFile:
    case Option::Specs:
    case Option::VfsOverlay:
    case Option::WorkingDirectory:
    case Option::Wrapper:
    case Option::Traditional:
    case Option::EmbedDirectory:
    case Option::NativeTuning:
      return refuse(GiveUp::NotSendable, argument.spelling);
    case Option::DriverMode:
      if (argument.value == "g++" || argument.value == "gcc") return {};
      return refuse(GiveUp::NotSendable, argument.spelling + argument.value);
    case Option::InputCharset:
      if (compilation::is_ascii_compatible(argument.value)) return {};
      return refuse(GiveUp::NotSendable, argument.spelling + argument.value);
    case Option::Other:
      // Contains an option that applies to one of several architectures.
      if (argument.spelling.starts_with("-Xarch_")) return refuse(GiveUp::NotSendable, argument.spelling);
      // #include then searches the directory of every file that is being included.
      if (argument.spelling == "-fms-compatibility") return refuse(GiveUp::NotSendable, argument.spelling);
      return {};
    default:
      return {};
  }
}

// Compilers cut the value at its first newline, but not all in the same way.
OrRefusal<void> add_macro(const Argument& argument, std::vector<MacroAction>& macros) {
  if (argument.value.find_first_of("\r\n") != std::string::npos)
    return refuse(GiveUp::NotSendable, fmt::format("{} has several lines", argument.spelling));
  if (argument.option == Option::Define) {
    macros.push_back({false, define_text(argument.value)});
  } else {
    macros.push_back({true, argument.value});
  }
  return {};
}

bool is_search_option(Option option) {
  switch (option) {
    case Option::IncludeDirectory:
    case Option::QuoteDirectory:
    case Option::SystemDirectory:
    case Option::AfterDirectory:
    case Option::Prefix:
    case Option::WithPrefix:
    case Option::WithPrefixBefore:
    case Option::SplitDirectories:
    case Option::FrameworkDirectory:
    case Option::SysrootDirectory:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string define_text(const std::string& value) {
  std::string text = value;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return text + " 1";
  text[equals] = ' ';
  return text;
}

OrRefusal<UnitOptions> interpret(const CommandLine& command, const std::vector<Argument>& arguments) {
  UnitOptions options;
  if (auto checked = check_one_unit(command, options); !checked) return tl::make_unexpected(checked.error());
  if (!is_modelled(options.language))
    return refuse(GiveUp::NotSendable, fmt::format("language {}", options.language));
  std::vector<Argument> includes;
  std::string include_sysroot;
  bool directives_only = false;
  for (const Argument& argument : arguments) {
    if (auto checked = check_modelled(argument); !checked) return tl::make_unexpected(checked.error());
    switch (argument.option) {
      case Option::Define:
      case Option::Undefine:
        if (auto added = add_macro(argument, options.macros); !added)
          return tl::make_unexpected(added.error());
        break;
      case Option::ForcedMacros:
        options.forced.push_back(argument);
        break;
      case Option::ForcedInclude:
        includes.push_back(argument);
        break;
      case Option::UndefineAll:
        options.undefine_all = true;
        break;
      case Option::Sysroot:
        options.sysroot = argument.value;
        break;
      case Option::IncludeSysroot:
        include_sysroot = argument.value;
        break;
      case Option::InputCharset:
        options.converts_text = !compilation::is_utf8(argument.value);
        break;
      case Option::MissingIncludeDirectories:
        options.require_directories =
            // -Werror= enables it, too.
            !argument.spelling.starts_with("-Wno-") && !argument.spelling.starts_with("--warn-no-");
        break;
      default:
        if (argument.spelling == "-fpreprocessed") options.preprocessed = true;
        if (argument.spelling == "-fno-preprocessed") {
          if (compilation::is_preprocessed(options.language))
            return refuse(GiveUp::NotSendable, fmt::format("{} for {}", argument.spelling, options.language));
          options.preprocessed = false;
        }
        if (argument.spelling.ends_with("directives-only"))
          directives_only = argument.spelling == "-fdirectives-only";
        if (argument.spelling.ends_with("canonical-system-headers"))
          options.canonical_system_headers = !argument.spelling.starts_with("-fno-");
        if (is_search_option(argument.option)) options.search.push_back(argument);
        break;
    }
  }
  // gcc then processes #include, but without its predefined macros.
  if (directives_only && (options.preprocessed || options.language.ends_with("cpp-output")))
    return refuse(GiveUp::NotSendable, "-fdirectives-only for preprocessed text");
  if (!include_sysroot.empty()) options.sysroot = include_sysroot;
  options.forced.insert(options.forced.end(), includes.begin(), includes.end());
  options.profile_flags = profile_flags_of(arguments);
  return options;
}

}  // namespace pump::include_server
