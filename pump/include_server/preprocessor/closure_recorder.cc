#include "pump/include_server/preprocessor/closure_recorder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "pump/compilation/make_rule.h"
#include "pump/compilation/relative_root.h"
#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/lexer/function_names.h"
#include "pump/include_server/unit/unsupported_commands.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// For gcc, __has_include is an error if the search path has no directory at all. The search path would be
/// empty on the server if nothing in its directories is sent. So one of them is put into the closure.
void keep_a_directory(const SearchPath& search, std::size_t start, Closure& closure) {
  const SearchDirectory* kept = nullptr;
  for (std::size_t i = start; i < search.directories.size(); ++i) {
    const SearchDirectory& directory = search.directories[i];
    if (directory.system) return;  // the server has that one
    if (kept == nullptr && directory.directory != nullptr) kept = &directory;
  }
  if (kept == nullptr) return;
  closure.links.insert(closure.links.end(), kept->links.begin(), kept->links.end());
  closure.traversed.insert(closure.traversed.end(), kept->traversed.begin(), kept->traversed.end());
  closure.traversed.push_back(kept->directory);
}

/// True if the compiler may compute the value of a macro in this state.
bool may_be_computed(MacroState state) {
  return !state.certain() || (!state.undefined() && state.definition()->builtin() != Builtin::None);
}

/// std::source_location::function_name() gives a text like __PRETTY_FUNCTION__; the experimental one does not.
bool is_source_location(std::string_view header) {
  return header.ends_with("/source_location") && !header.ends_with("/experimental/source_location");
}

}  // namespace

bool ClosureRecorder::begin_unit(const Unit& unit, Closure& closure) {
  unit_ = &unit;
  closure_ = &closure;
  clang_ = unit.profile->clang;
  incomplete_ = false;
  mapped_.clear();
  files_.begin_unit(ScanMode{unit.lex});
  lookup_.begin_unit(unit);
  names_.begin_unit(unit);
  closure.files.reserve(expected_files_);
  closure.consulted.reserve(expected_files_ * 2);
  source_ = &lookup_.path(unit.source);
  if (source_->file == nullptr) {
    lookup_.put_into(closure, *source_);
    give_up(GiveUp::SourceMissing, unit.source);
    return false;
  }
  record(*source_, true);
  return true;
}

void ClosureRecorder::end_unit() {
  expected_files_ = closure_->files.size() + 32;
}

Resolution& ClosureRecorder::resolve(const Resolution& includer, int found_at, bool system, Symbol name,
                                     bool angled, bool next) {
  const std::string_view text = spelling(name);
  const bool absolute = !text.empty() && text.front() == '/';
  if (next && !absolute) {
    if (found_at >= 0) return lookup_.chain(static_cast<std::size_t>(found_at) + 1, name);
    if (found_at == Resolution::kBeside) return lookup_.chain(0, name);
  }
  return lookup_.include(directory_of(includer), name, angled, system);
}

Symbol ClosureRecorder::clang_directory_of(const Resolution& includer) {
  const ClangNames::Name name = names_.directory_of(includer);
  if (!name.certain)
    give_up(GiveUp::NotSendable,
            os::format("{}: it is not known which name this clang uses for the directory of {}", location(),
                       spelling(includer.spelled)));
  return name.directory;
}

Symbol ClosureRecorder::working_directory() {
  static const Symbol kHere = intern(".");
  if (!clang_) return kHere;
  const ClangNames::Name name = names_.working_directory();
  if (!name.certain)
    give_up(GiveUp::NotSendable,
            "-include: it is not known which name this clang uses for the working directory");
  return name.directory;
}

bool ClosureRecorder::is_servers_own(const Resolution& resolution) const {
  if (resolution.found_at >= 0)
    return unit_->search->directories[static_cast<std::size_t>(resolution.found_at)].system;
  return resolution.found_at == Resolution::kBeside && !stack_.empty() && stack_.top().servers_own;
}

/// gcc: all that a system header includes (libcpp/files.cc, _cpp_stack_file). clang: what it finds beside it.
bool ClosureRecorder::is_system_header(const Resolution& resolution) const {
  if (resolution.system_headers) return true;
  const bool inherits = !clang_ || resolution.found_at == Resolution::kBeside;
  return inherits && !stack_.empty() && stack_.top().system_header;
}

void ClosureRecorder::note_mapped(const Resolution& resolution) {
  if (stack_.empty() || !resolution.text.starts_with('/')) return;
  const bool named = resolution.found_at == Resolution::kNoChain;
  const bool beside = resolution.found_at == Resolution::kBeside && mapped_.contains(stack_.top().resolution);
  if (named || beside) mapped_.insert(&resolution);
}

bool ClosureRecorder::is_renamed(const Resolution& resolution) const {
  return resolution.text.starts_with('/') && !mapped_.contains(&resolution);
}

/// The compiler reports an error.
void ClosureRecorder::give_up_unreadable(const Resolution& resolution) {
  const std::string path = resolution.unreadable->path();
  give_up(GiveUp::NotSendable, os::format("{}: {} cannot be looked at: {}", location(),
                                          path.empty() ? spelling(LookupKey(resolution.key).name) : path,
                                          std::strerror(resolution.unreadable->status.error)));
}

void ClosureRecorder::record(Resolution& resolution, bool entered) {
  if (resolution.recorded != lookup_.epoch()) lookup_.put_into(*closure_, resolution);
  if (resolution.unreadable != nullptr) give_up_unreadable(resolution);
  if (resolution.file == nullptr) return;
  if (unit_->maps_names_over_cwd) note_mapped(resolution);
  SourceFile& file = files_.in_unit(*resolution.file);
  if (file.closure_index == SourceFile::kNotInClosure) {
    add_file(resolution);
  } else if (file.servers_own && !is_servers_own(resolution)) {
    file.servers_own = listed(file).servers_own = false;
  }
  if (entered) listed(file).entered = true;
  if (!clang_) return;
  if (entered && is_source_location(resolution.text)) note_shown_name("<source_location>", location());
  // clang lists a file if one of its lookups makes it a user's.
  if (!is_system_header(resolution)) listed(file).system = false;
  names_.add_directory(resolution);
  note_mixed_spellings(resolution);
}

void ClosureRecorder::record_embedded(Resolution& resolution) {
  record(resolution, false);
  if (resolution.file != nullptr) listed(*resolution.file).embedded = true;
}

void ClosureRecorder::add_file(const Resolution& resolution) {
  SourceFile& file = *resolution.file;
  file.closure_index = static_cast<std::uint32_t>(closure_->files.size());
  ClosureFile& added = closure_->files.emplace_back();
  added.entry = file.entry;
  added.spelled = resolution.text;
  added.absolute = is_renamed(resolution);
  if (file.hashed) added.hash = file.hash;
  added.system = is_system_header(resolution);
  file.servers_own = added.servers_own = is_servers_own(resolution);
  if (!clang_) return;
  added.taken_for = names_.add_file(resolution);
  if (resolution.text.find_first_of("\\\t") != std::string_view::npos)
    give_up(GiveUp::NotSendable,
            os::format("clang writes another name for {} into dependency rules", resolution.text));
}

/// If clang names a file by its last lookup, probes included, the copy on the server can have only one kind
/// of name. A file that is being walked gets the new name for the rest of its text.
void ClosureRecorder::note_mixed_spellings(const Resolution& resolution) {
  if (unit_->profile->dialect.files != FileNaming::LastLookup) return;
  ClosureFile& file = listed(*resolution.file);
  if (resolution.text == file.spelled) return;
  const bool absolute = is_renamed(resolution);
  if (absolute != file.absolute || (absolute && stack_.contains(*resolution.file)))
    file.mixed_spellings = true;
}

void ClosureRecorder::open(const Resolution& resolution) {
  ClosureFile& file = listed(*resolution.file);
  file.hash = resolution.file->hash;
  // gcc lists a file as it enters it first.
  if (!clang_ && !file.entered) file.system = is_system_header(resolution);
  file.entered = true;
}

void ClosureRecorder::walk_under_name(const Resolution& resolution) {
  SourceFile& file = *resolution.file;
  ClosureFile& closure_file = listed(file);
  closure_file.hash = file.hash;
  const std::string_view path = resolution.text;
  const bool absolute = is_renamed(resolution);
  const bool first = !file.entered_absolute && !file.entered_relative;
  if (first) {
    // __FILE__ is the name by which the file was entered, not that of an earlier probe.
    closure_file.spelled = path;
    closure_file.absolute = absolute;
    if (clang_) names_.enter(resolution);
  }
  (absolute ? file.entered_absolute : file.entered_relative) = true;
  // gcc compares names before it maps them: this one and that from the edited #include stay two files.
  if (!first && !clang_ && unit_->maps_names_over_cwd && closure_file.spelled != path &&
      (path.starts_with('/') || closure_file.spelled.starts_with('/')))
    give_up(GiveUp::NotSendable,
            os::format("{}: {} is entered again, as {}", location(), closure_file.spelled, path));
  // One #line can set one name, so two absolute paths are mixed as well. Interned paths are equal if their
  // addresses are.
  if (unit_->profile->dialect.files != FileNaming::First && file.entered_absolute &&
      (file.entered_relative || closure_file.spelled.data() != path.data()))
    closure_file.mixed_spellings = true;
}

void ClosureRecorder::skip_as(const SourceFile& file, const SourceFile& other) {
  ClosureFile& closure_file = listed(file);
  closure_file.hash = file.hash;
  if (!clang_) closure_file.taken_for = other.entry;
}

void ClosureRecorder::mark_pragma_once(const SourceFile& file) {
  if (file.closure_index != SourceFile::kNotInClosure) listed(file).pragma_once = true;
}

/// The file is looked for in the working directory, then like a quoted include of the source.
Resolution& ClosureRecorder::forced(const ForcedFile& file) {
  const Symbol name = intern(file.name);
  Resolution& resolution = lookup_.include(working_directory(), name, false);
  record(resolution, false);
  if (!resolution.found) give_up_if_precompiled(resolution, name);
  return resolution;
}

void ClosureRecorder::check_next(const Resolution& found, int found_at) {
  if (clang_ || found_at != Resolution::kBeside) return;
  // Found in the working directory, which gcc names ".".
  std::string_view includer = found.text;
  if (includer.starts_with("./")) includer.remove_prefix(2);
  if (!compilation::stands_for_absolute(includer)) return;
  const bool forced = std::any_of(unit_->forced.begin(), unit_->forced.end(),
                                  [&](const ForcedFile& file) { return file.name == includer; });
  if (forced)
    give_up(GiveUp::NotSendable,
            os::format("#include_next in {}, which -include or -imacros names absolutely", includer));
}

/// pch_open_file() in gcc's libcpp/files.cc.
void ClosureRecorder::note_first_include(const Resolution& resolution) {
  if (clang_ || !closure_->precompiled_header.empty()) return;
  closure_->precompiled_header = lookup_.precompiled(resolution, *closure_);
}

/// On a server both have this name, so that a dependency rule does not tell which of them is meant.
void ClosureRecorder::check_shortened_names() {
  for (const ShortenedName& name : closure_->shortened)
    for (const ClosureFile& file : closure_->files)
      if (file.entered && compilation::without_leading_here(file.spelled) == name.found)
        return give_up(GiveUp::NotSendable,
                       os::format("{} is read under its name and under that of its real path", name.found));
}

void ClosureRecorder::record_extra_inputs() {
  for (const std::string& path : unit_->extra_inputs) record(lookup_.path(path), false);
}

Resolution& ClosureRecorder::probe(const Frame& frame, Symbol name, bool angled, bool next) {
  if (next) check_next(*frame.resolution, frame.found_at);
  Resolution& resolution =
      resolve(*frame.resolution, frame.found_at, frame.system_header, name, angled, next);
  record(resolution, false);
  note_name(name, nullptr, {});
  if (clang_ || resolution.found) return resolution;
  const bool onward = next && frame.found_at >= Resolution::kBeside;
  const SearchPath& search = *unit_->search;
  // Without -I-, a quoted name is looked for beside its includer first.
  if (!onward && !angled && !search.split) return resolution;
  std::size_t start = 0;
  if (onward) {
    const int next_position = frame.found_at + 1;  // 0 after kBeside
    start = static_cast<std::size_t>(next_position);
  } else if (angled) {
    start = search.bracket_start;
  }
  keep_a_directory(search, start, *closure_);
  return resolution;
}

void ClosureRecorder::note_name(Symbol name, const Entry* in, const std::string& place) {
  if (!spelling(name).starts_with('/')) return;
  closure_->absolute_names.push_back({spelling(name), in, place.empty() ? location() : place});
}

/// The assembler looks in the working directory, then in the directories of -I.
void ClosureRecorder::assembler_file(Symbol name, const std::string& place) {
  if (name == 0) return give_up(GiveUp::AssemblerFile, place + ": .incbin or .include of a computed name");
  const std::string_view text = spelling(name);
  if (text.starts_with('/')) return give_up(GiveUp::AssemblerFile, os::format("{}: {}", place, text));
  Resolution& here = lookup_.path(text);
  record(here, false);
  Resolution& found = here.found ? here : lookup_.chain(unit_->search->bracket_start, name);
  record(found, false);
  if (found.file == nullptr) return;
  // The file may be assembler text that names further files.
  const auto version = tree_.load(*found.file->entry);
  if (!version) return give_up(version.error());
  if (opens_files(*version->bytes))
    give_up(GiveUp::AssemblerFile, os::format("{}: {} includes further files", place, text));
}

void ClosureRecorder::note_macro_pragma(const std::string& place) {
  if (closure_->macro_pragma.empty()) closure_->macro_pragma = place;
}

void ClosureRecorder::not_exact(const char* why) {
  if (closure_->inexact.empty()) closure_->inexact = os::format("{}: {}", location(), why);
}

void ClosureRecorder::set_incomplete() {
  incomplete_ = true;
  not_exact("cannot be followed exactly");
}

void ClosureRecorder::give_up(GiveUp reason, std::string detail) {
  if (gave_up()) return;
  closure_->give_up = reason;
  closure_->detail = std::move(detail);
}

void ClosureRecorder::give_up(const Error& error) {
  give_up(error.code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed, error.message);
}

bool ClosureRecorder::give_up_if_precompiled(const Resolution& resolution, Symbol name) {
  if (!resolution.only_precompiled) return false;
  give_up(GiveUp::NotSendable, os::format("{}: {} exists only precompiled", location(), spelling(name)));
  return true;
}

/// The compiler converts what it reads: file names, macros and characters in directives change.
void ClosureRecorder::check_charset(const Scan& scan, const Resolution& file) {
  const bool same =
      is_ascii(scan.text) && std::all_of(scan.directives.begin(), scan.directives.end(),
                                         [](const Directive& one) { return is_ascii(spelling(one.name)); });
  if (!same)
    give_up(GiveUp::NotSendable,
            os::format("-finput-charset is given, and {} has directives that are not ASCII", file.text));
}

void ClosureRecorder::check_local_value(Symbol macro, MacroState state, const std::string& place) {
  if (macro == known::kPrettyFunction) {  // no macro
    if (clang_ && !keeps_function_name(place.substr(0, place.rfind(':'))))
      note_shown_name(spelling(macro), place);
    return;
  }
  if (!may_be_computed(state)) return;
  if (macro == known::kDate || macro == known::kTime) closure_->uses_date = true;
  if (const std::string reason = local_value_of(*unit_, macro); !reason.empty())
    give_up(GiveUp::NotSendable, os::format("{}: {}", place, reason));
}

void ClosureRecorder::note_builtin(MacroState state) {
  if (!may_be_computed(state)) return;
  closure_->changes_builtin = true;
}

void ClosureRecorder::note_line(const std::vector<Token>& operand, const std::string& place) {
  if (clang_) return;
  const auto may_be_absolute = [](const Token& token) {
    return token.kind == TokenKind::Identifier ||
           (token.kind == TokenKind::String && spelling(token.text).find("\"/") != std::string_view::npos);
  };
  if (std::any_of(operand.begin(), operand.end(), may_be_absolute))
    note_shown_name("#line with an absolute name", place);
}

void ClosureRecorder::note_shown_name(std::string_view how, const std::string& place) {
  if (closure_->shows_names.empty()) closure_->shows_names = os::format("{}: {}", place, how);
}

std::string_view ClosureRecorder::name_of_file(const Frame& frame) const {
  const Resolution& here = *frame.resolution;
  const bool first = unit_->profile->dialect.files == FileNaming::First && here.file != nullptr;
  return first ? std::string_view(closure_->files[here.file->closure_index].spelled) : here.text;
}

}  // namespace pump::include_server
