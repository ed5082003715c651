// Runs of directives that only read and write macros: what they came to before is applied where the macros
// they read are what they were.
//
// Most of a walk is headers that hundreds of units walk in the same state. Rejected: remembering a whole
// header with all it includes; a header like <memory> is entered in nearly as many states as there are orders
// of includes before it, and comparing and keeping them cost what walking costs. A run ends at each #include,
// so that it depends on little.
#include <algorithm>

#include "pump/include_server/preprocessor/walker.h"

namespace pump::include_server {
namespace {

/// Runs kept by one walker, in bytes; beyond, all are made anew.
constexpr std::size_t kMostRunBytes = 16U << 20U;

}  // namespace

void Walker::forget_runs() {
  runs_.clear();
  lookup_.forget_runs();
}

/// From a directive of a run; where to go on.
DirectiveIndex Walker::run(DirectiveIndex start) {
  const CachedRun* const cached = runs_.find(frame_->walked->run_at(start), *unit_->profile, macros_);
  if (cached == nullptr) return walk_run(start);
  __builtin_prefetch(&frame_->walked->directives[cached->end]);
  steps_.add(cached->reads + cached->writes);
  runs_.apply(*cached, macros_);
  return cached->end;
}

DirectiveIndex Walker::walk_run(DirectiveIndex start) {
  const Scan& scan = *frame_->walked->scan;
  const auto size = static_cast<DirectiveIndex>(scan.directives.size());
  notes_.begin();
  DirectiveIndex index = start;
  while (index < size && is_plain(scan.directives[index].kind)) {
    const Directive& next = scan.directives[index];
    steps_.add(1);
    take_no_longer();
    if (stopped_) return index;
    if (ends_branch(next.kind)) {
      index = next.behind(index);
      continue;
    }
    if (next.kind == DirectiveKind::Define || next.kind == DirectiveKind::Undef) {
      const MacroState state =
          next.kind == DirectiveKind::Define ? MacroState(&scan.definitions[next.slot]) : MacroState();
      macros_.set(next.name, state);
      notes_.wrote(next.name, state);
      ++index;
      continue;
    }
    const std::optional<DirectiveIndex> inside = known_group(index);
    if (!inside) {
      if (index == start) return conditional(start);
      break;
    }
    index = *inside;
  }
  std::uint32_t& number = frame_->walked->run_at(start);
  if (!runs_.worth_noting(number)) return index;
  if (runs_.bytes() > kMostRunBytes) forget_runs();
  macros_.make_room();
  runs_.keep(notes_, number, unit_->profile->cache_id(notes_.asked), index);
  return index;
}

/// At an #if: where to go on, its reads noted. Nothing where that depends on more than macros.
std::optional<DirectiveIndex> Walker::known_group(DirectiveIndex index) {
  const std::vector<Directive>& directives = frame_->walked->scan->directives;
  while (index < directives.size()) {
    const Directive& at = directives[index];
    if (at.kind == DirectiveKind::Endif || at.kind == DirectiveKind::Else) return index + 1;
    Truth truth = Truth::Unknown;
    if (at.kind != DirectiveKind::If && at.kind != DirectiveKind::Elif) {
      truth = known_definedness(at);
      if (truth == Truth::Unknown) return std::nullopt;
      notes_.read({at.name, macros_.peek(at.name)});
    } else if (const CachedCondition* const cached =
                   conditions_.find(frame_->walked->conditions[at.slot], *unit_->profile, macros_)) {
      truth = cached->truth;
      conditions_.for_each_read(*cached, [&](const MacroTable::Change& read) { notes_.read(read); });
      notes_.asked = notes_.asked || cached->asked;
    } else {
      frame_->stand_at(at);
      Refinement refinement;
      truth = condition(at, refinement);
      const std::vector<MacroTable::Change>& reads = macros_.reads_noted();
      const auto certain = [](const MacroTable::Change& read) { return read.state.certain(); };
      if (unrepeatable_ || !std::all_of(reads.begin(), reads.end(), certain)) return std::nullopt;
      for (const MacroTable::Change& read : reads) notes_.read(read);
      notes_.asked = notes_.asked || asked_compiler_;
    }
    if (truth == Truth::True) return index + 1;
    index = at.next;
  }
  return index;
}

}  // namespace pump::include_server
