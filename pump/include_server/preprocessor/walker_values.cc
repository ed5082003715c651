// What macro expansion asks of the walk: where it is, what exists, what the compiler has built in.
#include "pump/include_server/preprocessor/walker.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

Token string_token(std::string_view path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
  return Token{intern(text), TokenKind::String, 0, 0};
}

/// gcc finds it an error to ask what a search path with no directory at all holds. One whose directories hold
/// nothing that is sent would be such a path on the server.
void keep_a_directory(const SearchPath& search, std::size_t start, Closure& closure) {
  const SearchDirectory* kept = nullptr;
  for (std::size_t i = start; i < search.directories.size(); ++i) {
    const SearchDirectory& directory = search.directories[i];
    if (directory.system) return;
    if (kept == nullptr && directory.directory != nullptr) kept = &directory;
  }
  if (kept == nullptr) return;
  closure.links.insert(closure.links.end(), kept->links.begin(), kept->links.end());
  closure.traversed.insert(closure.traversed.end(), kept->traversed.begin(), kept->traversed.end());
  closure.traversed.push_back(kept->directory);
}

}  // namespace

/// That is being read.
std::string_view Walker::name_of_file() const {
  const Resolution& here = *frame_->resolution;
  const bool first = unit_->profile->dialect.files == FileNaming::First && here.file != nullptr;
  return first ? closure_->files[here.file->closure_index].spelled : spelling(here.spelled);
}

Token Walker::value_of(Builtin builtin) {
  const Token unknown{0, TokenKind::Unknown, 0, 0};
  unrepeatable_ = true;
  switch (builtin) {
    case Builtin::Line:
      if (!frame_->line_known || frame_->many_lines) return unknown;
      return Token{intern(std::to_string(frame_->line + frame_->line_shift)), TokenKind::Number, 0, 0};
    case Builtin::IncludeLevel:
      return Token{intern(std::to_string(frame_->level)), TokenKind::Number, 0, 0};
    case Builtin::File:
      if (!frame_->file_known) return unknown;
      if (frame_->presumed != 0) return Token{frame_->presumed, TokenKind::String, 0, 0};
      return string_token(name_of_file());
    case Builtin::BaseFile:
      return string_token(unit_->source);
    case Builtin::FileName:
      return string_token(os::basename(name_of_file()));
    default:
      return unknown;
  }
}

Resolution& Walker::probe(Symbol name, bool angled, bool next) {
  Resolution& resolution =
      resolve(*frame_->resolution, frame_->found_at, frame_->system_header, name, angled, next);
  record(resolution, false);
  note_name(name, nullptr, {});
  if (!clang_ && !resolution.found) {
    const int found_at = frame_->found_at;
    const bool onward = next && found_at >= Resolution::kBeside;
    const SearchPath& search = *unit_->search;
    // Without -I-, a quoted name is looked for beside its includer first.
    if (onward || angled || search.split)
      keep_a_directory(search,
                       onward   ? static_cast<std::size_t>(found_at + 1)
                       : angled ? search.bracket_start
                                : 0,
                       *closure_);
  }
  return resolution;
}

std::optional<bool> Walker::has_include(Builtin which, std::string_view name, bool angled) {
  unrepeatable_ = true;
  const Resolution& resolution = probe(intern(name), angled, which == Builtin::HasIncludeNext);
  // __has_embed also tells whether the file is empty, and looks along directories of its own.
  if (which == Builtin::HasEmbed) return std::nullopt;
  if (!resolution.found && resolution.only_precompiled) return std::nullopt;
  return resolution.found;
}

std::optional<std::int64_t> Walker::query(const std::string& text) {
  const CompilerProfile& profile = *unit_->profile;
  if (known_answers_ != profile.answers_id) {
    known_answers_ = profile.answers_id;
    answers_.clear();
    for (const auto& [known, value] : profile.known_queries) answers_[known] = value;
  }
  if (const auto known = answers_.find(text); known != answers_.end()) return known->second;
  asked_compiler_ = true;
  if (asked_profile_ != profile.id) {
    asked_profile_ = profile.id;
    asked_.clear();
  }
  if (const auto asked = asked_.find(text); asked != asked_.end()) return asked->second;
  const std::optional<std::int64_t> answer = ask_ ? ask_(profile, text) : std::nullopt;
  if (asked_.size() < 10'000) asked_[text] = answer;
  return answer;
}

}  // namespace pump::include_server
