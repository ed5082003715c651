#include "launcher/decide/relative_names.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>

#include "pump/compilation/pass_through.h"
#include "pump/compilation/relative_root.h"
#include "pump/os/file_io.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

using compilation::kRelativeMark;
using compilation::kStepUp;

bool is_header_directory(Option option) {
  return option == Option::IncludeDirectory || option == Option::QuoteDirectory ||
         option == Option::SystemDirectory || option == Option::AfterDirectory;
}

bool is_forced_file(Option option) {
  return option == Option::ForcedInclude || option == Option::ForcedMacros;
}

bool is_file_name(Option option) {
  return option == Option::Input || is_forced_file(option);
}

/// True for directories whose headers gcc reports by their real path if that is shorter.
bool may_be_shortened(const Argument& argument, const NamingRules& rules) {
  return !rules.clang &&
         (argument.option == Option::SystemDirectory || argument.option == Option::AfterDirectory);
}

/// The working directory or one above it.
struct Ancestor {
  std::size_t up = 0;
  std::string_view path;  ///< ends in a slash
};

/// From the directory above `cwd` to the root. None for the root.
std::vector<Ancestor> ancestors(std::string_view cwd) {
  std::vector<Ancestor> result;
  for (std::size_t slash = cwd.rfind('/'); slash != std::string_view::npos && cwd.size() > 1;
       slash = slash == 0 ? std::string_view::npos : cwd.rfind('/', slash - 1))
    result.push_back({result.size() + 1, cwd.substr(0, slash + 1)});
  return result;
}

/// False if some compiler, option or dependency file would need a quoted or different spelling.
bool is_plain(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+,@~^").find(c) != std::string_view::npos;
  });
}

/// True if `rest` begins with a directory's name: clang leaves out one of two slashes, and all slashes at the end.
bool begins_with_directory(std::string_view rest) {
  return !rest.empty() && rest.front() != '/';
}

/// The nearest ancestor of the working directory below which `name` is. Nothing if there is none.
std::optional<Ancestor> root_for(std::string_view name, bool is_file,
                                 const std::vector<Ancestor>& ancestors) {
  // A file's directory must have a name below the root, too: it is the beginning of names in #include "...".
  const std::string_view directory = is_file ? name.substr(0, name.rfind('/') + 1) : name;
  for (const Ancestor& ancestor : ancestors)
    if (directory.starts_with(ancestor.path) &&
        begins_with_directory(directory.substr(ancestor.path.size())) && is_plain(ancestor.path))
      return ancestor;
  return {};
}

/// An argument whose name becomes relative.
struct Renamed {
  const Argument& argument;
  std::string name;  ///< the absolute name
  Ancestor root;
  bool may_be_shortened;
};

/// The name of a system directory for gcc: its real path if that is shorter, as header's names begin with it then. Nothing if
/// nothing is there.
std::string shortest_name(const std::string& directory, const NamingRules& rules) {
  std::string real = rules.real_path(directory);
  const std::size_t size = directory.size() - (directory.ends_with('/') ? 1 : 0);
  return !real.empty() && real.size() < size ? real : directory;
}

/// True if gcc on a server may find that the real path of a header is shorter than this relative name.
bool is_too_long(const Ancestor& root) {
  constexpr std::size_t kJobDirectory = std::string_view("/tmp/distccd_XXXXXX").size();
  return kStepUp.size() * root.up + kRelativeMark.size() > kJobDirectory + root.path.size();
}

/// True if the working directory has another name than "." for clang, from the command. clang puts the name that it met first
/// before relative names of forced files.
bool working_directory_is_named(const std::vector<Argument>& arguments, const NamingRules& rules) {
  const auto leads_here = [&](std::string directory) {
    if (!directory.starts_with('/')) directory = rules.cwd + "/" + directory;
    return rules.real_path(directory) == rules.cwd;
  };
  return std::any_of(arguments.begin(), arguments.end(), [&](const Argument& argument) {
    const std::string& name = argument.value;
    if (argument.option == Option::Input)
      return name.find('/') != std::string::npos && leads_here(name.substr(0, name.rfind('/') + 1));
    if (!is_header_directory(argument.option) || name.empty() || name == ".") return false;
    if (leads_here(name)) return true;
    // For a directory that is missing, clang meets the one above it.
    const std::string absolute = name.starts_with('/') ? name : rules.cwd + "/" + name;
    return rules.real_path(absolute).empty() &&
           leads_here(std::string(os::dirname(absolute.substr(0, absolute.find_last_not_of('/') + 1))));
  });
}

template <typename Visit>
void visit_names(const std::vector<Argument>& arguments, const NamingRules& rules, const Visit& visit) {
  const std::vector<Ancestor> above = ancestors(rules.cwd);
  bool canonical = true;
  for (const Argument& argument : arguments)
    if (argument.spelling.ends_with("canonical-system-headers"))
      canonical = argument.spelling == "-fcanonical-system-headers";
  for (const Argument& argument : arguments) {
    const bool named = is_header_directory(argument.option) || is_file_name(argument.option);
    if (!named || !argument.value.starts_with('/')) continue;
    // Other carriers have words of their own that cannot be changed alone.
    if (!argument.carrier.empty() && argument.carrier != "-Xclang") continue;
    if (rules.clang && is_forced_file(argument.option) && working_directory_is_named(arguments, rules))
      continue;
    const bool shortened = canonical && may_be_shortened(argument, rules);
    const std::string name = shortened ? shortest_name(argument.value, rules) : argument.value;
    const auto root = root_for(name, is_file_name(argument.option), above);
    if (root && !(shortened && is_too_long(*root))) visit(Renamed{argument, name, *root, shortened});
  }
}

/// The sanitizers in force whose reports name files. The object holds these names as the compiler was given them.
class NamingSanitizers {
 public:
  void read(std::string_view word) {
    constexpr std::string_view kOn = "-fsanitize=", kOff = "-fno-sanitize=";
    if (word.starts_with(kOn)) {
      for (const std::string_view name : os::split(word.substr(kOn.size()), ','))
        if (!names_no_files(name)) in_force_.insert(std::string(name));
    } else if (word.starts_with(kOff)) {
      for (const std::string_view name : os::split(word.substr(kOff.size()), ',')) {
        if (name == "all") in_force_.clear();
        in_force_.erase(std::string(name));
      }
    }
  }
  [[nodiscard]] std::string first() const {
    return in_force_.empty() ? std::string() : "-fsanitize=" + *in_force_.begin();
  }

 private:
  static bool names_no_files(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames{"thread", "leak", "memory", "safe-stack",
                                                     "shadow-call-stack"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  }
  std::set<std::string> in_force_;
};

/// True for options that make the object depend on names as the compiler is given them.
bool depends_on_names(std::string_view word) {
  constexpr std::array<std::string_view, 3> kPrefixes{
      "-fembed-bitcode",
      "-finstrument-functions-exclude-file-list=",  // compares them with parts of names
      "-fsanitize-undefined-strip-path-components=",
  };
  constexpr std::array<std::string_view, 4> kWords{
      "-funique-internal-linkage-names", "-fpseudo-probe-for-profiling", "-emit-llvm",
      "-fcanon-prefix-map",  // maps real paths
  };
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [word](std::string_view prefix) { return word.starts_with(prefix); });
}

/// True if a macro is __PRETTY_FUNCTION__, or __FUNCSIG__ exists. In both clang names the file of a lambda or unnamed type, which no
/// prefix map changes.
bool names_functions(std::string_view word) {
  return word.find("__PRETTY_FUNCTION__") != std::string_view::npos || word == "-fms-extensions" ||
         word == "-fms-compatibility";
}

struct PrefixMap {
  std::string from, to;
  bool debug = false, macro = false;
};
using Kind = bool PrefixMap::*;

/// The command's prefix maps. gcc splits at the last '=', clang at the first.
std::vector<PrefixMap> prefix_maps(const CommandLine& command, const NamingRules& rules) {
  std::vector<PrefixMap> maps;
  for (const Argument& argument : command.arguments) {
    if (argument.option != Option::PrefixMap || !argument.spelling.ends_with("prefix-map=")) continue;
    const std::size_t equals = rules.clang ? argument.value.find('=') : argument.value.rfind('=');
    if (equals == std::string::npos) continue;
    const bool both = argument.spelling == "-ffile-prefix-map=";
    PrefixMap map{argument.value.substr(0, equals), argument.value.substr(equals + 1),
                  both || argument.spelling == "-fdebug-prefix-map=",
                  both || argument.spelling == "-fmacro-prefix-map="};
    if (map.debug || map.macro) maps.push_back(std::move(map));
  }
  return maps;
}

/// The absolute directories that become relative, each once and with a slash at its end, with their roots.
std::vector<std::pair<std::string, Ancestor>> directories(const CommandLine& command,
                                                          const NamingRules& rules) {
  std::vector<std::pair<std::string, Ancestor>> found;
  visit_names(compilation::preprocessor_arguments(command), rules, [&](const Renamed& name) {
    std::string directory =
        is_file_name(name.argument.option) ? name.name.substr(0, name.name.rfind('/') + 1) : name.name + "/";
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.first == directory; });
    if (!known) found.emplace_back(std::move(directory), name.root);
  });
  return found;
}

/// clang: the directory that the user's maps put in place of `directory`. Nothing if that differs between names in it, or
/// between versions of clang, which differ in which of several maps they apply.
std::optional<std::string> mapped_by_clang(const std::string& directory, const std::vector<PrefixMap>& maps,
                                           Kind kind) {
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

std::string obstacle_in_prefix_maps(const CommandLine& command, const NamingRules& rules) {
  const std::vector<PrefixMap> maps = prefix_maps(command, rules);
  if (!rules.clang) {
    // gcc applies the last map that fits, which is one of those that are appended; but all of -ffile-prefix-map= come after
    // those of -fmacro-prefix-map=.
    for (const Ancestor& ancestor : ancestors(rules.cwd)) {
      const std::string root = compilation::relative_root(ancestor.up);
      for (const PrefixMap& map : maps)
        if (root.starts_with(map.from) || ("./" + root).starts_with(map.from)) return map.from + "=" + map.to;
    }
    return {};
  }
  for (const PrefixMap& map : maps)
    if (map.from.empty() || map.from.starts_with('.')) return map.from + "=" + map.to;
  if (maps.empty()) return {};
  for (const auto& [directory, root] : directories(command, rules)) {
    if (directory.find('=') != std::string::npos) return directory;
    for (const Kind kind : {&PrefixMap::debug, &PrefixMap::macro})
      if (!mapped_by_clang(directory, maps, kind)) return "the prefix maps for " + directory;
  }
  return {};
}

/// Collects the words that map relative names. `dotted`: names may begin with "./", too, as those of -include do.
class MapWords {
 public:
  explicit MapWords(bool dotted) : dotted_(dotted) {}

  void add(std::string_view option, const std::string& from, std::string_view to) {
    for (const std::string_view start : {"", "./"}) {
      if (!start.empty() && !dotted_) continue;
      std::string word(option);
      word.append(start).append(from).append("=").append(to);
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
    }
  }
  std::vector<std::string> words;

 private:
  bool dotted_;
};

std::string_view option_for(Kind kind) {
  return kind == &PrefixMap::debug ? "-fdebug-prefix-map=" : "-fmacro-prefix-map=";
}

/// gcc applies the last map that fits. So the user's maps are repeated for relative names, in their order. For macros, gcc
/// reads -ffile-prefix-map after all others (handle_common_deferred_options()).
void add_maps_for_gcc(const RelativeRoot& root, std::vector<PrefixMap> maps, MapWords& out) {
  for (const Kind kind : {&PrefixMap::debug, &PrefixMap::macro}) {
    if (kind == &PrefixMap::macro)
      std::stable_partition(maps.begin(), maps.end(), [](const PrefixMap& map) { return !map.debug; });
    out.add(option_for(kind), root.relative, root.absolute);
    for (const PrefixMap& map : maps) {
      if (!(map.*kind)) continue;
      if (root.absolute.starts_with(map.from))
        out.add(option_for(kind), root.relative, map.to + root.absolute.substr(map.from.size()));
      else if (map.from.starts_with(root.absolute))
        out.add(option_for(kind), root.relative + map.from.substr(root.absolute.size()), map.to);
    }
  }
}

std::vector<std::string> map_words(const CommandLine& command, const NamingRules& rules,
                                   const RelativeNames& names) {
  MapWords out(std::any_of(command.arguments.begin(), command.arguments.end(), [](const Argument& argument) {
    return is_forced_file(argument.option) || argument.option == Option::ToClangCc1;
  }));
  const std::vector<PrefixMap> maps = prefix_maps(command, rules);
  if (maps.empty()) {
    for (const RelativeRoot& root : names.roots())
      out.add("-ffile-prefix-map=", root.relative, root.absolute);
  } else if (!rules.clang) {
    for (const RelativeRoot& root : names.roots()) add_maps_for_gcc(root, maps, out);
  } else {
    for (const auto& [directory, root] : directories(command, rules)) {
      const std::string from = compilation::relative_root(root.up) + directory.substr(root.path.size());
      for (const Kind kind : {&PrefixMap::debug, &PrefixMap::macro})
        out.add(option_for(kind), from, mapped_by_clang(directory, maps, kind).value_or(directory));
    }
  }
  return std::move(out.words);
}

/// A name that begins in a text.
struct Occurrence {
  std::size_t begin = 0, end = 0;  ///< of what stands for root->absolute
  const RelativeRoot* root = nullptr;
};

/// Nothing if `at`, where a root's text is, is inside of another name.
std::optional<std::size_t> beginning_of_name(std::string_view text, std::size_t at) {
  if (at == 0 || text[at - 1] != '/') return at;
  // Names of -include begin with "./".
  const bool dotted =
      at >= 2 && text[at - 2] == '.' && (at == 2 || (text[at - 3] != '/' && text[at - 3] != '.'));
  return dotted ? std::optional(at - 2) : std::nullopt;
}

/// The names in `text`, in order. No root's text begins where another one's does.
std::vector<Occurrence> find_names(std::string_view text, const std::vector<RelativeRoot>& roots) {
  std::vector<Occurrence> found;
  for (const RelativeRoot& root : roots) {
    // memmem, because string_view::find stops at every dot and is slow for a whole object.
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    while (at != nullptr && at < end) {
      at = static_cast<const char*>(
          ::memmem(at, static_cast<std::size_t>(end - at), root.relative.data(), root.relative.size()));
      if (at == nullptr) break;
      const auto position = static_cast<std::size_t>(at - text.data());
      if (const auto begin = beginning_of_name(text, position))
        found.push_back({*begin, position + root.relative.size(), &root});
      ++at;
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Occurrence& a, const Occurrence& b) { return a.begin < b.begin; });
  return found;
}

}  // namespace

void RelativeNames::add(RelativeRoot root) {
  const auto place = std::find_if(roots_.begin(), roots_.end(), [&](const RelativeRoot& one) {
    return one.relative.size() >= root.relative.size();
  });
  if (place == roots_.end() || place->relative != root.relative) roots_.insert(place, std::move(root));
}

std::string RelativeNames::restored(std::string_view text) const {
  std::string result;
  std::size_t done = 0;
  for (const Occurrence& name : find_names(text, roots_)) {
    result.append(text.substr(done, name.begin - done)) += name.root->absolute;
    done = name.end;
  }
  return result.append(text.substr(done));
}

std::string RelativeNames::restored_name(std::string_view name) const {
  for (const RelativeRoot& root : roots_)
    if (name.starts_with(root.relative))
      return root.absolute + std::string(name.substr(root.relative.size()));
  return std::string(name);
}

bool RelativeNames::appear_in(std::string_view bytes) const {
  return !find_names(bytes, roots_).empty();
}

bool has_absolute_names(const CommandLine& command, const NamingRules& rules) {
  bool found = false;
  visit_names(compilation::preprocessor_arguments(command), rules, [&](const Renamed&) { found = true; });
  return found;
}

std::string obstacle_to_relative_names(const CommandLine& command, const NamingRules& rules) {
  NamingSanitizers sanitizers;
  for (const Argument& argument : command.arguments) {
    const std::string& word = command.words[argument.first];
    if (depends_on_names(word) || (rules.clang && names_functions(word))) return word;
    sanitizers.read(word);
    const bool named = is_header_directory(argument.option) || is_file_name(argument.option);
    if (named && compilation::stands_for_absolute(argument.value)) return word;
  }
  if (std::string word = sanitizers.first(); !word.empty()) return word;
  return obstacle_in_prefix_maps(command, rules);
}

bool add_names_over_cwd(RelativeCommand& command, const NamingRules& rules) {
  const auto parsed = compilation::parse(command.words, [](const std::string&) { return std::nullopt; });
  if (!parsed || (rules.clang && !prefix_maps(*parsed, rules).empty())) return false;
  RelativeNames over_cwd;
  over_cwd.add({compilation::root_over_cwd(rules.cwd), "/"});
  for (std::string& word : map_words(*parsed, rules, over_cwd)) {
    command.words.push_back(word);
    command.map_words.push_back(std::move(word));
  }
  command.names.add(over_cwd.roots().front());
  return true;
}

RelativeCommand with_relative_names(const CommandLine& command, const NamingRules& rules) {
  RelativeCommand result;
  result.words = command.words;
  visit_names(compilation::preprocessor_arguments(command), rules, [&](const Renamed& name) {
    const Argument& argument = name.argument;
    RelativeRoot root{compilation::relative_root(name.root.up), std::string(name.root.path)};
    const std::string value = root.relative + name.name.substr(root.absolute.size());
    const bool joined = !argument.separate && argument.option != Option::Input;
    result.words[argument.value_word] = joined ? argument.spelling + value : value;
    if (name.may_be_shortened) {
      result.system_directories.push_back(rules.real_path(name.name));
      if (name.name != argument.value)
        result.shortened_directories.push_back(result.system_directories.back());
    }
    result.names.add(std::move(root));
  });
  result.map_words = map_words(command, rules, result.names);
  return result;
}

}  // namespace pump::launcher
