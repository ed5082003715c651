#include "pump/include_server/unit/profile_selector.h"

#include <algorithm>
#include <utility>

#include "pump/include_server/compiler/find_compiler.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

// The language for which the profile is made: that of the text before it is preprocessed.
std::string profile_language(const std::string& language) {
  if (language == "assembler") return "assembler-with-cpp";
  if (const std::size_t end = language.find("-cpp-output"); end != std::string::npos)
    return language.substr(0, end);
  return language == "cpp-output" ? "c" : language;
}

void append(std::vector<const Entry*>& to, const std::vector<const Entry*>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

OrRefusal<std::shared_ptr<const CompilerProfile>> ProfileSelector::select(
    const FileTree::Snapshot& snapshot, Directory* cwd, const os::Environment& environment,
    const std::string& compiler, const UnitOptions& options, Trace& trace) {
  const auto found = find_compiler(tree_, cwd, compiler, environment.get_or("PATH", {}), trace);
  if (!found) return refuse(GiveUp::CompilerUnknown, compiler + " is not on the client's PATH");
  const ProfileFlags& flags = options.profile_flags;
  ProfileRequest request{*found, flags.all, profile_language(options.language), nullptr, &environment};
  if (flags.name_relative_paths) request.directory = cwd;
  const auto cached = compilers_.profile(snapshot, request);
  if (!cached) return refuse(GiveUp::CompilerUnknown, cached.error().message);
  append(trace.consulted, cached->consulted);
  if (auto checked = check_prefix_variables(snapshot, request, *cached->profile, trace); !checked)
    return tl::make_unexpected(checked.error());
  if (!flags.move_default_directories) return cached->profile;
  request.flags = flags.plain;
  request.directory = nullptr;
  const auto plain = compilers_.profile(snapshot, request);
  if (!plain) return refuse(GiveUp::CompilerUnknown, plain.error().message);
  append(trace.consulted, plain->consulted);
  return without_moved_directories(cached->profile, *plain->profile, flags, trace);
}

// gcc also searches directories next to those in which these variables make it look for its parts. The
// compile server does not get the variables.
OrRefusal<void> ProfileSelector::check_prefix_variables(const FileTree::Snapshot& snapshot,
                                                        ProfileRequest request,
                                                        const CompilerProfile& profile, Trace& trace) {
  std::string set;
  os::Environment without = *request.environment;
  for (const char* variable : {"COMPILER_PATH", "GCC_EXEC_PREFIX"}) {
    if (!without.get(variable)) continue;
    set += os::format("{}{}", set.empty() ? "" : " or ", variable);
    without.unset(variable);
  }
  if (set.empty()) return {};
  request.environment = &without;
  const auto plain = compilers_.profile(snapshot, request);
  if (!plain) return refuse(GiveUp::CompilerUnknown, plain.error().message);
  append(trace.consulted, plain->consulted);
  if (plain->profile->searched_directories == profile.searched_directories) return {};
  return refuse(GiveUp::NotSendable, set + " changes the compiler's default directories");
}

// Default directories that come from --sysroot or -B need not exist on the server. Those of a relative one
// are part of the project and are sent: they are removed from system_directories. An absolute one means the
// server's own directory, whose content is unknown: refused.
OrRefusal<std::shared_ptr<const CompilerProfile>> ProfileSelector::without_moved_directories(
    std::shared_ptr<const CompilerProfile> profile, const CompilerProfile& plain, const ProfileFlags& flags,
    Trace& trace) {
  std::vector<std::string> remaining;
  const ResolvedDefaults usual(tree_, plain);
  // True also for another name (--sysroot=/) that leads to a usual directory over the same links: it does so
  // on the server, too.
  const auto is_usual = [&](const std::string& directory) {
    const auto& names = plain.system_directories;
    if (std::find(names.begin(), names.end(), directory) != names.end()) return true;
    Trace walked;
    const Directory* found =
        directory.starts_with('/') ? tree_.directory(nullptr, directory, walked) : nullptr;
    append(trace.consulted, walked.consulted);
    return std::find(usual.real.begin(), usual.real.end(), found) != usual.real.end() &&
           std::all_of(walked.links.begin(), walked.links.end(),
                       [&](const Entry* link) { return usual.links.contains(link) || merges_usr(*link); }) &&
           std::all_of(walked.traversed.begin(), walked.traversed.end(),
                       [&](const Directory* passed) { return usual.traversed.contains(passed); });
  };
  for (const std::string& directory : profile->system_directories) {
    if (is_usual(directory)) {
      remaining.push_back(directory);
    } else if (flags.name_absolute_paths && directory.starts_with('/')) {
      return refuse(GiveUp::AbsoluteOption,
                    os::format("{} is a default directory because of an option", directory));
    }
  }
  // If a usual directory is missing here, the option names a place that lacks it; on the server it may exist
  // there.
  if (flags.name_absolute_paths && remaining.size() < plain.system_directories.size())
    return refuse(GiveUp::AbsoluteOption,
                  "an absolute --sysroot, -isysroot or -B without the usual default directories");
  if (remaining.size() == profile->system_directories.size()) return profile;
  const std::lock_guard lock(mutex_);
  auto& reduced = reduced_[profile->id];
  if (!reduced || reduced->system_directories != remaining) {
    auto copy = std::make_shared<CompilerProfile>(*profile);
    copy->system_directories = std::move(remaining);
    reduced = std::move(copy);
  }
  return reduced;
}

}  // namespace pump::include_server
