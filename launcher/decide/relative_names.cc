#include "launcher/decide/relative_names.h"

#include <algorithm>
#include <array>

#include "pump/compilation/pass_through.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

/// Distinguishes these names from those that the user wrote.
constexpr std::string_view kPrefix = "././";

bool is_header_directory(Option option) {
  return option == Option::IncludeDirectory || option == Option::QuoteDirectory ||
         option == Option::SystemDirectory || option == Option::AfterDirectory;
}

bool is_file_name(Option option) {
  return option == Option::Input || option == Option::ForcedInclude || option == Option::ForcedMacros;
}

bool is_absolute_name(const Argument& argument) {
  return (is_header_directory(argument.option) || is_file_name(argument.option)) &&
         argument.value.starts_with('/');
}

bool has_absolute_source(const CommandLine& command) {
  const Argument* source = command.last(Option::Input);
  return source != nullptr && source->value.starts_with('/');
}

/// True for "../.." and similar names. Together with the name in an #include they may lead up to the root,
/// and then look like one of these names without "././".
bool leads_only_upwards(std::string_view name) {
  while (name.starts_with("../")) name.remove_prefix(3);
  return name == ".." || name.empty();
}

/// True for options that make the object hold names or words of the command, or that lay out messages by the
/// length of names.
bool depends_on_names(const Argument& argument, std::string_view word) {
  constexpr std::array<std::string_view, 4> kPrefixes{
      "-fsanitize=", "-fmessage-length=", "-fdiagnostics-format", "-fembed-bitcode"};
  constexpr std::array<std::string_view, 6> kWords{"-funique-internal-linkage-names",
                                                   "-fpseudo-probe-for-profiling",
                                                   "-emit-llvm",
                                                   "-fdiagnostics-absolute-paths",
                                                   "-H",
                                                   "-MV"};
  if (argument.option == Option::Prefix || argument.option == Option::WithPrefix ||
      argument.option == Option::WithPrefixBefore)
    return true;
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [word](std::string_view prefix) { return word.starts_with(prefix); });
}

bool is_prefix_map(const Argument& argument) {
  return argument.option == Option::PrefixMap && argument.spelling.ends_with("prefix-map=");
}

struct PrefixMap {
  std::string from, to;
  bool debug = false, macro = false;
};

/// The command's prefix maps. clang splits at the first '='.
std::vector<PrefixMap> prefix_maps(const CommandLine& command) {
  std::vector<PrefixMap> maps;
  for (const Argument& argument : command.arguments) {
    if (!is_prefix_map(argument)) continue;
    const std::size_t equals = argument.value.find('=');
    if (equals == std::string::npos) continue;
    const bool both = argument.spelling == "-ffile-prefix-map=";
    maps.push_back({argument.value.substr(0, equals), argument.value.substr(equals + 1),
                    both || argument.spelling == "-fdebug-prefix-map=",
                    both || argument.spelling == "-fmacro-prefix-map="});
  }
  return maps;
}

/// The absolute directories of the command, each once and with a slash at its end.
std::vector<std::string> directories(const CommandLine& command) {
  std::vector<std::string> found;
  for (const Argument& argument : compilation::preprocessor_arguments(command)) {
    if (!is_absolute_name(argument)) continue;
    std::string directory = is_file_name(argument.option)
                                ? argument.value.substr(0, argument.value.rfind('/') + 1)
                                : argument.value + "/";
    if (std::find(found.begin(), found.end(), directory) == found.end())
      found.push_back(std::move(directory));
  }
  return found;
}

/// The directory that the user's maps put in place of `directory`. Nothing if that differs between names in
/// it, or between versions of clang, which apply either the first or the last map.
std::optional<std::string> mapped(const std::string& directory, const std::vector<PrefixMap>& maps,
                                  bool PrefixMap::*kind) {
  std::optional<std::string> result;
  for (const PrefixMap& map : maps) {
    if (!(map.*kind)) continue;
    if (directory.starts_with(map.from)) {
      std::string candidate = map.to + directory.substr(map.from.size());
      if (result && *result != candidate) return {};
      result = std::move(candidate);
    } else if (map.from.starts_with(directory)) {
      return {};
    }
  }
  return result ? result : std::optional(directory);
}

std::string obstacle_in_prefix_maps(const CommandLine& command) {
  const std::vector<PrefixMap> maps = prefix_maps(command);
  if (maps.empty()) return {};
  for (const PrefixMap& map : maps)
    if (map.from.empty() || map.from.starts_with('.')) return map.from + "=" + map.to;
  for (const std::string& directory : directories(command)) {
    if (directory.find('=') != std::string::npos) return directory;
    for (const auto kind : {&PrefixMap::debug, &PrefixMap::macro})
      if (!mapped(directory, maps, kind)) return "the prefix maps for " + directory;
  }
  return {};
}

std::string_view without_prefix(std::string_view root) {
  return root.substr(kPrefix.size());
}

}  // namespace

bool has_absolute_names(const CommandLine& command) {
  const std::vector<Argument> arguments = compilation::preprocessor_arguments(command);
  return std::any_of(arguments.begin(), arguments.end(), is_absolute_name);
}

std::string relative_root(const std::string& cwd) {
  std::string root(kPrefix);
  for (std::size_t at = 0; at < cwd.size(); ++at)
    if (cwd[at] == '/' && at + 1 < cwd.size()) root += "../";
  return root;
}

std::string obstacle_to_relative_names(const CommandLine& command, const std::string& cwd) {
  const std::string root = relative_root(cwd);
  const bool absolute_source = has_absolute_source(command);
  for (const Argument& argument : command.arguments) {
    const std::string& word = command.words[argument.first];
    if (depends_on_names(argument, word)) return word;
    const bool named = is_header_directory(argument.option) || is_file_name(argument.option);
    if (!named || argument.value.starts_with('/')) continue;
    const bool alike = argument.value.starts_with(kPrefix) ||
                       (absolute_source && (argument.value.starts_with(without_prefix(root)) ||
                                            leads_only_upwards(argument.value)));
    if (alike) return word;
  }
  for (const Argument& argument : compilation::preprocessor_arguments(command))
    if (!argument.carrier.empty() && argument.carrier != "-Xclang" && is_absolute_name(argument))
      return argument.carrier + " " + argument.value;
  return obstacle_in_prefix_maps(command);
}

CommandLine with_relative_names(const CommandLine& command, const std::string& cwd) {
  const std::string root = relative_root(cwd);
  CommandLine result = command;
  // Arguments after -Xclang are separate words.
  for (const Argument& argument : compilation::preprocessor_arguments(command))
    if (argument.carrier == "-Xclang" && is_absolute_name(argument))
      result.words[argument.value_word] =
          (argument.separate ? std::string() : argument.spelling) + root + argument.value.substr(1);
  for (Argument& argument : result.arguments) {
    if (!is_absolute_name(argument)) continue;
    argument.value = root + argument.value.substr(1);
    if (argument.separate)
      result.words[argument.value_word] = argument.value;
    else
      result.words[argument.first] =
          argument.option == Option::Input ? argument.value : argument.spelling + argument.value;
  }
  return result;
}

std::vector<std::string> prefix_map_words(const CommandLine& command, const std::string& cwd) {
  const std::string root = relative_root(cwd);
  std::vector<std::string_view> starts{root};
  // clang removes "././" from the name of the unit.
  if (has_absolute_source(command) && !without_prefix(root).empty()) starts.push_back(without_prefix(root));
  std::vector<std::string> words;
  const std::vector<PrefixMap> maps = prefix_maps(command);
  for (const std::string_view start : starts) {
    if (maps.empty()) {
      words.push_back("-ffile-prefix-map=" + std::string(start) + "=/");
      continue;
    }
    for (const std::string& directory : directories(command)) {
      const std::string from = std::string(start) + directory.substr(1) + "=";
      words.push_back("-fdebug-prefix-map=" + from +
                      mapped(directory, maps, &PrefixMap::debug).value_or(directory));
      words.push_back("-fmacro-prefix-map=" + from +
                      mapped(directory, maps, &PrefixMap::macro).value_or(directory));
    }
  }
  return words;
}

std::string with_absolute_names(std::string_view text, const std::string& root) {
  std::string result;
  for (std::size_t at; (at = text.find(root)) != std::string_view::npos;) {
    result.append(text.substr(0, at)) += '/';
    text.remove_prefix(at + root.size());
  }
  return result.append(text);
}

std::string absolute_name(std::string_view name, std::string_view root) {
  if (root.empty()) return std::string(name);
  for (const std::string_view start : {root, without_prefix(root)})
    if (!start.empty() && name.starts_with(start)) return "/" + std::string(name.substr(start.size()));
  return std::string(name);
}

}  // namespace pump::launcher
