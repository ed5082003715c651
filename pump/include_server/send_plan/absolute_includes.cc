#include "pump/include_server/send_plan/absolute_includes.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "pump/include_server/lexer/interner.h"
#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {
namespace {

std::string_view trimmed_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(0, last + 1);
}

/// True if `before` may be the part of a directive before its header name.
bool precedes_header_name(std::string_view before) {
  before = trimmed_end(before);
  return before.ends_with("include") || before.ends_with("import") || before.ends_with("include_next") ||
         before.ends_with("*/") || before.ends_with("(") || before.ends_with("\\\n");
}

/// A quick test, which is false for nearly every file.
bool may_have_absolute_include(std::string_view bytes) {
  for (const std::string_view opening : {std::string_view("\"/"), std::string_view("</")}) {
    for (std::size_t at = bytes.find(opening); at != std::string_view::npos;
         at = bytes.find(opening, at + 1)) {
      if (precedes_header_name(bytes.substr(0, at))) return true;
    }
  }
  return false;
}

/// [begin, end) of a line, without its newline. Lines count from 1.
std::pair<std::size_t, std::size_t> line_bounds(std::string_view bytes, std::uint32_t number) {
  std::size_t begin = 0;
  for (; number > 1 && begin != std::string_view::npos; --number) {
    const std::size_t newline = bytes.find('\n', begin);
    begin = newline == std::string_view::npos ? newline : newline + 1;
  }
  if (begin == std::string_view::npos) return {bytes.size(), bytes.size()};
  return {begin, std::min(bytes.find('\n', begin), bytes.size())};
}

/// Sets the position of the name, if the directive is a plain `# include "name"` in one line.
void locate_name(std::string_view bytes, const Directive& directive, AbsoluteInclude& found) {
  if (directive.kind == DirectiveKind::IncludeNext) return;
  const auto [begin, end] = line_bounds(bytes, directive.line);
  const std::string_view line = bytes.substr(begin, end - begin);
  const bool angled = (directive.flags & kAngled) != 0;
  const std::string delimited = (angled ? "<" : "\"") + found.name + (angled ? ">" : "\"");
  const std::size_t at = line.find(delimited);
  if (at == std::string_view::npos) return;
  std::string_view before = trimmed_end(line.substr(0, at));
  const std::string_view word = directive.kind == DirectiveKind::Import ? "import" : "include";
  if (!before.ends_with(word)) return;
  before = trimmed_end(before.substr(0, before.size() - word.size()));
  if (before.starts_with("\xef\xbb\xbf")) before.remove_prefix(3);
  if (!before.ends_with('#') || before.find_first_not_of(" \t#") != std::string_view::npos) return;
  found.begin = begin + at;
  found.end = found.begin + delimited.size();
}

}  // namespace

std::vector<AbsoluteInclude> find_absolute_includes(std::string_view bytes, const LexMode& lex) {
  std::vector<AbsoluteInclude> found;
  if (!may_have_absolute_include(bytes)) return found;
  const auto scan = scan_text(bytes, ScanMode{lex});
  for (const Directive& directive : scan->directives) {
    const bool include = directive.kind == DirectiveKind::Include ||
                         directive.kind == DirectiveKind::IncludeNext ||
                         directive.kind == DirectiveKind::Import;
    if (!include || (directive.flags & kComputed) != 0) continue;
    const std::string_view name = spelling(directive.name);
    if (!name.starts_with('/')) continue;
    AbsoluteInclude& added = found.emplace_back();
    added.name = name;
    locate_name(bytes, directive, added);
  }
  return found;
}

Expected<AbsoluteIncludeCache::Found> AbsoluteIncludeCache::find(FileTree& tree, const Entry& entry,
                                                                 const LexMode& lex) {
  PUMP_TRY(const ContentHash hash, tree.hash(entry));
  const std::uint32_t mode = ScanMode{lex}.bits();
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find({hash, mode}); known != known_.end()) {
      if (known->second == nullptr) without_any_[mode].insert(&entry);
      return known->second;
    }
  }
  PUMP_TRY(const FileVersion version, tree.load(entry));
  auto includes = find_absolute_includes(*version.bytes, lex);
  const Found found =
      includes.empty() ? nullptr : std::make_shared<const std::vector<AbsoluteInclude>>(std::move(includes));
  const std::lock_guard lock(mutex_);
  known_[{version.hash, mode}] = found;
  if (found == nullptr) without_any_[mode].insert(&entry);
  return found;
}

AbsoluteIncludeCache::WithoutAny AbsoluteIncludeCache::without_any(const LexMode& lex) const {
  return {*this, ScanMode{lex}.bits()};
}

}  // namespace pump::include_server
