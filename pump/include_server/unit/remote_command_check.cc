#include "pump/include_server/unit/remote_command_check.h"

#include <algorithm>

#include "pump/compilation/pass_through.h"
#include "pump/include_server/unit/source_name_in_object.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::Option;

bool is_absolute(const std::string& path) {
  return path.starts_with('/');
}

std::string shown(const Argument& argument) {
  return argument.option == Option::Input
             ? argument.value
             : os::format("{}{}{}", argument.spelling, argument.separate ? " " : "", argument.value);
}

std::string_view without_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool is_with_prefix(const Argument& argument) {
  return argument.option == Option::WithPrefix || argument.option == Option::WithPrefixBefore;
}

// True if the option's value may be the reason why the name `spelled` is absolute.
bool makes_absolute(std::string_view value, std::string_view spelled) {
  if (value.starts_with('/')) return spelled.starts_with(without_slashes(value));
  for (const std::string_view mark : {"=", "$SYSROOT"})
    if (value.starts_with(mark)) return spelled.ends_with(without_slashes(value.substr(mark.size())));
  return false;
}

bool names_auxiliary_file(const Argument& argument) {
  switch (argument.option) {
    case Option::SanitizerList:
    case Option::AuxiliaryInput:
    case Option::ProfileUse:
    case Option::ConfigFile:
      return true;
    default:
      return false;
  }
}

}  // namespace

RemoteCommandCheck::RemoteCommandCheck(const FileTree::Snapshot& /*held*/, FileTree& tree, Directory* cwd,
                                       const compilation::CommandLine& command, DefaultDirectories& defaults,
                                       Trace& trace)
    : tree_(tree), cwd_(cwd), command_(command), defaults_(defaults), trace_(trace), rewriting_(command) {}

bool RemoteCommandCheck::is_in_default_directory(const std::string& path) {
  return defaults_.serves(tree_, path, trace_);
}

OrRefusal<void> RemoteCommandCheck::auxiliary_files(const std::vector<Argument>& arguments,
                                                    std::vector<std::string>& extra_inputs) {
  for (const Argument& argument : arguments) {
    if (!names_auxiliary_file(argument)) continue;
    // The other options are refused, because the files they name are not read here: gcc's profiles are many
    // files, and clang's --config contains options.
    const bool single_file =
        argument.option == Option::SanitizerList || argument.option == Option::AuxiliaryInput ||
        argument.spelling == "-fprofile-instr-use=" || argument.spelling == "-fprofile-sample-use=" ||
        argument.spelling == "-fmemory-profile-use=";
    if (!single_file) return refuse(GiveUp::NotSendable, shown(argument));
    if (is_absolute(argument.value)) {
      if (!is_in_default_directory(argument.value)) return refuse(GiveUp::AbsoluteOption, shown(argument));
      continue;
    }
    const Entry* entry = tree_.walk(cwd_, argument.value, trace_);
    if (entry->kind == EntryKind::File) {
      extra_inputs.push_back(argument.value);
    } else if (entry->kind != EntryKind::Missing) {
      return refuse(GiveUp::NotSendable, shown(argument));
    }
  }
  return {};
}

OrRefusal<void> RemoteCommandCheck::assembler_words() {
  bool value_follows = false;
  for (const Argument& argument : command_.arguments) {
    if (argument.option != Option::ToAssembler) continue;
    for (const std::string& word : compilation::passed_words(argument)) {
      if (value_follows || word.empty()) {
        value_follows = false;
        continue;
      }
      // Directories for .include and .incbin, and further inputs.
      if (word.starts_with("-I") || word.front() == '@' || word.front() != '-')
        return refuse(GiveUp::NotSendable, shown(argument));
      value_follows = word == "--defsym" || word == "-o" || word == "--MD" || word == "--debug-prefix-map";
    }
  }
  return {};
}

OrRefusal<void> RemoteCommandCheck::response_files(std::vector<std::string>& extra_inputs) {
  for (const std::string& file : command_.response_files) {
    if (!is_absolute(file)) {
      extra_inputs.push_back(file);
    } else if (!is_in_default_directory(file)) {
      return refuse(GiveUp::AbsoluteOption, "@" + file);
    }
  }
  return {};
}

OrRefusal<void> RemoteCommandCheck::source(const Argument& source, Trace& source_trace) {
  // distccd appends options of its own; after "--" they would be inputs.
  if (command_.has(Option::EndOfOptions)) return refuse(GiveUp::NotSendable, "--");
  const Entry* entry = tree_.walk(cwd_, source.value, source_trace);
  if (entry->kind == EntryKind::Missing) return refuse(GiveUp::SourceMissing, source.value);
  if (const auto word = option_naming_source(command_, is_absolute(source.value)))
    return refuse(GiveUp::NotSendable, os::format("{}: the object names {}", *word, source.value));
  if (!is_absolute(source.value) || rewriting_.rewrites(source) || is_in_default_directory(source.value))
    return {};
  return refuse(GiveUp::AbsoluteOption, source.value);
}

bool RemoteCommandCheck::absolute_source_is_rewritten(const Argument& source) const {
  return rewriting_.rewrites(source) && !option_naming_source(command_, true);
}

OrRefusal<void> RemoteCommandCheck::forced_files(const std::vector<Argument>& forced) {
  for (const Argument& argument : forced) {
    if (is_absolute(argument.value)) {
      if (!rewriting_.rewrites(argument) && !is_in_default_directory(argument.value))
        return refuse(GiveUp::AbsoluteOption, shown(argument));
    }
    // clang uses x.h.pch or x.h.gch if x.h is missing.
    if (tree_.walk(cwd_, argument.value, trace_)->kind != EntryKind::Missing) continue;
    for (const char* suffix : {".pch", ".gch"})
      if (tree_.walk(cwd_, argument.value + suffix, trace_)->kind != EntryKind::Missing)
        return refuse(GiveUp::NotSendable,
                      os::format("{}{} without {}", argument.value, suffix, argument.value));
  }
  return {};
}

// Checks each option alone. That another option names the same directory does not help: which of the two is
// searched depends on their positions.
OrRefusal<void> RemoteCommandCheck::search_options(const std::vector<Argument>& search) {
  const Argument* prefix = nullptr;
  for (const Argument& argument : search) {
    if (argument.option == Option::Prefix) prefix = &argument;
    if (!is_absolute(argument.value) || argument.option == Option::Prefix) continue;
    bool broken = false;
    if (is_with_prefix(argument) && prefix != nullptr) {
      // A path made of two options. distccd would insert the root before the second part, too.
      broken = rewriting_.rewrites(argument);
    } else if (argument.option != Option::FrameworkDirectory) {  // gcc ignores it; clang prints its list
      broken = !rewriting_.rewrites(argument) && !is_in_default_directory(argument.value);
    }
    if (broken) return refuse(GiveUp::AbsoluteOption, shown(argument));
  }
  return {};
}

// True if the rewritten options name distccd's copy of the directory.
bool RemoteCommandCheck::is_rewritten(const BuiltSearchPath::UserDirectory& directory,
                                      const std::vector<Argument>& search) {
  const Argument* prefix = nullptr;
  for (const std::size_t index : directory.arguments) {
    const Argument& argument = search[index];
    if (argument.option == Option::Prefix) {
      prefix = &argument;
      continue;
    }
    const bool split = is_with_prefix(argument) && prefix != nullptr;
    const bool rewritten = split ? rewriting_.rewrites(*prefix) && !rewriting_.rewrites(argument)
                                 : rewriting_.rewrites(argument);
    const std::string path = split ? prefix->value + argument.value : argument.value;
    if (rewritten && without_slashes(path) == without_slashes(directory.spelled)) return true;
  }
  return false;
}

OrRefusal<void> RemoteCommandCheck::search_directories(const BuiltSearchPath& built,
                                                       const std::vector<Argument>& search,
                                                       bool warns_of_missing) {
  if (auto checked = search_options(search); !checked) return checked;
  for (const BuiltSearchPath::UserDirectory& one : built.existing) {
    if (!is_absolute(one.spelled) || is_in_default_directory(one.spelled) || is_rewritten(one, search))
      continue;
    return refuse(GiveUp::AbsoluteOption,
                  one.arguments.empty() ? one.spelled : shown(search[one.arguments.back()]));
  }
  for (const BuiltSearchPath::UserDirectory& one : built.missing) {
    // gcc reports it, even without the warning; on the server the name does not exist at all.
    if (one.is_reported)
      return refuse(GiveUp::NotSendable, one.spelled + " in the search path cannot be read as a directory");
    if (!is_absolute(one.spelled)) continue;
    if (warns_of_missing)
      return refuse(GiveUp::NotSendable,
                    os::format("-Wmissing-include-dirs would name {} by its path on a server", one.spelled));
    // It may exist on the server, unless it is below the compiler's own installation, which no option names.
    const bool from_option = std::any_of(one.arguments.begin(), one.arguments.end(), [&](std::size_t index) {
      return makes_absolute(search[index].value, one.spelled) && !rewriting_.rewrites(search[index]);
    });
    if (from_option && !is_in_default_directory(one.spelled) && !is_rewritten(one, search))
      return refuse(GiveUp::AbsoluteOption, one.spelled);
  }
  return {};
}

}  // namespace pump::include_server
