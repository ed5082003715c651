// Includes: from a directive to the file it enters, and into the closure.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "pump/include_server/lexer/assembler_text.h"
#include "pump/include_server/preprocessor/header_operand.h"
#include "pump/include_server/preprocessor/walker.h"
#include "pump/include_server/unit/unsupported_commands.h"

namespace pump::include_server {
namespace {

/// Targets of one computed include; more are left to the path-insensitive walk.
constexpr std::size_t kMostTargets = 16;

}  // namespace

/// Looked up from the working directory, then like a quoted include of the source.
Resolution& Walker::forced(const ForcedFile& file) {
  Resolution& resolution = lookup_.include(working_directory(), intern(file.name), false);
  record(resolution, false);
  if (!resolution.found) missing(resolution, intern(file.name));
  return resolution;
}

/// A walk waits for memory more than it computes: what the next #includes lead to is fetched meanwhile.
void Walker::prefetch(const CachedInclude& cached) {
  __builtin_prefetch(cached.resolution);
  __builtin_prefetch(cached.file);
  __builtin_prefetch(cached.walked);
}

void Walker::include(const Directive& directive) {
  if ((directive.flags & kAbsolute) != 0) note_absolute(directive);
  if ((directive.flags & kComputed) != 0) {
    include_computed(directive);
  } else {
    Resolution& resolution = resolve_remembered(directive);
    if (directive.kind == DirectiveKind::Import || !certainly_skipped(resolution))
      include_found(directive, directive.name, resolution);
  }
}

void Walker::include_computed(const Directive& directive) {
  const std::vector<Token>& tokens =
      frame_->walked->scan->expressions[directive.slot].get(*frame_->walked->scan);
  std::set<HeaderName> targets;
  unsigned tries = 64;
  if (!header_names(expander_, macros_, clang_, tokens, targets, tries) || targets.size() > kMostTargets) {
    stop_incomplete();
    return;
  }
  if (targets.empty()) return;  // an error for the compiler
  // Each in a branch of its own where there are several.
  auto remaining = targets.begin();
  const std::function<void()> walk_next = [&] {
    const HeaderName target = *remaining++;
    if (remaining == targets.end()) {
      include_name(directive, target.first, target.second);
    } else {
      either([&] { include_name(directive, target.first, target.second); }, walk_next);
    }
  };
  walk_next();
}

int Walker::chain_position(const Resolution& found, int includer) const {
  return clang_ && found.found_at == Resolution::kBeside ? includer : found.found_at;
}

Resolution& Walker::resolve(const Resolution& includer, int found_at, bool system, Symbol name, bool angled,
                            bool next) {
  const std::string_view text = spelling(name);
  const bool absolute = !text.empty() && text.front() == '/';
  if (next && !absolute) {
    if (found_at >= 0) return lookup_.chain(static_cast<std::size_t>(found_at) + 1, name);
    if (found_at == Resolution::kBeside) return lookup_.chain(0, name);
  }
  return lookup_.include(name_of_directory(includer), name, angled, system);
}

/// Where a directive that names its header led from the same kind of place.
Resolution& Walker::resolve_remembered(const Directive& directive) {
  const Resolution& includer = *frame_->resolution;
  const bool angled = (directive.flags & kAngled) != 0;
  const bool onward = directive.kind == DirectiveKind::IncludeNext && frame_->level != 0;
  CachedInclude& cached = frame_->walked->includes[directive.slot];
  for (std::uint32_t ahead = 1; ahead <= kFetchedAhead; ++ahead) prefetch((&cached)[ahead]);
  const bool anywhere = angled && !onward;
  const Symbol directory = anywhere ? 0 : name_of_directory(includer);
  const int found_at = onward ? frame_->found_at : Resolution::kNoChain;
  if (cached.space == lookup_.space() && cached.found_at == found_at &&
      (anywhere || (cached.directory == directory && cached.system == frame_->system_header))) {
    if (cached.walked == nullptr && cached.file != nullptr) cached.walked = cached.file->walked;
    return lookup_.in_force(*cached.resolution);
  }
  Resolution& found = resolve(includer, found_at, frame_->system_header, directive.name, angled, onward);
  if (budget_.remember)
    cached = {lookup_.space(), directory, found_at, frame_->system_header, &found, found.file, nullptr};
  return found;
}

/// The short way for most includes of a unit: found before in this unit, and all that comes of it is in the
/// closure. Under clang a lookup can give the file another name.
bool Walker::certainly_skipped(const Resolution& resolution) const {
  if (resolution.recorded != lookup_.epoch() || resolution.file == nullptr || clang_) return false;
  const SourceFile& file = *resolution.file;
  if (file.entered != Certainty::Yes || frame_->level >= budget_.nesting) return false;
  if (file.servers_own && resolution.found_at < 0 && !frame_->servers_own) return false;
  if (file.once == Certainty::Yes) return true;
  if (file.scan_mode != mode_bits_ || file.guard == 0) return false;
  const MacroState guard = macros_.peek(file.guard);
  return guard.certain() && !guard.undefined();
}

/// A computed name.
void Walker::include_name(const Directive& directive, Symbol name, bool angled) {
  const bool next = directive.kind == DirectiveKind::IncludeNext;
  Resolution& resolution =
      resolve(*frame_->resolution, frame_->found_at, frame_->system_header, name, angled, next);
  record(resolution, false);
  note_name(name, nullptr, {});
  include_found(directive, name, resolution);
}

void Walker::include_found(const Directive& directive, Symbol name, Resolution& resolution) {
  record(resolution, false);
  if (!resolution.found) {
    missing(resolution, name);
    return;
  }
  if (directive.kind == DirectiveKind::Embed) return;
  enter(resolution, directive.kind == DirectiveKind::Import);
}

void Walker::missing(const Resolution& resolution, Symbol name) {
  if (resolution.only_precompiled) {
    give_up(GiveUp::NotSendable, fmt::format("{}: {} exists only precompiled", location(), spelling(name)));
    return;
  }
  fatal();
}

/// The compiler stops here. In an unknown branch that means that the branch is not taken.
void Walker::fatal() {
  if (branches_ != 0) dead_ = stopped_ = true;
}

/// Whether the file's text is skipped because it was included before.
Certainty Walker::already_seen(SourceFile& file, bool import) {
  Certainty seen = Certainty::No;
  const auto consider = [&seen](Certainty once, Certainty entered) {
    if (once == Certainty::No || entered == Certainty::No) return;
    if (once == Certainty::Yes && entered == Certainty::Yes) {
      seen = Certainty::Yes;
    } else if (seen == Certainty::No) {
      seen = Certainty::Maybe;
    }
  };
  consider(import ? Certainty::Yes : file.once, file.entered);
  if (seen == Certainty::Yes) return seen;
  if (once_files_.empty() || scan_of(file) == nullptr || !file.has_twin) return seen;
  for (const SourceFile* twin : twins_once(file)) {
    if (twin->once == Certainty::No || twin->entered == Certainty::No) continue;
    consider(twin->once, twin->entered);
    ClosureFile& listed = closure_->files[file.closure_index];
    listed.hash = file.hash;
    listed.taken_for = clang_ ? listed.taken_for : twin->entry;
  }
  return seen;
}

void Walker::enter(Resolution& resolution, bool import) {
  if (resolution.file == nullptr || stopped_) return;
  SourceFile& file = current(*resolution.file);
  if (frame_->level >= budget_.nesting) {
    fatal();
    return;
  }
  const Certainty seen = already_seen(file, import);
  if (import) set_file_state(file, {Certainty::Yes, file.entered});
  if (seen == Certainty::Yes) return;
  WalkedScan* const walked = scan_of(file);
  if (walked == nullptr) return;
  opened(resolution);
  if (file.guard != 0) {
    const MacroState guard = macros_.get(file.guard);
    const bool skipped = guard.certain() ? !guard.undefined() : !guard.alternatives().may_be_undefined();
    if (skipped) return;
  }
  if (seen == Certainty::Maybe) {
    either([&] { walk_file(resolution, *walked); }, [] {});
  } else {
    walk_file(resolution, *walked);
  }
}

void Walker::walk_file(Resolution& resolution, WalkedScan& walked) {
  for (std::uint32_t first = 0; first < kFetchedAhead; ++first) prefetch(walked.includes[first]);
  name_walked(resolution);
  Frame* const includer = frame_;
  Frame frame{includer, &walked, &resolution, includer == nullptr ? 0 : includer->level + 1};
  frame.system_header = resolution.system_headers;
  if (frame.level != 0) frame.found_at = chain_position(resolution, includer->found_at);
  if (unit_->converts_text) check_charset(*walked.scan, resolution);
  frame.servers_own = is_servers_own(resolution);
  frame_ = &frame;
  walk(0, walked.size);
  frame_ = includer;
}

/// The compiler converts what it reads: file names, macros and characters in directives are other ones to it.
void Walker::check_charset(const Scan& scan, const Resolution& where) {
  const auto is_ascii = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  const bool same =
      is_ascii(scan.text) && std::all_of(scan.directives.begin(), scan.directives.end(),
                                         [&](const Directive& one) { return is_ascii(spelling(one.name)); });
  if (!same)
    give_up(GiveUp::NotSendable,
            fmt::format("-finput-charset, and directives of {} are not ASCII", where.text));
}

void Walker::note_absolute(const Directive& directive) {
  const SourceFile* const here = frame_->resolution->file;
  const bool rewritable = directive.kind != DirectiveKind::Embed && here != nullptr;
  note_name(directive.name, rewritable ? here->entry : nullptr, {});
}

/// The assembler looks in the working directory, then along -I.
void Walker::assembler_file(Symbol name, const std::string& place) {
  if (name == 0) return give_up(GiveUp::AssemblerFile, place + ": .incbin or .include of a computed name");
  const std::string_view text = spelling(name);
  if (text.starts_with('/')) return give_up(GiveUp::AssemblerFile, fmt::format("{}: {}", place, text));
  Resolution& here = lookup_.path(text);
  record(here, false);
  Resolution& found = here.found ? here : lookup_.chain(unit_->search->bracket_start, name);
  record(found, false);
  if (found.file == nullptr) return;
  // The same file may be .included, and name others in its turn.
  const auto version = tree_.load(*found.file->entry);
  if (!version)
    return give_up(version.error().code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed,
                   version.error().message);
  if (opens_files(*version->bytes))
    give_up(GiveUp::AssemblerFile, fmt::format("{}: {} opens files in its turn", place, text));
}

void Walker::local_value(const std::string& place, Symbol macro) {
  const MacroState state = macros_.get(macro);
  if (state.certain() && (state.undefined() || state.definition()->builtin() == Builtin::None)) return;
  if (const std::string reason = local_value_of(*unit_, macro); !reason.empty())
    give_up(GiveUp::NotSendable, fmt::format("{}: {}", place, reason));
}

}  // namespace pump::include_server
