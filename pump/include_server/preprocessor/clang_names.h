// The names by which clang identifies the files and directories of a translation unit.
//
// clang opens a file once, even if it has several paths or hard links, and looks for the quoted includes of
// that file in the directory of one of its names. Which name that is depends on the version (Dialect::files,
// Dialect::directories in language.h). gcc always uses the path of the #include, and needs none of this.
//
// Part of one Walker; not thread-safe.
#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "pump/include_server/preprocessor/include_lookup.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class ClangNames {
 public:
  struct Name {
    Symbol directory = 0;
    bool certain = true;  ///< false: this clang's rule is not known, and the possible names differ
  };

  /// `unit` must live until the next call.
  void begin_unit(const Unit& unit);
  /// A lookup found the file for the first time in the unit. Returns the file of which clang takes it for a
  /// second name (a hard link), or nullptr.
  const Entry* add_file(const Resolution& found);
  /// Call this for each lookup that found a file.
  void add_directory(const Resolution& found);
  /// The text of the file is walked under this name.
  void enter(const Resolution& entered);

  /// The directory in which an #include "..." of the file is looked for first.
  [[nodiscard]] Name directory_of(const Resolution& includer) const;
  /// The directory in which the file of an -include is looked for first: the working directory, by its name.
  [[nodiscard]] Name working_directory() const;

 private:
  struct FileId {
    std::uint64_t device, inode;
    bool operator==(const FileId&) const = default;
  };
  struct HashFileId {
    std::size_t operator()(const FileId& id) const {
      return (id.inode ^ id.device << 48U) * 0x9E3779B97F4A7C15U >> 16U;
    }
  };
  static FileId id_of(const SourceFile& file);
  [[nodiscard]] const Entry* first_entry_of(const SourceFile& file) const;

  const Unit* unit_ = nullptr;
  tsl::robin_map<FileId, const Entry*, HashFileId> first_entries_;  ///< the first entry of each file
  /// For a file that was found through a link: the directory that holds the link.
  tsl::robin_map<const Entry*, const Directory*> found_through_link_;
  tsl::robin_map<const Directory*, Symbol> directory_names_;  ///< the first name of each directory
  tsl::robin_map<const Entry*, Symbol> entered_from_;  ///< the directory each file was first entered from
};

}  // namespace pump::include_server
