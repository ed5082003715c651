#include "pump/include_server/send_plan/send_plan.h"

#include <tsl/robin_set.h>

#include <algorithm>

#include "pump/include_server/send_plan/absolute_include_rewriter.h"
#include "pump/include_server/send_plan/line_marker.h"
#include "pump/include_server/send_plan/project_paths.h"
#include "pump/include_server/send_plan/same_file.h"
#include "pump/include_server/send_plan/system_copies.h"
#include "pump/include_server/unit/default_directories.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::include_server {
namespace {

/// The depth of distccd's root ("/tmp/distccd_XXXXXX", or deeper if TMPDIR is) is not known here. Surplus
/// ".." stay at "/", so the number is generous.
constexpr std::size_t kRootDepth = 20;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::ptrdiff_t depth_of(const Directory* directory) {
  return std::count(directory->path().begin(), directory->path().end(), '/');
}

/// The CopyEdits::prologue of a unit's source.
std::string_view source_prologue(const Unit& unit, const ClosureFile& source) {
  const bool cplusplus = unit.language.find("c++") != std::string::npos;
  return cplusplus && !unit.profile->clang && source.absolute ? kNoLinkageWarning : std::string_view();
}

/// Directories that will exist on the server because an entry is in them or below them.
class ImpliedDirectories {
 public:
  /// Adds `directory` and those above it. It may be nullptr.
  void add(const Directory* directory) {
    while (directory != nullptr && directories_.insert(directory).second && directory->self() != nullptr)
      directory = directory->parent();
  }
  [[nodiscard]] bool contain(const Directory* directory) const { return directories_.contains(directory); }

 private:
  tsl::robin_set<const Directory*> directories_;
};

/// Default directories that become links out of the job's root.
class DefaultDirectoryLinks {
 public:
  void add(const Directory* directory) {
    if (known_.insert(directory).second) directories_.push_back(directory);
  }
  [[nodiscard]] bool contain(const Directory* directory) const { return known_.contains(directory); }
  [[nodiscard]] const std::vector<const Directory*>& all() const { return directories_; }
  /// The relative target of such a link: up to "/", then the directory.
  static std::string target_of(const Directory* directory) {
    std::string target;
    for (std::size_t i = 0; i < kRootDepth + static_cast<std::size_t>(depth_of(directory)); ++i)
      target += "../";
    return target += directory->path().substr(1);
  }

 private:
  tsl::robin_set<const Directory*> known_;
  std::vector<const Directory*> directories_;  ///< in the order of add()
};

/// True if clang, without `named.directory`, would report files in its parent by another name.
bool names_parent(const SearchPath::Named& named, const Unit& unit, const Closure& closure) {
  const std::string_view name = os::dirname(named.name);
  const auto& others = unit.search->named;
  return (named.parent == unit.cwd_directory && name != ".") ||
         std::any_of(others.begin(), others.end(),
                     [&](const SearchPath::Named& other) {
                       return other.directory == named.parent && other.name != name;
                     }) ||
         std::any_of(closure.files.begin(), closure.files.end(), [&](const ClosureFile& file) {
           return file.entered && file.entry->parent == named.parent && os::dirname(file.spelled) != name;
         });
}

/// Directories of the search path that must exist on the server although nothing may be found in them.
std::vector<const SearchPath::Named*> directories_that_name_parents(const Unit& unit,
                                                                    const Closure& closure) {
  std::vector<const SearchPath::Named*> result;
  if (unit.profile->dialect.directories == DirectoryNaming::OfFile) return result;
  for (const SearchPath::Named& named : unit.search->named)
    if (names_parent(named, unit, closure)) result.push_back(&named);
  return result;
}

class Planner {
 public:
  Planner(FileTree& tree, const Unit& unit, const Closure& closure, AbsoluteIncludeCache& absolute_includes,
          const SendPlanRules& rules)
      : tree_(tree),
        unit_(unit),
        closure_(closure),
        rules_(rules),
        defaults_(tree, unit, trace_.consulted),
        copies_(unit, closure, defaults_),
        rewriter_(tree, unit, closure, absolute_includes, defaults_, trace_),
        naming_(directories_that_name_parents(unit, closure)) {}

  SendPlan plan() {
    SendPlan plan;
    if (auto made = make_entries(); made) {
      plan.entries = std::move(entries_);
    } else {
      plan.give_up = made.error().reason;
      plan.detail = std::move(made.error().detail);
    }
    plan.consulted = std::move(trace_.consulted);
    return plan;
  }

 private:
  OrRefusal<void> make_entries() {
    PUMP_CHECK(check_paths_stay_below_root());
    PUMP_CHECK(add_files());
    PUMP_CHECK(check_absolute_includes());
    PUMP_CHECK(add_links());
    need_defaults_that_options_name();
    add_default_directory_links();
    if (rules_.force_directories) PUMP_CHECK(add_directories());
    PUMP_CHECK(check_default_directory_links());
    PUMP_CHECK(
        keep_same_files(entries_, taken_, {unit_.profile->clang, unit_.language.starts_with("objective")}));
    return check_embedded_files();
  }

  /// The object of an #embed contains the file's bytes, so the copy must be equal to the file.
  OrRefusal<void> check_embedded_files() const {
    for (const SendPlanEntry& entry : entries_)
      if (entry.kind == SendPlanEntry::Kind::File && entry.file->embedded && entry.edits.any())
        return refuse(GiveUp::NotSendable,
                      os::format("{} is embedded and included", entry.file->entry->path()));
    return {};
  }

  /// Here "/.." is "/". On the server it leads out of the job's root.
  OrRefusal<void> check_paths_stay_below_root() {
    const auto leads_above_root = [this](const std::vector<const Directory*>& traversed) {
      return std::any_of(traversed.begin(), traversed.end(), [this](const Directory* directory) {
        return directory->self() == nullptr && !defaults_.on_the_way(directory);
      });
    };
    if (!leads_above_root(closure_.traversed) && !leads_above_root(unit_.search->traversed)) return {};
    std::vector<std::string> paths;
    for (const SearchDirectory& directory : unit_.search->directories) paths.push_back(directory.spelled);
    for (const ClosureFile& file : closure_.files) paths.emplace_back(file.spelled);
    const auto first = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
      Trace trace;
      tree_.walk(unit_.cwd_directory, path, trace);
      return leads_above_root(trace.traversed);
    });
    return refuse(GiveUp::NotSendable, os::format("'{}' goes up by \"..\" beyond '/'",
                                                  first == paths.end() ? unit_.source : *first));
  }

  OrRefusal<void> add_files() {
    entries_.reserve(closure_.files.size() / 2);
    sent_.reserve(closure_.files.size() / 2);
    const Directory* parent = nullptr;  // successive files are often in one directory
    const Directory* home = nullptr;
    for (const ClosureFile& file : closure_.files) {
      if (file.taken_for != nullptr) taken_.push_back(&file);
      if (file.entry->parent != parent) {
        parent = file.entry->parent;
        home = defaults_.holding(parent);
      }
      PUMP_CHECK(add_file(file, home));
    }
    PUMP_CHECK(rewriter_.rewrite(entries_));
    if (!entries_.empty()) entries_.front().edits.prologue = source_prologue(unit_, closure_.files.front());
    return {};
  }

  /// `home`: the default directory that holds the file, or nullptr.
  OrRefusal<void> add_file(const ClosureFile& file, const Directory* home) {
    const bool by_default = file.spelled.starts_with('/') && defaults_.spelled_by_default(file.spelled);
    if (home != nullptr && !copies_.include(file)) {
      if (&file == &closure_.files.front())
        return refuse(GiveUp::NotSendable,
                      os::format("{} lies in a default include directory", file.spelled));
      if (by_default) return {};
      default_links_.add(home);
      project_.add(file.spelled);
      return {};
    }
    if (home == nullptr && file.servers_own) {  // reached over a link inside a default directory
      servers_directories_.add(file.entry->parent);
      return {};
    }
    if (!sent_.insert(file.entry).second) return {};  // a duplicate name fails the job
    if (!by_default) project_.add(file.spelled);
    if (file.mixed_spellings)
      return refuse(GiveUp::NotSendable,
                    os::format("{} is included by two paths, one of them absolute", file.entry->path()));
    if (unit_.converts_text && file.absolute && !is_ascii(file.spelled))
      return refuse(GiveUp::NotSendable,
                    os::format("-finput-charset, and {} is named absolutely", file.spelled));
    SendPlanEntry& entry = entries_.emplace_back();
    entry.file = &file;
    const bool only_embedded = file.embedded && !file.entered;
    if (file.absolute && !only_embedded) entry.edits.line_name = file.spelled;
    return {};
  }

  OrRefusal<void> check_absolute_includes() {
    // A name that is missing here counts, too: it may exist on the server.
    if (const AbsoluteName* name = rules_.unsafe_absolute_includes ? nullptr : rewriter_.first_unusable();
        name != nullptr)
      return refuse(GiveUp::AbsoluteInclude, os::format("{}, named in {}", name->name, name->place));
    const auto unreachable = [this](const SendPlanEntry& entry) {
      return rewriter_.remains(entry.file->spelled);
    };
    const auto first = std::find_if(entries_.begin(), entries_.end(), unreachable);
    if (first != entries_.end() && !rules_.unsafe_absolute_includes)
      return refuse(GiveUp::AbsoluteInclude, std::string(first->file->spelled));
    entries_.erase(std::remove_if(first, entries_.end(), unreachable), entries_.end());
    const Directory* parent = nullptr;
    for (const SendPlanEntry& entry : entries_)
      if (entry.file->entry->parent != parent) implied_.add(parent = entry.file->entry->parent);
    return {};
  }

  OrRefusal<void> add_links() {
    add_project_paths_beside_files();
    for (const Entry* link : unit_.required_links)
      if (defaults_.holding(link->parent) != nullptr)
        return refuse(GiveUp::NotSendable,
                      os::format("-Wmissing-include-dirs, and {} is a link", link->path()));
    for (const auto* links : {&closure_.links, &unit_.search->links, &unit_.required_links})
      for (const Entry* link : *links) add_link(link);
    for (const SearchPath::Named* named : naming_)
      for (const Entry* link : named->links) add_link(link);
    return {};
  }

  void add_project_paths_beside_files() {
    project_.add(unit_.source);
    for (const SearchDirectory& directory : unit_.search->directories)
      if (!directory.system) project_.add(directory.spelled);
    for (const ForcedFile& forced : unit_.forced) project_.add(forced.name);
    for (const Entry* link : closure_.links)
      if (!defaults_.on_the_way(link)) project_.add(link->link_target);
  }

  void add_link(const Entry* link) {
    if (!sent_.insert(link).second) return;
    if (defaults_.holding(link->parent) != nullptr && !copies_.need(*link)) return;
    if (defaults_.on_the_way(link) && !project_.contain(link->name)) return;
    const Entry* target = tree_.walk(link->parent, link->name, trace_);
    if (target->kind == EntryKind::Missing) return;
    const Directory* real = target->kind == EntryKind::Directory ? target->directory : target->parent;
    if (const Directory* home = defaults_.holding(real); home != nullptr && !copies_.need(*link))
      default_links_.add(home);
    add_link(link->path(), target->kind == EntryKind::Directory ? target->directory->path() : target->path(),
             link->parent);
  }

  void add_link(std::string path, std::string target, const Directory* parent) {
    SendPlanEntry& entry = entries_.emplace_back();
    entry.kind = SendPlanEntry::Kind::Link;
    entry.path = std::move(path);
    entry.target = std::move(target);
    implied_.add(parent);
  }

  /// distccd rewrites options that name a place in a default directory, so they lead below the root.
  void need_defaults_that_options_name() {
    for (const SearchDirectory& directory : unit_.search->directories) {
      if (directory.system || directory.directory == nullptr) continue;
      const Directory* home = defaults_.holding(directory.directory);
      if (home == nullptr || copies_.include_headers_of(directory)) continue;
      // A default directory that is named again changes the search order even if nothing is found through the
      // option.
      if (defaults_.is_default(directory.directory) || something_found_through(directory.spelled))
        default_links_.add(home);
    }
    for (const ForcedFile& forced : unit_.forced) {
      if (!forced.name.starts_with('/')) continue;
      const Entry* entry = tree_.walk(nullptr, forced.name, trace_);
      if (entry->kind == EntryKind::Missing) continue;
      const Directory* home = defaults_.holding(entry->parent);
      if (home == nullptr) continue;
      default_links_.add(home);
      if (!forced.macros_only) forced_file_in_defaults_ = forced.name;
    }
  }

  void add_default_directory_links() {
    for (const Directory* directory : default_links_.all())
      add_link(directory->path(), DefaultDirectoryLinks::target_of(directory), directory->parent());
  }

  OrRefusal<void> check_default_directory_links() {
    if (!forced_file_in_defaults_.empty())  // its __FILE__ would name the job's root, as in system_copies.h
      return refuse(GiveUp::NotSendable,
                    os::format("-include names {} in a default include directory", forced_file_in_defaults_));
    if (!copies_.any()) return {};
    for (const Directory* linked : default_links_.all()) {
      for (const SendPlanEntry& entry : entries_) {
        // A name below a sent link fails the job.
        if (entry.kind == SendPlanEntry::Kind::File && spelled_below(entry.real_path(), linked->path()))
          return refuse(
              GiveUp::NotSendable,
              os::format("{} is reached through an option that names a directory in it, and otherwise, too",
                         linked->path()));
      }
    }
    return {};
  }

  OrRefusal<void> add_directories() {
    implied_.add(unit_.cwd_directory);
    std::vector<const Directory*> candidates;
    for (const auto* list : {&closure_.traversed, &unit_.search->traversed, &unit_.required_directories})
      candidates.insert(candidates.end(), list->begin(), list->end());
    for (const SearchPath::Named* named : naming_) candidates.push_back(named->directory);
    std::vector<const Directory*> wanted;
    for (const Directory* directory : candidates) {
      if (implied_.contain(directory)) continue;
      auto needed = needs_creation(*directory);
      if (!needed) return tl::make_unexpected(std::move(needed).error());
      if (*needed) wanted.push_back(directory);
    }
    // The deepest first: it implies those above it.
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const Directory* a, const Directory* b) { return depth_of(a) > depth_of(b); });
    for (const Directory* directory : wanted) {
      if (implied_.contain(directory)) continue;
      implied_.add(directory);
      SendPlanEntry& entry = entries_.emplace_back();
      entry.kind = SendPlanEntry::Kind::Directory;
      entry.path = directory->path();
    }
    return {};
  }

  /// True if a directory must be created on the server. Nothing that is sent implies it, and a path leads
  /// through it.
  OrRefusal<bool> needs_creation(const Directory& directory) {
    const auto& all = unit_.required_directories;
    const bool required = std::find(all.begin(), all.end(), &directory) != all.end();
    if (const Directory* home = defaults_.holding(&directory); home != nullptr) {
      if (required) {
        if (!default_links_.contain(home)) return true;
        if (!defaults_.is_default(&directory) && !something_found_through(directory.path()))
          return refuse(GiveUp::NotSendable,
                        os::format("-Wmissing-include-dirs, and {} may be missing in the server's {}",
                                   directory.path(), home->path()));
        return false;
      }
      if (!project_.may_leave(directory) || !project_.leave(directory, tree_, unit_.cwd_directory, trace_))
        return false;
      if (default_links_.contain(home))  // from a link out of the root, ".." leads elsewhere
        return refuse(GiveUp::NotSendable,
                      os::format("\"..\" leaves {}, from where files are needed, too", directory.path()));
    }
    const bool on_server =
        defaults_.on_the_way(&directory) || (servers_directories_.contain(&directory) && !required);
    return !on_server || project_.may_leave(directory);
  }

  [[nodiscard]] bool something_found_through(std::string_view directory) const {
    return std::any_of(closure_.files.begin(), closure_.files.end(),
                       [&](const ClosureFile& file) { return spelled_below(file.spelled, directory); });
  }

  FileTree& tree_;
  const Unit& unit_;
  const Closure& closure_;
  const SendPlanRules& rules_;
  Trace trace_;
  DefaultDirectories defaults_;
  SystemCopies copies_;
  AbsoluteIncludeRewriter rewriter_;
  std::vector<const SearchPath::Named*> naming_;
  ProjectPaths project_;
  std::vector<SendPlanEntry> entries_;
  std::vector<const ClosureFile*> taken_;  ///< files with a `taken_for`
  std::string forced_file_in_defaults_;
  tsl::robin_set<const Entry*> sent_;
  ImpliedDirectories implied_;
  ImpliedDirectories servers_directories_;  ///< that hold headers with `servers_own`
  DefaultDirectoryLinks default_links_;
};

}  // namespace

SendPlan make_send_plan(const FileTree::Snapshot& /*snapshot*/, FileTree& tree, const Unit& unit,
                        const Closure& closure, AbsoluteIncludeCache& absolute_includes,
                        const SendPlanRules& rules) {
  return Planner(tree, unit, closure, absolute_includes, rules).plan();
}

}  // namespace pump::include_server
