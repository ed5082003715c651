// The directories that the compiler searches by itself. What lies in them is on the compile server, too, and
// not sent.
//
// "Lies in" is decided on real paths. A default directory that is spelled relatively (a relative --sysroot)
// is none for us: on the server it lies below the job's root, where only what is sent exists. For one
// request, one thread.
#pragma once

#include <tsl/robin_set.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pump/include_server/file_tree/file_tree.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

/// What the tree says of a profile's default directories, as long as nothing `consulted` changes. Any thread.
struct DefaultPlaces {
  DefaultPlaces(FileTree& tree, const CompilerProfile& profile);
  std::vector<const Directory*> real;
  std::vector<std::string> spelled;  ///< those below another, as text, left out; each ends in one slash
  std::string common;                ///< the beginning that all of `spelled` have
  tsl::robin_set<const Directory*> way;
  tsl::robin_set<const Entry*> way_links;
  std::vector<const Entry*> consulted;
};

class DefaultDirectories {
 public:
  explicit DefaultDirectories(std::shared_ptr<const DefaultPlaces> places) : places_(std::move(places)) {}
  /// Those that were found when the unit was built, if it was built by UnitBuilder; else what finding them depends on
  /// is appended to `consulted`.
  DefaultDirectories(FileTree& tree, const Unit& unit, std::vector<const Entry*>& consulted);

  /// The outermost default directory that holds `directory` or is it; nullptr where none does
  /// (and for nullptr: what is nowhere lies in nothing).
  const Directory* holding(const Directory* directory);
  /// True where `directory` is itself a default directory.
  [[nodiscard]] bool is_default(const Directory* directory) const;
  /// True where `spelled` begins with a default directory as the compiler spells it: found without any
  /// option.
  [[nodiscard]] bool spelled_by_default(std::string_view spelled) const;
  /// True where the compile server's own files are what is meant by this absolute path: it leads, found or
  /// not, into a default directory, over nothing that the server has not got by itself.
  bool serves(FileTree& tree, std::string_view path, Trace& trace);
  /// True where the compiler walks through the directory, follows the link, on its own way to a default
  /// directory.
  [[nodiscard]] bool on_the_way(const Directory* directory) const { return places_->way.contains(directory); }
  [[nodiscard]] bool on_the_way(const Entry* link) const { return places_->way_links.contains(link); }

 private:
  struct Known {
    const Directory* directory = nullptr;
    const Directory* home = nullptr;
  };
  std::shared_ptr<const DefaultPlaces> places_;
  mutable std::size_t last_spelled_ = 0;  ///< of places_->spelled: files of one directory follow one another
  std::array<Known, 64> known_ = {};      ///< by address; a later one takes the place
};

/// "/lib" -> "usr/lib" and the like: where one such link is, the system is laid out with them.
bool merges_usr(const Entry& link);

/// True where `path` is below `directory`, component by component, as text.
bool spelled_below(std::string_view path, std::string_view directory);

}  // namespace pump::include_server
