#include "pump/include_server/answer/reply_computer.h"

#include <cerrno>
#include <utility>

#include "pump/include_server/answer/predict.h"
#include "pump/include_server/answer/verify.h"
#include "pump/include_server/mirror/reply_writer.h"
#include "pump/include_server/send_plan/date_macros.h"
#include "pump/include_server/support/log.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// Reasons that the same request meets again as long as no file changes.
bool lasting(GiveUp reason) {
  return reason != GiveUp::ReadFailed && reason != GiveUp::ChangedMeanwhile &&
         reason != GiveUp::MirrorFailed && reason != GiveUp::Internal && reason != GiveUp::CrashedBefore;
}

void log_search_path(const Unit& unit) {
  if (!log_enabled(Topic::SearchPath)) return;
  std::string line = "search path of " + unit.source + ":";
  for (const SearchDirectory& directory : unit.search->directories) {
    line += (directory.system ? " (system) " : " ") + directory.spelled;
  }
  log_line(Topic::SearchPath, "{}", line);
}

void log_closure(const Unit& unit, const SendPlan& plan) {
  std::string line = "include closure of " + unit.source + ":";
  for (const SendPlanEntry& entry : plan.entries) line += " " + entry.real_path();
  log_always(line);
}

}  // namespace

ReplyComputer::ReplyComputer(const Options& options, FileTree& tree, Counters& counters)
    : options_(options), tree_(tree), counters_(counters), builder_(tree), preprocessors_([this] {
        return std::make_unique<Preprocessor>(
            tree_, scans_, [this](const CompilerProfile& profile, const std::string& query) {
              return builder_.ask(profile, query);
            });
      }) {
  if (!options.path_observation_re.empty()) observed_.emplace(options.path_observation_re);
}

UnitOrReason ReplyComputer::build_unit(const FileTree::Snapshot& snapshot, const Request& request,
                                       const ClientEnvironment& environment) {
  UnitOrReason built =
      builder_.build(snapshot, request.cwd, request.argv, environment.variables, environment.key);
  if (built.unit) log_search_path(*built.unit);
  return built;
}

Computation ReplyComputer::compute(const FileTree::Snapshot& snapshot, const Request& request,
                                   const ClientEnvironment& environment, const Unit& unit,
                                   const Copies& copies) {
  Computation result;
  Closure closure = preprocessors_.run(snapshot, unit);
  counters_.steps.add(closure.steps);
  if (closure.approximate) counters_.approximate.add();
  if (!closure.inexact.empty() && closure.give_up == GiveUp::None)
    log_line(Topic::Warning, "more may be sent for {} in {} than is read: {}", unit.source, unit.cwd,
             closure.inexact);
  result.dependencies.shared = std::exchange(closure.consulted, {});
  result.dependencies.own.reserve(unit.consulted.size() + unit.search->consulted.size() + 64);
  result.dependencies.add(unit);
  if (closure.give_up != GiveUp::None) {
    refuse(closure, closure.give_up, closure.detail, result);
    return result;
  }
  if (sets_dates(environment.variables)) {
    const Expected<std::string> date = find_date_macro(snapshot, tree_, unit, closure);
    if (!date) {
      const bool changed = date.error().code == EAGAIN;
      refuse(closure, changed ? GiveUp::ChangedMeanwhile : GiveUp::ReadFailed, date.error().message, result);
      return result;
    }
    if (!date->empty()) {
      refuse(closure, GiveUp::NotSendable, "SOURCE_DATE_EPOCH is set, and there is " + *date, result);
      return result;
    }
  }
  log_observed_paths(unit, closure);

  const SendPlan plan = make_send_plan(snapshot, tree_, unit, closure, absolute_includes_,
                                       {options_.force_directories, options_.unsafe_absolute_includes});
  result.dependencies.add(plan.consulted);
  if (plan.give_up != GiveUp::None) {
    refuse(closure, plan.give_up, plan.detail, result);
    return result;
  }
  if (options_.verify && !verify(snapshot, request, unit, closure, environment.variables, result))
    return result;
  write(snapshot, unit, closure, plan, copies, result);
  result.exact = result.cacheable && !closure.approximate;
  if (logs_closures() && result.cacheable) log_closure(unit, plan);
  return result;
}

Computation ReplyComputer::predict_files(const FileTree::Snapshot& snapshot, const Unit& unit) {
  Computation result;
  const Closure closure = preprocessors_.run(snapshot, unit);
  if (closure.give_up != GiveUp::None) {
    refuse(closure, closure.give_up, closure.detail, result);
    return result;
  }
  result.reply.encoded = std::make_shared<const std::string>(encode(predicted_files(closure)));
  result.reply.entries = closure.files.size();
  return result;
}

bool ReplyComputer::may_share_replies() const {
  return !options_.verify && !observed_ && !logs_closures();
}

bool ReplyComputer::logs_closures() const {
  return options_.write_includes || log_enabled(Topic::Closure);
}

void ReplyComputer::refuse(const Closure& closure, GiveUp reason, const std::string& detail,
                           Computation& result) {
  result.start_over = reason == GiveUp::ChangedMeanwhile;
  result.cacheable = lasting(reason);
  if (closure.macro_pragma.empty() || reason == GiveUp::AssemblerFile) {
    result.reply = refusal(reason, detail);
  } else {
    result.reply = refusal(GiveUp::PragmaMacros,
                           os::format("{}; {} {}", closure.macro_pragma, describe(reason), detail));
  }
}

void ReplyComputer::write(const FileTree::Snapshot& snapshot, const Unit& unit, const Closure& closure,
                          const SendPlan& plan, const Copies& copies, Computation& result) {
  WrittenReply written = copies.fragments ? write_reply(snapshot, tree_, plan, *copies.fragments,
                                                        encode(prediction(unit, closure, plan)))
                                          : write_reply(snapshot, tree_, plan, *copies.mirror);
  if (written.give_up == GiveUp::ChangedMeanwhile) {
    result.start_over = true;
  } else if (written.give_up != GiveUp::None) {
    result.reply = refusal(written.give_up, std::move(written.detail));
  } else {
    result.reply.encoded = std::move(written.encoded);
    result.reply.fragments = copies.fragments;
    result.reply.entries = plan.entries.size();
    result.reply.first_root = written.first_root;
    result.cacheable = true;
  }
}

bool ReplyComputer::verify(const FileTree::Snapshot& snapshot, const Request& request, const Unit& unit,
                           const Closure& closure, const os::Environment& environment, Computation& result) {
  const auto comparison = compare_with_compiler(snapshot, tree_, unit, closure, request.argv, environment);
  if (!comparison) {
    result.reply = refusal(GiveUp::Internal, "--verify: " + comparison.error().message);
    return false;
  }
  for (const std::string& path : comparison->missing)
    log_line(Topic::Warning, "--verify: {} is missing", path);
  for (const std::string& path : comparison->surplus)
    log_line(Topic::Warning, "--verify: {} is surplus", path);
  if (comparison->missing.empty() && (!options_.exact_includes || comparison->surplus.empty())) return true;
  result.reply = refusal(
      GiveUp::Internal,
      os::format("--verify: {} missing, {} surplus", comparison->missing.size(), comparison->surplus.size()));
  return false;
}

void ReplyComputer::log_observed_paths(const Unit& unit, const Closure& closure) const {
  if (!observed_) return;
  for (const ClosureFile& file : closure.files) {
    const std::string real = file.entry->path();
    if (!std::regex_search(real, *observed_)) continue;
    log_line(Topic::Warning, "for translation unit '{}', '{}' has the real path '{}'", unit.source,
             file.spelled, real);
  }
}

}  // namespace pump::include_server
