#include "tests/fuzz/options/comparison.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <utility>

#include "pump/insight/records.h"
#include "pump/os/format.h"

namespace pump::fuzz::options {
namespace {

namespace fs = std::filesystem;

/// The names of what differs, sorted: "status", "stdout", "stderr", files, "left in TMPDIR".
std::set<std::string> differences(const Effects& one, const Effects& other) {
  std::set<std::string> found;
  if (one.status != other.status) found.insert("status");
  if (one.output != other.output) found.insert("stdout");
  if (one.messages != other.messages) found.insert("stderr");
  if (one.left_in_tmp != other.left_in_tmp) found.insert("left in TMPDIR");
  const auto add_unequal = [&found](const Effects& left, const Effects& right) {
    for (const auto& [name, written] : left.files) {
      const auto there = right.files.find(name);
      if (there == right.files.end() || there->second != written) found.insert(name);
    }
  };
  add_unequal(one, other);
  add_unequal(other, one);
  return found;
}

/// "line 7: LINE" of the first line that differs, of either text.
std::string first_difference(const std::string& local, const std::string& launched) {
  std::size_t at = 0;
  const std::size_t shorter = std::min(local.size(), launched.size());
  while (at < shorter && local[at] == launched[at]) ++at;
  const std::size_t begin = at == 0 ? 0 : local.rfind('\n', at - 1) + 1;
  const auto line = [begin](const std::string& text) {
    const std::string rest = text.substr(std::min(begin, text.size()));
    return rest.substr(0, std::min<std::size_t>(rest.find('\n'), 300));
  };
  return os::format("    plain:    {}\n    launched: {}\n", line(local), line(launched));
}

bool is_text(const std::string& content) {
  return content.find('\0') == std::string::npos;
}

std::string describe_file(const std::string& name, const Effects& plain, const Effects& launched) {
  const auto here = plain.files.find(name), there = launched.files.find(name);
  if (here == plain.files.end()) return os::format("  {}: only through the launcher\n", name);
  if (there == launched.files.end()) return os::format("  {}: only of the plain compiler\n", name);
  const Written &local = here->second, &other = there->second;
  if (local.mode != other.mode) return os::format("  {}: mode {:o} and {:o}\n", name, local.mode, other.mode);
  if (is_text(local.content) && is_text(other.content))
    return os::format("  {}:\n{}", name, first_difference(local.content, other.content));
  const auto at =
      std::mismatch(local.content.begin(), local.content.end(), other.content.begin(), other.content.end());
  return os::format("  {}: {} and {} bytes, equal up to {}\n", name, local.content.size(),
                    other.content.size(), at.first - local.content.begin());
}

std::string describe(const std::set<std::string>& names, const Effects& plain, const Effects& launched) {
  std::string text;
  for (const std::string& name : names) {
    if (name == "status") {
      text += os::format("  status: {} and {}\n", plain.status, launched.status);
    } else if (name == "stdout") {
      text += "  stdout:\n" + first_difference(plain.output, launched.output);
    } else if (name == "stderr") {
      text += "  stderr:\n" + first_difference(plain.messages, launched.messages);
    } else if (name == "left in TMPDIR") {
      text += os::format("  left in TMPDIR: {} and {} files\n", plain.left_in_tmp, launched.left_in_tmp);
    } else {
      text += describe_file(name, plain, launched);
    }
  }
  return text;
}

/// True if something names the directory in which distccd compiles.
bool names_server(const Effects& effects) {
  constexpr std::string_view kMark = "distccd_";
  if (effects.output.find(kMark) != std::string::npos || effects.messages.find(kMark) != std::string::npos)
    return true;
  return std::any_of(effects.files.begin(), effects.files.end(), [kMark](const auto& file) {
    return file.second.content.find(kMark) != std::string::npos;
  });
}

Route route_of(const std::vector<insight::Record>& records) {
  if (records.empty()) return {};
  const insight::Record& record = records.back();
  Route route{Route::Kind::Local, record.reason, record.detail};
  if (record.outcome == insight::Outcome::Pump) {
    route.kind = Route::Kind::Remote;
  } else if (record.phases) {
    route.kind = record.outcome == insight::Outcome::Failed ? Route::Kind::Failed : Route::Kind::Returned;
  }
  return route;
}

}  // namespace

Comparison::Comparison(const std::string& directory, std::string launcher)
    : state_(directory + "/state"), launcher_(std::move(launcher)), project_(directory + "/project") {}

Effects Comparison::run_plain(const Command& command) {
  return project_.run(command.argv(project_.directory()), {});
}

Effects Comparison::run_launched(const Command& command, Route& route) {
  std::vector<std::string> argv = command.argv(project_.directory());
  argv.insert(argv.begin(), launcher_);
  fs::remove_all(state_);
  Effects effects = project_.run(argv, {{"XDG_STATE_HOME", state_}});
  route = route_of(insight::read_records(state_ + "/distcc-pump"));
  return effects;
}

Verdict Comparison::compare(const Command& command) {
  Verdict verdict;
  const Effects plain = run_plain(command);
  verdict.status = plain.status;
  if (plain.status == Effects::kEndless) {  // some of clang's rarer options, in some of their runs
    verdict.kind = Verdict::Kind::Varies;
    verdict.difference = "does not end";
    return verdict;
  }
  const Effects launched = run_launched(command, verdict.route);
  const std::set<std::string> unequal = differences(plain, launched);
  if (unequal.empty()) return verdict;
  // Times, sizes and random names differ between plain compilations, too.
  const bool here =
      verdict.route.kind == Route::Kind::Local || verdict.route.kind == Route::Kind::NotRecorded;
  std::set<std::string> varying;
  bool varies = false;
  // Some crashes of clang's rarer options happen in one of several runs.
  const bool crashed =
      here && launched.status != plain.status && std::max(launched.status, plain.status) > 128;
  for (int i = 0; i < (crashed ? 20 : 3) && !varies; ++i) {
    varying.merge(differences(plain, run_plain(command)));
    varies = here ? !varying.empty()  // files with random names
                  : std::includes(varying.begin(), varying.end(), unequal.begin(), unequal.end());
  }
  verdict.kind = varies && !names_server(launched) ? Verdict::Kind::Varies : Verdict::Kind::Different;
  for (const std::string& name : unequal)
    verdict.difference += (verdict.difference.empty() ? "" : ", ") + name;
  verdict.details = describe(unequal, plain, launched);
  return verdict;
}

Command Comparison::minimize(Command command, const Verdict& verdict) {
  for (std::size_t i = command.groups.size(); i-- > 0;) {
    if (command.groups[i].needed) continue;
    Command smaller = command;
    smaller.groups.erase(smaller.groups.begin() + static_cast<std::ptrdiff_t>(i));
    if (compare(smaller).kind == verdict.kind) command = std::move(smaller);
  }
  return command;
}

}  // namespace pump::fuzz::options
