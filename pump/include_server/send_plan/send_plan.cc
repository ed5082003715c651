#include "pump/include_server/send_plan/send_plan.h"

#include <fmt/format.h>
#include <tsl/robin_set.h>

#include <algorithm>

#include "pump/include_server/send_plan/absolute_names.h"
#include "pump/include_server/send_plan/line_marker.h"
#include "pump/include_server/send_plan/project_paths.h"
#include "pump/include_server/send_plan/same_file.h"
#include "pump/include_server/send_plan/system_copies.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/os/file_io.h"

namespace pump::include_server {
namespace {

/// distccd's roots are at most this deep ("/tmp/distccd_XXXXXX" and whatever TMPDIR adds); more ".." than
/// needed stay at "/", so the number is generous.
constexpr std::size_t kRootDepth = 20;

constexpr std::ptrdiff_t kFilesAhead = 6;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Planner {
 public:
  Planner(FileTree& tree, const Unit& unit, const Closure& closure, const SendPlanRules& rules)
      : tree_(tree),
        unit_(unit),
        closure_(closure),
        rules_(rules),
        defaults_(tree, unit, trace_.consulted),
        copies_(unit, closure, defaults_),
        absolute_(tree, unit, closure, rules, defaults_, trace_) {}

  ReplyPlan plan() {
    find_directories_that_name_others();
    if (stays_below_root() && add_files() && add_links()) {
      need_options_into_defaults();
      add_system_links();
      if ((!rules_.force_directories || add_directories()) && check_system_copies()) keep_identities();
    }
    plan_.consulted = std::move(trace_.consulted);
    return std::move(plan_);
  }

 private:
  bool give_up(GiveUp reason, std::string detail) {
    plan_ = {};
    plan_.give_up = reason;
    plan_.detail = std::move(detail);
    return false;
  }

  /// "/.." is "/" here, and leads out of the job's root there.
  bool stays_below_root() {
    const auto at_root = [this](const std::vector<const Directory*>& traversed) {
      return std::any_of(traversed.begin(), traversed.end(), [this](const Directory* directory) {
        return directory->self() == nullptr && !defaults_.on_the_way(directory);
      });
    };
    if (!at_root(closure_.traversed) && !at_root(unit_.search->traversed)) return true;
    std::vector<std::string> paths;
    for (const SearchDirectory& directory : unit_.search->directories) paths.push_back(directory.spelled);
    for (const ClosureFile& file : closure_.files) paths.emplace_back(file.spelled);
    const auto first = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
      Trace way;
      tree_.walk(unit_.cwd_directory, path, way);
      return at_root(way.traversed);
    });
    return give_up(GiveUp::NotSendable, fmt::format("'{}' goes up by \"..\" beyond '/'",
                                                    first == paths.end() ? unit_.source : *first));
  }

  bool add_files() {
    plan_.entries.reserve(closure_.files.size() / 2);
    sent_.reserve(closure_.files.size() / 2);
    const Directory* parent = nullptr;  // files of one directory follow one another
    const Directory* home = nullptr;
    const ClosureFile* const end = closure_.files.data() + closure_.files.size();
    for (const ClosureFile& file : closure_.files) {
      if (end - &file > kFilesAhead) {  // into the cache, in time
        __builtin_prefetch((&file)[kFilesAhead].entry);
        __builtin_prefetch((&file)[kFilesAhead].spelled.data());
      }
      if (file.taken_for != nullptr) taken_.push_back(&file);
      if (file.entry->parent != parent) {
        parent = file.entry->parent;
        home = defaults_.holding(parent);
      }
      const bool by_default = file.absolute && defaults_.spelled_by_default(file.spelled);
      if (home != nullptr && !copies_.holds(file)) {
        if (&file == &closure_.files.front()) {
          return give_up(GiveUp::NotSendable,
                         fmt::format("{} lies in a default include directory", file.spelled));
        }
        if (by_default) continue;
        need(home);
        project_.add(file.spelled);
        continue;
      }
      if (home == nullptr && file.servers_own) {  // by a link inside a default directory
        for (const Directory* way = file.entry->parent;
             way->self() != nullptr && servers_way_.insert(way).second; way = way->parent()) {
        }
        continue;
      }
      if (!sent_.insert(file.entry).second) continue;  // a duplicate name fails the job
      if (!by_default) project_.add(file.spelled);
      if (file.mixed_spellings) {
        return give_up(GiveUp::NotSendable,
                       fmt::format("{} is included by two paths, one of them absolute", file.entry->path()));
      }
      if (unit_.converts_text && file.absolute && !is_ascii(file.spelled)) {
        return give_up(GiveUp::NotSendable,
                       fmt::format("-finput-charset, and {} is named absolutely", file.spelled));
      }
      plan_.entries.emplace_back().file = &file;
    }
    if (auto made = absolute_.make_relative(plan_.entries); !made)
      return give_up(made.error().reason, std::move(made.error().detail));
    if (!plan_.entries.empty())
      plan_.entries.front().prologue = source_prologue(unit_, closure_.files.front());
    return check_absolute_files();
  }

  bool check_absolute_files() {
    const auto unreachable = [this](const ReplyEntry& entry) {
      return absolute_.left_absolute(entry.file->spelled);
    };
    // One that is missing here, too: the server may have it.
    if (const AbsoluteName* left = rules_.unsafe_absolute_includes ? nullptr : absolute_.left();
        left != nullptr)
      return give_up(GiveUp::AbsoluteInclude, fmt::format("{}, named in {}", left->name, left->place));
    const Directory* parent = nullptr;
    for (const ReplyEntry& entry : plan_.entries) {
      if (unreachable(entry)) {
        if (rules_.unsafe_absolute_includes) continue;
        return give_up(GiveUp::AbsoluteInclude, std::string(entry.file->spelled));
      }
      if (entry.file->entry->parent == parent) continue;
      parent = entry.file->entry->parent;
      imply(parent);
    }
    if (rules_.unsafe_absolute_includes) std::erase_if(plan_.entries, unreachable);
    return true;
  }

  bool add_links() {
    add_project_names();
    for (const Entry* link : unit_.required_links)
      if (defaults_.holding(link->parent) != nullptr)
        return give_up(GiveUp::NotSendable,
                       fmt::format("-Wmissing-include-dirs, and {} is a link", link->path()));
    for (const auto* links : {&closure_.links, &unit_.search->links, &unit_.required_links})
      for (const Entry* link : *links) add_link(link);
    for (const SearchPath::Named* first : naming_)
      for (const Entry* link : first->links) add_link(link);
    return true;
  }

  void add_link(const Entry* link) {
    if (!sent_.insert(link).second) return;
    if (defaults_.holding(link->parent) != nullptr && !copies_.lead_over(*link)) return;
    if (defaults_.on_the_way(link) && !project_.names(link->name)) return;
    const Entry* target = tree_.walk(link->parent, link->name, trace_);
    if (target->kind == EntryKind::Missing) return;
    const Directory* real = target->kind == EntryKind::Directory ? target->directory : target->parent;
    if (const Directory* home = defaults_.holding(real); home != nullptr && !copies_.lead_over(*link))
      need(home);
    ReplyEntry& entry = plan_.entries.emplace_back();
    entry.kind = ReplyEntry::Kind::Link;
    entry.path = link->path();
    entry.target = target->kind == EntryKind::Directory ? target->directory->path() : target->path();
    imply(link->parent);
  }

  /// Options that name a place inside a default directory: distccd turns them to below the root.
  void need_options_into_defaults() {
    for (const SearchDirectory& directory : unit_.search->directories) {
      if (directory.system || directory.directory == nullptr) continue;
      const Directory* home = defaults_.holding(directory.directory);
      if (home == nullptr || needed_.contains(home) || copies_.holds(directory)) continue;
      // A default directory named again changes the order of the chain even if nothing is found through the
      // option.
      if (defaults_.is_default(directory.directory) || something_found_through(directory.spelled)) need(home);
    }
    for (const ForcedFile& forced : unit_.forced) {
      if (!forced.name.starts_with('/')) continue;
      const Entry* entry = tree_.walk(nullptr, forced.name, trace_);
      if (entry->kind == EntryKind::Missing) continue;
      const Directory* home = defaults_.holding(entry->parent);
      if (home == nullptr) continue;
      need(home);
      if (!forced.macros_only) forced_into_defaults_ = forced.name;
    }
  }

  void keep_identities() {
    std::string reason = include_server::keep_identities(
        plan_.entries, taken_, {unit_.profile->clang, unit_.language.starts_with("objective")});
    if (!reason.empty()) give_up(GiveUp::NotSendable, std::move(reason));
  }

  /// A name below a sent link fails the job.
  bool check_system_copies() {
    if (!forced_into_defaults_
             .empty()) {  // __FILE__ in it would name the job's root, as with system_copies.h
      return give_up(GiveUp::NotSendable,
                     fmt::format("-include names {} in a default include directory", forced_into_defaults_));
    }
    if (!copies_.any()) return true;
    for (const Directory* linked : system_links_) {
      for (const ReplyEntry& entry : plan_.entries) {
        if (entry.kind == ReplyEntry::Kind::File && spelled_below(entry.real_path(), linked->path())) {
          return give_up(
              GiveUp::NotSendable,
              fmt::format("{} is reached through an option that names a directory in it, and otherwise, too",
                          linked->path()));
        }
      }
    }
    return true;
  }

  [[nodiscard]] bool is_required(const Directory* directory) const {
    const auto& all = unit_.required_directories;
    return std::find(all.begin(), all.end(), directory) != all.end();
  }

  bool something_found_through(std::string_view directory) const {
    return std::any_of(closure_.files.begin(), closure_.files.end(),
                       [&](const ClosureFile& file) { return spelled_below(file.spelled, directory); });
  }

  void need(const Directory* default_directory) {
    if (needed_.insert(default_directory).second) system_links_.push_back(default_directory);
  }

  void add_system_links() {
    for (const Directory* directory : system_links_) {
      const std::string& path = directory->path();
      ReplyEntry& entry = plan_.entries.emplace_back();
      entry.kind = ReplyEntry::Kind::Link;
      entry.path = path;
      const auto depth = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
      for (std::size_t i = 0; i < kRootDepth + depth; ++i) entry.target += "../";
      entry.target += path.substr(1);
      imply(directory->parent());
    }
  }

  bool add_directories() {
    imply(unit_.cwd_directory);
    std::vector<const Directory*> wanted;
    std::vector<const Directory*> candidates;
    for (const auto* list : {&closure_.traversed, &unit_.search->traversed, &unit_.required_directories})
      candidates.insert(candidates.end(), list->begin(), list->end());
    for (const SearchPath::Named* first : naming_) candidates.push_back(first->directory);
    for (const Directory* directory : candidates) {
      if (implied_.contains(directory)) continue;
      if (const Directory* home = defaults_.holding(directory); home != nullptr) {
        if (is_required(directory)) {
          if (!needed_.contains(home)) {
            wanted.push_back(directory);
          } else if (!defaults_.is_default(directory) && !something_found_through(directory->path())) {
            return give_up(GiveUp::NotSendable,
                           fmt::format("-Wmissing-include-dirs, and {} may be missing in the server's {}",
                                       directory->path(), home->path()));
          }
          continue;
        }
        if (!project_.may_leave(*directory) ||
            !project_.leaves(*directory, tree_, unit_.cwd_directory, trace_))
          continue;
        if (needed_.contains(home))  // a link out of the root, from where ".." leads elsewhere
          return give_up(
              GiveUp::NotSendable,
              fmt::format("\"..\" leaves {}, from where files are needed, too", directory->path()));
      }
      // Walked through, and nothing in it sent: some path leaves it by "..".
      const bool servers_own = servers_way_.contains(directory) && !is_required(directory);
      if ((defaults_.on_the_way(directory) || servers_own) && !project_.may_leave(*directory)) continue;
      wanted.push_back(directory);
    }
    // The deepest first: it implies those above it.
    const auto depth = [](const Directory* directory) {
      return std::count(directory->path().begin(), directory->path().end(), '/');
    };
    std::stable_sort(wanted.begin(), wanted.end(),
                     [&](const Directory* a, const Directory* b) { return depth(a) > depth(b); });
    for (const Directory* directory : wanted) {
      if (implied_.contains(directory)) continue;
      imply(directory);
      ReplyEntry& entry = plan_.entries.emplace_back();
      entry.kind = ReplyEntry::Kind::Directory;
      entry.path = directory->path();
    }
    return true;
  }

  /// Were it missing on the server, clang would know its parent by another name, and report what lies there
  /// under that.
  void find_directories_that_name_others() {
    if (unit_.profile->dialect.directories == DirectoryNaming::OfFile) return;
    for (const SearchPath::Named& first : unit_.search->named)
      if (parent_has_another_name(first)) naming_.push_back(&first);
  }

  [[nodiscard]] bool parent_has_another_name(const SearchPath::Named& first) const {
    const std::string_view name = os::dirname(first.name);
    const auto& named = unit_.search->named;
    return (first.parent == unit_.cwd_directory && name != ".") ||
           std::any_of(named.begin(), named.end(),
                       [&](const SearchPath::Named& other) {
                         return other.directory == first.parent && other.name != name;
                       }) ||
           std::any_of(closure_.files.begin(), closure_.files.end(), [&](const ClosureFile& file) {
             return file.entered && file.entry->parent == first.parent && os::dirname(file.spelled) != name;
           });
  }

  /// Beside the files'.
  void add_project_names() {
    project_.add(unit_.source);
    for (const SearchDirectory& directory : unit_.search->directories)
      if (!directory.system) project_.add(directory.spelled);
    for (const ForcedFile& forced : unit_.forced) project_.add(forced.name);
    for (const Entry* link : closure_.links)
      if (!defaults_.on_the_way(link)) project_.add(link->link_target);
  }

  /// `directory` and those above it will exist on the server.
  void imply(const Directory* directory) {
    while (directory != nullptr && implied_.insert(directory).second && directory->self() != nullptr) {
      directory = directory->parent();
    }
  }

  FileTree& tree_;
  const Unit& unit_;
  const Closure& closure_;
  const SendPlanRules& rules_;
  Trace trace_;
  DefaultDirectories defaults_;
  SystemCopies copies_;
  AbsoluteNames absolute_;
  ReplyPlan plan_;
  std::vector<const ClosureFile*> taken_;  ///< for others
  std::string forced_into_defaults_;
  std::vector<const SearchPath::Named*> naming_;
  tsl::robin_set<const Entry*> sent_;
  tsl::robin_set<const Directory*> implied_;
  tsl::robin_set<const Directory*> needed_;
  tsl::robin_set<const Directory*> servers_way_;  ///< holds, or leads to, headers that are the server's own
  std::vector<const Directory*> system_links_;
  ProjectPaths project_;
};

}  // namespace

std::string_view source_prologue(const Unit& unit, const ClosureFile& source) {
  const bool cplusplus = unit.language.find("c++") != std::string::npos;
  return cplusplus && !unit.profile->clang && source.absolute ? kNoLinkageWarning : std::string_view();
}

ReplyPlan plan_reply(FileTree& tree, const Unit& unit, const Closure& closure, const SendPlanRules& rules) {
  return Planner(tree, unit, closure, rules).plan();
}

}  // namespace pump::include_server
