#include "pump/include_server/unit/unit_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

#include "pump/compilation/command.h"
#include "pump/include_server/compiler/compiler.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/remote_command_check.h"
#include "pump/include_server/unit/search_path.h"
#include "pump/include_server/unit/search_path_cache.h"
#include "pump/include_server/unit/unit_cache.h"
#include "pump/include_server/unit/unsupported_commands.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::CommandLine;

// The language whose preprocessor a profile is made with.
std::string profile_language(const std::string& language) {
  if (language == "assembler") return "assembler-with-cpp";
  if (const std::size_t end = language.find("-cpp-output"); end != std::string::npos)
    return language.substr(0, end);
  return language == "cpp-output" ? "c" : language;
}

void append(std::vector<const Entry*>& to, const std::vector<const Entry*>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void require(const BuiltSearchPath::Named& named, Unit& unit) {
  unit.required_directories.push_back(named.directory);
  unit.required_directories.insert(unit.required_directories.end(), named.traversed.begin(),
                                   named.traversed.end());
  append(unit.required_links, named.links);
}

}  // namespace

struct UnitBuilder::Impl {
  explicit Impl(FileTree& file_tree) : tree(file_tree), compilers(file_tree) {}

  struct Request {
    const std::string& cwd;
    const os::Environment& environment;
    std::string_view environment_key;
    std::uint64_t generation;
    Directory* directory = nullptr;
  };

  Expected<CommandLine> parse(const std::vector<std::string>& argv, Directory* cwd, Trace& trace);
  OrRefusal<std::shared_ptr<const CompilerProfile>> profile(const Request& request,
                                                            const CommandLine& command,
                                                            const UnitOptions& options, Unit& unit,
                                                            Trace& trace);
  OrRefusal<std::shared_ptr<const CompilerProfile>> without_moved_directories(
      std::shared_ptr<const CompilerProfile> profile, const CompilerProfile& plain,
      const UnitOptions& options, Trace& trace);
  OrRefusal<void> check_prefix_variables(ProfileRequest request, const CompilerProfile& profile,
                                         std::uint64_t generation, Unit& unit);
  OrRefusal<Unit> build(const Request& request, const std::vector<std::string>& argv);
  OrRefusal<Unit> build_anew(const Request& request, const std::vector<std::string>& argv,
                             CommandShape shape);
  std::optional<Unit> known_unit(const Request& request, const CommandShape& shape,
                                 const std::string& source);

  FileTree& tree;
  Compilers compilers;
  std::mutex mutex;
  std::unordered_map<std::uint64_t, std::shared_ptr<const CompilerProfile>>
      local_profiles;  // by id of the full one
  KnownSearchPaths chains{tree, compilers};
  UnitCache units;
};

Expected<CommandLine> UnitBuilder::Impl::parse(const std::vector<std::string>& argv, Directory* cwd,
                                               Trace& trace) {
  return compilation::parse(argv, [&](const std::string& path) -> std::optional<std::string> {
    const Entry* entry = tree.walk(cwd, path, trace);
    if (entry->kind != EntryKind::File) return std::nullopt;
    const Expected<FileVersion> version = tree.load(*entry);
    if (!version) return std::nullopt;
    return *version->bytes;
  });
}

OrRefusal<std::shared_ptr<const CompilerProfile>> UnitBuilder::Impl::profile(const Request& request,
                                                                             const CommandLine& command,
                                                                             const UnitOptions& options,
                                                                             Unit& unit, Trace& trace) {
  const auto found =
      find_compiler(tree, request.directory, command.compiler, request.environment.get_or("PATH", {}), trace);
  if (!found) return refuse(GiveUp::CompilerUnknown, command.compiler + " is not on the client's PATH");
  ProfileRequest wanted{*found, options.profile_flags, profile_language(options.language), nullptr,
                        &request.environment};
  if (options.flags_name_relative_paths) wanted.directory = request.directory;
  const auto known = compilers.profile(wanted, request.generation);
  if (!known) return refuse(GiveUp::CompilerUnknown, known.error().message);
  append(unit.consulted, known->consulted);
  if (auto checked = check_prefix_variables(wanted, *known->profile, request.generation, unit); !checked)
    return tl::make_unexpected(checked.error());
  if (!options.moves_default_directories) return known->profile;
  wanted.flags = options.plain_profile_flags;
  wanted.directory = nullptr;
  const auto plain = compilers.profile(wanted, request.generation);
  if (!plain) return refuse(GiveUp::CompilerUnknown, plain.error().message);
  append(unit.consulted, plain->consulted);
  return without_moved_directories(known->profile, *plain->profile, options, trace);
}

// gcc also searches directories beside those where it is told to look for its parts. The compile server's is
// not told.
OrRefusal<void> UnitBuilder::Impl::check_prefix_variables(ProfileRequest request,
                                                          const CompilerProfile& profile,
                                                          std::uint64_t generation, Unit& unit) {
  std::string set;
  os::Environment without = *request.environment;
  for (const char* variable : {"COMPILER_PATH", "GCC_EXEC_PREFIX"}) {
    if (!without.get(variable)) continue;
    set += fmt::format("{}{}", set.empty() ? "" : " or ", variable);
    without.unset(variable);
  }
  if (set.empty()) return {};
  request.environment = &without;
  const auto plain = compilers.profile(request, generation);
  if (!plain) return refuse(GiveUp::CompilerUnknown, plain.error().message);
  append(unit.consulted, plain->consulted);
  if (plain->profile->searched_directories == profile.searched_directories) return {};
  return refuse(GiveUp::NotSendable, set + " changes the compiler's default directories");
}

// Directories that the compiler has only because of --sysroot or -B need not exist on the server. Those of a
// relative one are part of the project; an absolute one means the server's directory there, whatever that
// holds.
OrRefusal<std::shared_ptr<const CompilerProfile>> UnitBuilder::Impl::without_moved_directories(
    std::shared_ptr<const CompilerProfile> profile, const CompilerProfile& plain, const UnitOptions& options,
    Trace& trace) {
  std::vector<std::string> remaining;
  // By the same name, or by another (--sysroot=/) that leads there the same way: the server's does so, too.
  const DefaultPlaces usual(tree, plain);
  const auto is_usual = [&](const std::string& directory) {
    const auto& names = plain.system_directories;
    if (std::find(names.begin(), names.end(), directory) != names.end()) return true;
    Trace way;
    const Directory* found = directory.starts_with('/') ? tree.directory(nullptr, directory, way) : nullptr;
    append(trace.consulted, way.consulted);
    return std::find(usual.real.begin(), usual.real.end(), found) != usual.real.end() &&
           std::all_of(
               way.links.begin(), way.links.end(),
               [&](const Entry* link) { return usual.way_links.contains(link) || merges_usr(*link); }) &&
           std::all_of(way.traversed.begin(), way.traversed.end(),
                       [&](const Directory* passed) { return usual.way.contains(passed); });
  };
  for (const std::string& directory : profile->system_directories) {
    if (is_usual(directory)) {
      remaining.push_back(directory);
    } else if (options.flags_name_absolute_paths && directory.starts_with('/')) {
      return refuse(GiveUp::AbsoluteOption,
                    fmt::format("{} is a default directory by an option only", directory));
    }
  }
  // With fewer of them the option names a place that holds none here. The server's may hold some.
  if (options.flags_name_absolute_paths && remaining.size() < plain.system_directories.size())
    return refuse(GiveUp::AbsoluteOption,
                  "an absolute --sysroot, -isysroot or -B without the usual default directories");
  if (remaining.size() == profile->system_directories.size()) return profile;
  const std::lock_guard lock(mutex);
  auto& derived = local_profiles[profile->id];
  if (!derived || derived->system_directories != remaining) {
    auto copy = std::make_shared<CompilerProfile>(*profile);
    copy->system_directories = std::move(remaining);
    derived = std::move(copy);
  }
  return derived;
}

OrRefusal<Unit> UnitBuilder::Impl::build(const Request& request, const std::vector<std::string>& argv) {
  CommandShape shape(argv, {request.cwd, request.environment_key});
  if (shape.source != 0)
    if (auto known = known_unit(request, shape, argv[shape.source])) return *std::move(known);
  return build_anew(request, argv, std::move(shape));
}

// Nothing where there is none, or where the source needs a closer look.
std::optional<Unit> UnitBuilder::Impl::known_unit(const Request& request, const CommandShape& shape,
                                                  const std::string& source) {
  const auto known = units.find(shape);
  if (!known || known->unit.cwd_directory != request.directory) return std::nullopt;
  const std::uint64_t generation = known->generation.load(std::memory_order_relaxed);
  if (!tree.unchanged_since(known->unit.consulted, generation) ||
      !tree.unchanged_since(known->unit.search->consulted, generation))
    return std::nullopt;
  if (request.generation != 0) known->generation.store(request.generation, std::memory_order_relaxed);
  if (source.front() == '/' && !known->absolute_source_is_rewritten) return std::nullopt;
  Trace trace;
  if (tree.walk(request.directory, source, trace)->kind == EntryKind::Missing) return std::nullopt;
  Unit unit = known->unit;
  unit.model = {known, &known->unit};
  unit.source = source;
  append(unit.consulted, trace.consulted);
  return unit;
}

OrRefusal<Unit> UnitBuilder::Impl::build_anew(const Request& request, const std::vector<std::string>& argv,
                                              CommandShape shape) {
  Trace trace;
  Unit unit;
  unit.cwd = request.cwd;
  unit.cwd_directory = request.directory;
  const Expected<CommandLine> command = parse(argv, request.directory, trace);
  if (!command) return refuse(GiveUp::MalformedCommand, command.error().message);
  const std::vector<Argument> arguments = compilation::preprocessor_arguments(*command);
  OrRefusal<UnitOptions> options = interpret(*command, arguments);
  if (!options) return tl::make_unexpected(std::move(options).error());
  const auto profile = this->profile(request, *command, *options, unit, trace);
  if (!profile) return tl::make_unexpected(profile.error());
  for (const OrRefusal<void>& checked :
       {check_target(**profile, arguments),
        check_variables(request.environment, options->language, (*profile)->clang)})
    if (!checked) return tl::make_unexpected(checked.error());
  const auto chain = chains.get(request.cwd, request.directory, *options, **profile, request.generation);
  if (!chain) return tl::make_unexpected(chain.error());

  Trace way_to_source;
  unit.default_places = std::make_shared<const DefaultPlaces>(tree, **profile);
  append(trace.consulted, unit.default_places->consulted);
  DefaultDirectories defaults(unit.default_places);
  RemoteCommandCheck check(tree, request.directory, *command, defaults, trace);
  for (const OrRefusal<void>& checked :
       {check.source(*options->source, way_to_source), check.response_files(unit.extra_inputs),
        check.forced_files(options->forced), check.auxiliary_files(arguments, unit.extra_inputs),
        check.assembler_words(),
        check.search_directories(**chain, options->search, options->require_directories)})
    if (!checked) return tl::make_unexpected(checked.error());

  unit.source = options->source->value;
  unit.language = options->language;
  unit.profile = *profile;
  unit.lex = unit.profile->lex;
  // Which letters the source's bytes are, the compiler knows only.
  if (options->converts_text) unit.lex.unicode_names = false;
  unit.search = (*chain)->path;
  unit.macros = std::move(options->macros);
  for (const Argument& forced : options->forced)
    unit.forced.push_back({forced.value, forced.option == compilation::Option::ForcedMacros});
  unit.undefine_all = options->undefine_all;
  unit.converts_text = options->converts_text;
  unit.preprocessed = compilation::is_preprocessed(unit.language) || options->preprocessed;
  if (options->require_directories)
    for (const auto& named : (*chain)->named) require(named, unit);
  append(unit.consulted, trace.consulted);
  if (auto checked = check_macros(unit); !checked) return tl::make_unexpected(checked.error());
  if (shape.fits(argv, *command, *options->source)) {
    auto cached = std::make_shared<CachedUnit>();
    cached->unit = unit;
    cached->absolute_source_is_rewritten = check.absolute_source_is_rewritten(*options->source);
    cached->generation = request.generation;
    unit.model = {cached, &cached->unit};
    units.store(std::move(shape), std::move(cached));
  }
  append(unit.consulted, way_to_source.consulted);
  return unit;
}

UnitBuilder::UnitBuilder(FileTree& tree) : impl_(std::make_unique<Impl>(tree)) {}
UnitBuilder::~UnitBuilder() = default;

UnitOrReason UnitBuilder::build(const std::string& cwd, const std::vector<std::string>& argv,
                                const os::Environment& environment, std::uint64_t generation) {
  return build(cwd, argv, environment, environment_key(environment), generation);
}

std::string UnitBuilder::environment_key(const os::Environment& environment) {
  return compiler_variables(environment);
}

UnitOrReason UnitBuilder::build(const std::string& cwd, const std::vector<std::string>& argv,
                                const os::Environment& environment, std::string_view key,
                                std::uint64_t generation) {
  UnitOrReason result;
  const auto give_up = [&](Refusal refusal) {
    result.give_up = refusal.reason;
    result.detail = std::move(refusal.detail);
    return result;
  };
  Trace trace;
  Directory* directory = cwd.starts_with('/') ? impl_->tree.directory(nullptr, cwd, trace) : nullptr;
  if (directory == nullptr)
    return give_up({GiveUp::SourceMissing, fmt::format("no working directory '{}'", cwd)});
  OrRefusal<Unit> unit = impl_->build({cwd, environment, key, generation, directory}, argv);
  if (!unit) return give_up(std::move(unit).error());
  unit->consulted.insert(unit->consulted.end(), trace.consulted.begin(), trace.consulted.end());
  result.unit = *std::move(unit);
  return result;
}

bool UnitBuilder::was_asked(const CompilerProfile& profile) const {
  return impl_->compilers.was_asked(profile);
}

std::optional<std::int64_t> UnitBuilder::ask(const CompilerProfile& profile, const std::string& query) {
  return impl_->compilers.ask(profile, query);
}

}  // namespace pump::include_server
