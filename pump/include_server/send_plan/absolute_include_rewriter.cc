#include "pump/include_server/send_plan/absolute_include_rewriter.h"

#include <algorithm>
#include <cerrno>

#include "pump/compilation/name_over_root.h"
#include "pump/compilation/relative_root.h"
#include "pump/include_server/lexer/interner.h"

namespace pump::include_server {

OrRefusal<void> AbsoluteIncludeRewriter::rewrite(std::vector<SendPlanEntry>& entries) {
  std::vector<SendPlanEntry*> unknown;
  {
    const auto without_any = includes_.without_any(unit_.lex);
    for (SendPlanEntry& entry : entries)
      if (!without_any.contains(*entry.file->entry)) unknown.push_back(&entry);
  }
  for (SendPlanEntry* entry : unknown) PUMP_CHECK(rewrite(*entry));
  return {};
}

/// A name is rewritten even if this unit skips its directive. So the copy depends on the file, on what the
/// names in it refer to, and on the unit's default directories and links, but not on macros. If the
/// replacements differ between units, each has a copy of its own (file_key() in mirror/mirror.cc).
OrRefusal<void> AbsoluteIncludeRewriter::rewrite(SendPlanEntry& entry) {
  const Entry& file = *entry.file->entry;
  const auto includes = includes_.find(tree_, file, unit_.lex);
  if (!includes)
    return refuse(includes.error().code == EAGAIN ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed,
                  includes.error().message);
  if (*includes == nullptr) return {};
  const bool linked = !unit_.maps_names_over_cwd && has_link_to_itself(file);
  for (const AbsoluteInclude& include : **includes) {
    Trace path_trace;
    const Entry* target = tree_.walk(nullptr, include.name, path_trace);
    trace_.consulted.insert(trace_.consulted.end(), path_trace.consulted.begin(), path_trace.consulted.end());
    if (target->kind != EntryKind::File) continue;
    if (defaults_.holding(target->parent) != nullptr) continue;  // first_unusable() checks these
    const std::string name = unit_.maps_names_over_cwd
                                 ? compilation::root_over_cwd(unit_.cwd) + include.name.substr(1)
                                 : compilation::name_over_root(file.parent->path(), include.name);
    if (linked || include.begin == include.end || name.find_first_of("\"\n") != std::string::npos) {
      not_rewritten_.push_back(include.name);
      continue;
    }
    rewritten_.emplace(&file, spelling(intern(include.name)));
    entry.edits.replacements.push_back({include.begin, include.end, '"' + name + '"'});
  }
  return {};
}

bool AbsoluteIncludeRewriter::remains(const AbsoluteName& name) const {
  return name.in == nullptr || !rewritten_.contains({name.in, name.name});
}

bool AbsoluteIncludeRewriter::remains(std::string_view name) const {
  return std::find(not_rewritten_.begin(), not_rewritten_.end(), name) != not_rewritten_.end() ||
         std::any_of(closure_.absolute_names.begin(), closure_.absolute_names.end(),
                     [&](const AbsoluteName& one) { return one.name == name && remains(one); });
}

const AbsoluteName* AbsoluteIncludeRewriter::first_unusable() {
  const auto found = std::find_if(
      closure_.absolute_names.begin(), closure_.absolute_names.end(),
      [this](const AbsoluteName& one) { return remains(one) && !defaults_.serves(tree_, one.name, trace_); });
  return found == closure_.absolute_names.end() ? nullptr : &*found;
}

/// The compiler looks for a relative name in the directory of the link, but the file has one copy for all its
/// names.
bool AbsoluteIncludeRewriter::has_link_to_itself(const Entry& file) {
  return std::any_of(closure_.links.begin(), closure_.links.end(), [&](const Entry* link) {
    return tree_.walk(link->parent, link->name, trace_) == &file;
  });
}

}  // namespace pump::include_server
