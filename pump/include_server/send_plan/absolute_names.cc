#include "pump/include_server/send_plan/absolute_names.h"

#include <algorithm>
#include <cerrno>

#include "pump/compilation/absolute_names.h"
#include "pump/include_server/lexer/interner.h"

namespace pump::include_server {

OrRefusal<void> AbsoluteNames::make_relative(std::vector<ReplyEntry>& entries) {
  if (rules_.absolute_includes == nullptr) return {};
  std::vector<ReplyEntry*> unknown;
  {
    const auto known = rules_.absolute_includes->without_any(unit_.lex);
    for (ReplyEntry& entry : entries)
      if (!known.contains(*entry.file->entry)) unknown.push_back(&entry);
  }
  for (ReplyEntry* entry : unknown)
    if (auto made = make_relative(*entry); !made) return made;
  return {};
}

/// In the copy. A name that is rewritten counts as rewritten whether this unit gets there or not, so that the
/// copy depends on little but the file: on what stands at the names in it, and on the unit's default
/// directories and links. Where these make a difference, each has a copy of its own (Mirror::file,
/// `variant`).
OrRefusal<void> AbsoluteNames::make_relative(ReplyEntry& entry) {
  const Entry& file = *entry.file->entry;
  const auto includes = rules_.absolute_includes->of(tree_, file, unit_.lex);
  if (!includes)
    return refuse(includes.error().code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed,
                  includes.error().message);
  if (*includes == nullptr) return {};
  const bool by_link = reached_by_link_to_itself(file);
  for (const AbsoluteInclude& include : **includes) {
    Trace way;
    const Entry* named = tree_.walk(nullptr, include.name, way);
    trace_.consulted.insert(trace_.consulted.end(), way.consulted.begin(), way.consulted.end());
    if (named->kind != EntryKind::File) continue;
    if (defaults_.holding(named->parent) != nullptr)
      continue;  // left() tells whether by a name that the server has
    const std::string path = compilation::name_over_root(file.parent->path(), include.name);
    if (by_link || include.begin == include.end || path.find_first_of("\"\n") != std::string::npos) {
      not_rewritten_.push_back(include.name);
      continue;
    }
    rewritten_.emplace(&file, spelling(intern(include.name)));
    entry.replacements.push_back({include.begin, include.end, '"' + path + '"'});
  }
  return {};
}

bool AbsoluteNames::stays_absolute(const AbsoluteName& one) const {
  return one.in == nullptr || !rewritten_.contains({one.in, one.name});
}

bool AbsoluteNames::left_absolute(std::string_view name) const {
  return std::find(not_rewritten_.begin(), not_rewritten_.end(), name) != not_rewritten_.end() ||
         std::any_of(closure_.absolute_names.begin(), closure_.absolute_names.end(),
                     [&](const AbsoluteName& one) { return one.name == name && stays_absolute(one); });
}

const AbsoluteName* AbsoluteNames::left() {
  const auto found = std::find_if(closure_.absolute_names.begin(), closure_.absolute_names.end(),
                                  [this](const AbsoluteName& one) {
                                    return stays_absolute(one) && !defaults_.serves(tree_, one.name, trace_);
                                  });
  return found == closure_.absolute_names.end() ? nullptr : &*found;
}

/// Then the compiler looks for relative names beside the link, and the copy is the same for all its names.
bool AbsoluteNames::reached_by_link_to_itself(const Entry& file) {
  return std::any_of(closure_.links.begin(), closure_.links.end(), [&](const Entry* link) {
    return tree_.walk(link->parent, link->name, trace_) == &file;
  });
}

}  // namespace pump::include_server
