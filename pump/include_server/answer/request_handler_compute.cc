// A reply for a command that has none yet: the unit, its closure, what travels, the mirror.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pump/include_server/answer/request_handler_impl.h"
#include "pump/include_server/answer/verify.h"
#include "pump/include_server/mirror/reply_writer.h"
#include "pump/include_server/send_plan/date_macros.h"
#include "pump/include_server/support/log.h"

namespace pump::include_server {
namespace {

/// Refusals that the same input gives again as long as no file changes.
bool lasting(GiveUp reason) {
  return reason != GiveUp::ReadFailed && reason != GiveUp::ChangedMeanwhile &&
         reason != GiveUp::MirrorFailed && reason != GiveUp::Internal && reason != GiveUp::CrashedBefore;
}

void append_all(std::vector<const Entry*>& to, const std::vector<const Entry*>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Computation Answerer::Impl::compute(const Request& request, const KnownEnvironment& environment,
                                    const MirrorInUse& in_use, const FileTree::Snapshot& snapshot) {
  Computation result;
  result.built = builder.build(snapshot, request.cwd, request.argv, environment.variables, environment.key);
  if (!result.built.unit) {
    result.reply = refusal(result.built.give_up, result.built.detail);
    result.start_over = result.built.give_up == GiveUp::ChangedMeanwhile;
    return result;
  }
  const Unit& unit = *result.built.unit;
  trace_unit(unit);
  const bool dates_are_set = sets_dates(environment.variables);
  if (!dates_are_set && answer_from_another_command(unit, snapshot.generation(), in_use, result))
    return result;

  Closure closure = preprocessors.run(snapshot, unit);
  steps += closure.steps;
  if (closure.approximate) ++approximate;
  if (!closure.inexact.empty() && closure.give_up == GiveUp::None)
    log_line(Topic::Warning, "more may be sent for {} in {} than is read: {}", unit.source, unit.cwd,
             closure.inexact);
  if (closure.give_up == GiveUp::ChangedMeanwhile) {
    result.start_over = true;
    return result;
  }
  result.depends.shared = std::exchange(closure.consulted, {});
  result.depends.own.reserve(unit.consulted.size() + unit.search->consulted.size() + 64);
  add_dependencies(unit, result);
  // distcc then preprocesses here.
  const auto refuse = [&closure](GiveUp reason, const std::string& detail) {
    if (closure.macro_pragma.empty() || reason == GiveUp::AssemblerFile) return refusal(reason, detail);
    return refusal(GiveUp::PragmaMacros,
                   fmt::format("{}; {} {}", closure.macro_pragma, describe(reason), detail));
  };
  if (closure.give_up != GiveUp::None) {
    result.reply = refuse(closure.give_up, closure.detail);
    result.cacheable = lasting(closure.give_up);
    return result;
  }
  if (const std::string date = dates_are_set ? find_date_macro(snapshot, tree, unit, closure) : std::string();
      !date.empty()) {
    result.reply = refuse(GiveUp::NotSendable, "SOURCE_DATE_EPOCH is set, and there is " + date);
    result.cacheable = true;
    return result;
  }
  observe_paths(unit, closure);

  const SendPlan plan = make_send_plan(snapshot, tree, unit, closure, absolute_includes,
                                       {options.force_directories, options.unsafe_absolute_includes});
  append_all(result.depends.own, plan.consulted);
  if (plan.give_up == GiveUp::ChangedMeanwhile) {
    result.start_over = true;
    return result;
  }
  if (plan.give_up != GiveUp::None) {
    result.reply = refuse(plan.give_up, plan.detail);
    result.cacheable = lasting(plan.give_up);
    return result;
  }
  if (options.verify && !verified(request, unit, closure, environment.variables, result)) return result;
  put_into_mirror(plan, *in_use.mirror, result);
  result.exact = result.cacheable && !closure.approximate;
  if (logs_closures() && result.cacheable) log_closure(unit, plan);
  return result;
}

bool Answerer::Impl::answer_from_another_command(const Unit& unit, std::uint64_t generation,
                                                 const MirrorInUse& in_use, Computation& result) {
  // These look at the closure itself.
  if (options.verify || logs_closures() || observed) return false;
  for (const auto& known : variant_replies.find(unit)) {
    if (!in_force(*known, generation, in_use)) continue;
    result.reply = remembered(*known);
    result.depends = known->depends;
    add_dependencies(unit, result);
    // Nearly all of them stood there already, and the next command would add its own to these.
    std::vector<const Entry*>& own = result.depends.own;
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    result.cacheable = result.exact = true;
    return true;
  }
  return false;
}

void Answerer::Impl::add_dependencies(const Unit& unit, Computation& result) {
  append_all(result.depends.own, unit.consulted);
  append_all(result.depends.own, unit.search->consulted);
}

void Answerer::Impl::put_into_mirror(const SendPlan& plan, Mirror& target, Computation& result) {
  Delivery delivery = deliver(tree, plan, target);
  if (delivery.give_up == GiveUp::MirrorFailed) {
    result.reply = mirror_failed(Error{std::move(delivery.detail), 0});
  } else if (delivery.give_up == GiveUp::ChangedMeanwhile) {
    result.start_over = true;
  } else if (delivery.give_up != GiveUp::None) {
    result.reply = refusal(delivery.give_up, std::move(delivery.detail));
  } else {
    if (mirror_failing.exchange(false)) log_line(Topic::Warning, "the mirror can be written again");
    result.reply.encoded = std::move(delivery.encoded);
    result.reply.entries = plan.entries.size();
    result.reply.first_root = delivery.first_root;
    result.cacheable = true;
  }
}

Reply Answerer::Impl::mirror_failed(const Error& error) {
  if (!mirror_failing.exchange(true)) {
    log_line(Topic::Warning, "the mirror cannot be written, preprocessing locally until it can: {}",
             error.message);
  }
  return refusal(GiveUp::MirrorFailed, error.message);
}

bool Answerer::Impl::verified(const Request& request, const Unit& unit, const Closure& closure,
                              const os::Environment& environment, Computation& result) {
  const auto comparison = compare_with_compiler(tree, unit, closure, request.argv, environment);
  if (!comparison) {
    result.reply = refusal(GiveUp::Internal, "--verify: " + comparison.error().message);
    return false;
  }
  for (const std::string& path : comparison->missing)
    log_line(Topic::Warning, "--verify: {} is missing", path);
  for (const std::string& path : comparison->surplus)
    log_line(Topic::Warning, "--verify: {} is surplus", path);
  if (comparison->missing.empty() && (!options.exact_includes || comparison->surplus.empty())) return true;
  result.reply =
      refusal(GiveUp::Internal, fmt::format("--verify: {} missing, {} surplus", comparison->missing.size(),
                                            comparison->surplus.size()));
  return false;
}

void Answerer::Impl::trace_unit(const Unit& unit) const {
  if (!log_enabled(Topic::SearchPath)) return;
  std::string line = "search path of " + unit.source + ":";
  for (const SearchDirectory& directory : unit.search->directories) {
    line += (directory.system ? " (system) " : " ") + directory.spelled;
  }
  log_line(Topic::SearchPath, "{}", line);
}

void Answerer::Impl::observe_paths(const Unit& unit, const Closure& closure) const {
  if (!observed) return;
  for (const ClosureFile& file : closure.files) {
    const std::string real = file.entry->path();
    if (!std::regex_search(real, *observed)) continue;
    log_line(Topic::Warning, "for translation unit '{}', '{}' has the real path '{}'", unit.source,
             file.spelled, real);
  }
}

void Answerer::Impl::log_closure(const Unit& unit, const SendPlan& plan) {
  std::string line = "include closure of " + unit.source + ":";
  for (const SendPlanEntry& entry : plan.entries) line += " " + entry.real_path();
  log_always(line);
}

}  // namespace pump::include_server
