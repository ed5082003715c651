#include "pump/include_server/unit/command_line.h"

#include <array>
#include <utility>

#include "pump/compilation/charset.h"
#include "pump/compilation/language.h"
#include "pump/compilation/relative_root.h"
#include "pump/os/format.h"

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
                    os::format("several sources: {} and {}", options.source->value, source.argument->value));
    options.source = source.argument;
    options.language = source.language;
  }
  if (options.source == nullptr) return refuse(GiveUp::NotOneTranslationUnit, "no source");
  if (!compilation::is_translation_unit(options.language))
    return refuse(GiveUp::NotOneTranslationUnit,
                  os::format("{} is compiled as {}", options.source->value, options.language));
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
      // gcc then reads header.gcc in each directory, which gives headers other names.
      if (argument.spelling == "-remap") return refuse(GiveUp::NotSendable, argument.spelling);
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
    return refuse(GiveUp::NotSendable, os::format("{} has several lines", argument.spelling));
  if (argument.option == Option::Define) {
    macros.push_back({false, define_text(argument.value)});
  } else {
    macros.push_back({true, argument.value});
  }
  return {};
}

// Adds the effect of one option after another to UnitOptions.
class Interpreter {
 public:
  explicit Interpreter(UnitOptions options) : options_(std::move(options)) {}

  OrRefusal<void> add(const Argument& argument) {
    switch (argument.option) {
      case Option::Define:
      case Option::Undefine:
        return add_macro(argument, options_.macros);
      case Option::ForcedMacros:
        options_.forced.push_back(argument);
        return {};
      case Option::ForcedInclude:
        includes_.push_back(argument);
        return {};
      case Option::UndefineAll:
        options_.undefine_all = true;
        return {};
      case Option::Sysroot:
        options_.sysroot = argument.value;
        return {};
      case Option::IncludeSysroot:
        include_sysroot_ = argument.value;
        return {};
      case Option::InputCharset:
        options_.converts_text = !compilation::is_utf8(argument.value);
        return {};
      case Option::MissingIncludeDirectories:  // -Werror= enables it, too
        options_.require_directories =
            !argument.spelling.starts_with("-Wno-") && !argument.spelling.starts_with("--warn-no-");
        return {};
      case Option::PrefixMap:
        if (argument.value.starts_with(compilation::kCwdLink)) options_.maps_names_over_cwd = true;
        return {};
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
        options_.search.push_back(argument);
        return {};
      default:
        return add_flag(argument.spelling);
    }
  }

  OrRefusal<UnitOptions> finish() && {
    // gcc then processes #include, but without its predefined macros.
    if (directives_only_ && (options_.preprocessed || options_.language.ends_with("cpp-output")))
      return refuse(GiveUp::NotSendable, "-fdirectives-only for preprocessed text");
    if (!include_sysroot_.empty()) options_.sysroot = include_sysroot_;
    options_.forced.insert(options_.forced.end(), includes_.begin(), includes_.end());
    return std::move(options_);
  }

 private:
  // Options without an enumerator of their own.
  OrRefusal<void> add_flag(std::string_view flag) {
    if (flag == "-fpreprocessed") options_.preprocessed = true;
    if (flag == "-fno-preprocessed") {
      if (compilation::is_preprocessed(options_.language))
        return refuse(GiveUp::NotSendable, os::format("{} for {}", flag, options_.language));
      options_.preprocessed = false;
    }
    if (flag.ends_with("directives-only")) directives_only_ = flag == "-fdirectives-only";
    if (flag.ends_with("canonical-system-headers"))
      options_.canonical_system_headers = !flag.starts_with("-fno-");
    return {};
  }

  UnitOptions options_;
  std::vector<Argument> includes_;
  std::string include_sysroot_;  // wins over --sysroot
  bool directives_only_ = false;
};

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
    return refuse(GiveUp::NotSendable, os::format("language {}", options.language));
  options.profile_flags = profile_flags_of(arguments);
  Interpreter interpreter(std::move(options));
  for (const Argument& argument : arguments)
    for (const OrRefusal<void>& checked : {check_modelled(argument), interpreter.add(argument)})
      if (!checked) return tl::make_unexpected(checked.error());
  return std::move(interpreter).finish();
}

}  // namespace pump::include_server
