// Which files of a translation unit were entered, and which of them are entered at most once.
//
// A compiler skips the text of a file that it entered before if the file says #pragma once, or if any #import
// named it. It compares files, not paths, and two files with different paths can be the same file to it:
// - gcc: size, content and modification time in whole seconds are equal;
// - clang: device and inode are equal (a hard link).
// Which file is entered is decided by Walker::enter, with this state and with include guards.
//
// After a branch whose condition is not known, both facts about a file may be Certainty::Maybe. Such a file
// is walked as if its #include were in an unknown branch.
//
// The state is stored in the SourceFile. Part of one Walker; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "pump/include_server/preprocessor/source_file.h"

namespace pump::include_server {

struct FileState {
  Certainty once = Certainty::No;     ///< #pragma once was seen in it, or an #import of it
  Certainty entered = Certainty::No;  ///< its text was walked
};

/// Whether a file in this state is skipped: Yes if both facts are Yes, No if either is No, otherwise Maybe.
Certainty skips(const FileState& state);

class FileStates {
 public:
  /// The states that one branch has set.
  using Changes = std::vector<std::pair<SourceFile*, FileState>>;
  using Mark = std::size_t;

  void begin_unit(bool clang);
  /// Every `file` passed to this class has been passed to SourceFileTable::in_unit() in this unit.
  void set(SourceFile& file, FileState state);
  void set_once(SourceFile& file) { set(file, {Certainty::Yes, file.entered}); }
  void set_entered(SourceFile& file) { set(file, {file.once, Certainty::Yes}); }

  /// Files of the unit that are entered at most once, perhaps only in a branch that is not compiled.
  [[nodiscard]] const std::vector<SourceFile*>& once_files() const { return once_files_; }
  /// Those of once_files() that are the same file as `file` to the compiler, without `file`. `file` is
  /// hashed.
  [[nodiscard]] std::vector<const SourceFile*> same_files(const SourceFile& file) const;

  /// Walk one of several branches: begin, walk, end. end_branch() undoes and returns the changes.
  Mark begin_branch();
  Changes end_branch(Mark mark);
  void apply(const Changes& changes);
  /// Sets what is true after either of two branches.
  void join(const Changes& one, const Changes& other);

 private:
  [[nodiscard]] std::uint64_t key(const SourceFile& file) const;

  bool clang_ = false;
  unsigned branches_ = 0;
  std::vector<SourceFile*> once_files_;
  std::vector<std::uint64_t> once_keys_;  ///< key() of each of once_files_
  Changes trail_;                         ///< old states, to be restored by end_branch()
};

}  // namespace pump::include_server
