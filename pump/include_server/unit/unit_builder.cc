#include "pump/include_server/unit/unit_builder.h"

#include <cerrno>

#include <utility>

#include "pump/compilation/command.h"
#include "pump/compilation/language.h"
#include "pump/compilation/pass_through.h"
#include "pump/include_server/compiler/compiler_cache.h"
#include "pump/include_server/unit/command_line.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/include_server/unit/profile_selector.h"
#include "pump/include_server/unit/refusal.h"
#include "pump/include_server/unit/remote_command_check.h"
#include "pump/include_server/unit/search_path_builder.h"
#include "pump/include_server/unit/search_path_cache.h"
#include "pump/include_server/unit/unit_cache.h"
#include "pump/include_server/unit/unsupported_commands.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::CommandLine;

void append(std::vector<const Entry*>& to, const std::vector<const Entry*>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void require(const BuiltSearchPath::UserDirectory& directory, Unit& unit) {
  unit.required_directories.push_back(directory.directory);
  unit.required_directories.insert(unit.required_directories.end(), directory.traversed.begin(),
                                   directory.traversed.end());
  append(unit.required_links, directory.links);
}

}  // namespace

struct UnitBuilder::Impl {
  explicit Impl(FileTree& file_tree) : tree(file_tree), compilers(file_tree) {}

  struct Request {
    const FileTree::Snapshot& snapshot;
    const std::string& cwd;
    Directory* directory;  // of `cwd`
    const std::vector<std::string>& argv;
    const os::Environment& environment;
    std::string_view environment_key;
  };

  OrRefusal<Unit> build(const Request& request);
  std::optional<Unit> from_cache(const Request& request, const CommandShape& shape);
  OrRefusal<Unit> build_anew(const Request& request, CommandShape shape);
  Expected<CommandLine> parse(const Request& request, Trace& trace);

  FileTree& tree;
  CompilerCache compilers;
  ProfileSelector profiles{tree, compilers};
  SearchPathCache search_paths{tree, compilers};
  UnitCache units;
};

OrRefusal<Unit> UnitBuilder::Impl::build(const Request& request) {
  CommandShape shape(request.argv, {request.cwd, request.environment_key});
  if (shape.source != 0)
    if (auto cached = from_cache(request, shape)) return *std::move(cached);
  return build_anew(request, std::move(shape));
}

// Returns nothing if there is no valid unit, or if the source must be checked further.
std::optional<Unit> UnitBuilder::Impl::from_cache(const Request& request, const CommandShape& shape) {
  const auto cached = units.find(shape);
  if (!cached || cached->unit.cwd_directory != request.directory) return std::nullopt;
  const std::uint64_t generation = cached->generation.load(std::memory_order_relaxed);
  if (!tree.unchanged_since(cached->unit.consulted, generation) ||
      !tree.unchanged_since(cached->unit.search->consulted, generation))
    return std::nullopt;
  cached->generation.store(request.snapshot.generation(), std::memory_order_relaxed);
  const std::string& source = request.argv[shape.source];
  if (source.front() == '/' && !cached->absolute_source_is_rewritten) return std::nullopt;
  Trace trace;
  if (tree.walk(request.directory, source, trace)->kind == EntryKind::Missing) return std::nullopt;
  Unit unit = cached->unit;
  unit.model = {cached, &cached->unit};
  unit.source = source;
  append(unit.consulted, trace.consulted);
  return unit;
}

OrRefusal<Unit> UnitBuilder::Impl::build_anew(const Request& request, CommandShape shape) {
  Trace trace;
  const Expected<CommandLine> command = parse(request, trace);
  if (!command)
    return refuse(command.error().code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::MalformedCommand,
                  command.error().message);
  const std::vector<Argument> arguments = compilation::preprocessor_arguments(*command);
  OrRefusal<UnitOptions> options = interpret(*command, arguments);
  if (!options) return tl::make_unexpected(std::move(options).error());
  const auto profile = profiles.select(request.snapshot, request.directory, request.environment,
                                       command->compiler, *options, trace);
  if (!profile) return tl::make_unexpected(profile.error());
  for (const OrRefusal<void>& checked :
       {check_target(**profile, arguments),
        check_variables(request.environment, options->language, (*profile)->clang)})
    if (!checked) return tl::make_unexpected(checked.error());
  const auto search = search_paths.get(request.snapshot, request.cwd, request.directory, *options, **profile);
  if (!search) return tl::make_unexpected(search.error());

  Unit unit;
  unit.cwd = request.cwd;
  unit.cwd_directory = request.directory;
  Trace source_trace;
  unit.resolved_defaults = std::make_shared<const ResolvedDefaults>(tree, **profile);
  append(trace.consulted, unit.resolved_defaults->consulted);
  DefaultDirectories defaults(unit.resolved_defaults);
  RemoteCommandCheck check(request.snapshot, tree, request.directory, *command, defaults, trace);
  for (const OrRefusal<void>& checked :
       {check.source(*options->source, source_trace), check.response_files(unit.extra_inputs),
        check.forced_files(options->forced), check.auxiliary_files(arguments, unit.extra_inputs),
        check.assembler_words(),
        check.search_directories(**search, options->search, options->require_directories)})
    if (!checked) return tl::make_unexpected(checked.error());

  unit.source = options->source->value;
  unit.language = options->language;
  unit.profile = *profile;
  unit.lex = unit.profile->lex;
  // Which bytes of such a source are letters depends on a conversion that only the compiler does.
  if (options->converts_text) unit.lex.unicode_names = false;
  unit.search = (*search)->path;
  unit.macros = std::move(options->macros);
  for (const Argument& forced : options->forced)
    unit.forced.push_back({forced.value, forced.option == compilation::Option::ForcedMacros});
  unit.undefine_all = options->undefine_all;
  unit.converts_text = options->converts_text;
  unit.maps_names_over_cwd = options->maps_names_over_cwd;
  unit.preprocessed = compilation::is_preprocessed(unit.language) || options->preprocessed;
  if (options->require_directories)
    for (const auto& directory : (*search)->existing) require(directory, unit);
  append(unit.consulted, trace.consulted);
  if (auto checked = check_macros(unit); !checked) return tl::make_unexpected(checked.error());
  if (shape.fits(request.argv, *command, *options->source)) {
    auto cached = std::make_shared<CachedUnit>();
    cached->unit = unit;
    cached->absolute_source_is_rewritten = check.absolute_source_is_rewritten(*options->source);
    cached->generation = request.snapshot.generation();
    unit.model = {cached, &cached->unit};
    units.store(std::move(shape), std::move(cached));
  }
  append(unit.consulted, source_trace.consulted);
  return unit;
}

Expected<CommandLine> UnitBuilder::Impl::parse(const Request& request, Trace& trace) {
  // A compiler takes the name of a response file that it cannot read for an input. One that changes while it is
  // read is another matter: its options would be missing.
  std::optional<Error> changed;
  auto command = compilation::parse(request.argv, [&](const std::string& path) -> std::optional<std::string> {
    const Entry* entry = tree.walk(request.directory, path, trace);
    if (entry->kind != EntryKind::File) return std::nullopt;
    const Expected<FileVersion> version = tree.load(*entry);
    if (version) return *version->bytes;
    if (version.error().code == EAGAIN) changed = version.error();
    return std::nullopt;
  });
  if (changed) return tl::make_unexpected(*std::move(changed));
  return command;
}

UnitBuilder::UnitBuilder(FileTree& tree) : impl_(std::make_unique<Impl>(tree)) {}
UnitBuilder::~UnitBuilder() = default;

UnitOrReason UnitBuilder::build(const FileTree::Snapshot& snapshot, const std::string& cwd,
                                const std::vector<std::string>& argv, const os::Environment& environment) {
  return build(snapshot, cwd, argv, environment, environment_key(environment));
}

UnitOrReason UnitBuilder::build(const FileTree::Snapshot& snapshot, const std::string& cwd,
                                const std::vector<std::string>& argv, const os::Environment& environment,
                                std::string_view key) {
  Trace trace;
  Directory* directory = cwd.starts_with('/') ? impl_->tree.directory(nullptr, cwd, trace) : nullptr;
  if (directory == nullptr)
    return {std::nullopt, GiveUp::SourceMissing, os::format("no working directory '{}'", cwd)};
  OrRefusal<Unit> unit = impl_->build({snapshot, cwd, directory, argv, environment, key});
  if (!unit) return {std::nullopt, unit.error().reason, std::move(unit.error().detail)};
  append(unit->consulted, trace.consulted);
  return {*std::move(unit), GiveUp::None, {}};
}

std::string UnitBuilder::environment_key(const os::Environment& environment) {
  return compiler_variables(environment);
}

std::optional<std::int64_t> UnitBuilder::ask(const CompilerProfile& profile, const std::string& query) {
  return impl_->compilers.ask(profile, query);
}

bool UnitBuilder::was_asked(const CompilerProfile& profile) const {
  return impl_->compilers.was_asked(profile);
}

}  // namespace pump::include_server
