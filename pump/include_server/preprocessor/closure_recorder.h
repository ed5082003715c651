// Builds the include closure of one translation unit: looks names up and records the files they lead to.
//
// Both walks use it: the Walker, which evaluates conditions, and the path-insensitive walk. It owns the
// lookup tables that are kept between units. Part of one Walker; not thread-safe.
#pragma once

#include <tsl/robin_set.h>

#include <cstddef>
#include <string>

#include "pump/include_server/preprocessor/clang_names.h"
#include "pump/include_server/preprocessor/closure.h"
#include "pump/include_server/preprocessor/include_lookup.h"
#include "pump/include_server/preprocessor/include_stack.h"
#include "pump/include_server/preprocessor/source_file.h"
#include "pump/include_server/unit/translation_unit.h"

namespace pump::include_server {

class ClosureRecorder {
 public:
  /// `stack`: the Walker's position. It is empty in the path-insensitive walk.
  ClosureRecorder(FileTree& tree, ScanCache& scans, const IncludeStack& stack)
      : tree_(tree), stack_(stack), files_(tree, scans), lookup_(tree, files_) {}

  /// Looks up and records the source; false, and the closure gives up, if it does not exist. `unit` and
  /// `closure` must live until the next call.
  bool begin_unit(const Unit& unit, Closure& closure);
  /// Call it after the walk.
  void end_unit();
  [[nodiscard]] Resolution& source() { return *source_; }
  [[nodiscard]] SourceFileTable& files() { return files_; }
  [[nodiscard]] const SourceFileTable& files() const { return files_; }
  [[nodiscard]] IncludeLookup& lookup() { return lookup_; }

  // Lookup. Nothing is recorded.

  /// The directory in which an #include "..." of that file is looked for first.
  [[nodiscard]] Symbol directory_of(const Resolution& includer) {
    return clang_ ? clang_directory_of(includer) : includer.directory;
  }
  /// `found_at`: chain_position() of the includer. `system`: the includer counts as a system header. `next`:
  /// #include_next.
  Resolution& resolve(const Resolution& includer, int found_at, bool system, Symbol name, bool angled,
                      bool next);
  /// Position at which an #include_next in the found file continues: an index in the search path, kBeside or
  /// kNoChain. For clang, a file found beside its includer has its includer's position; gcc starts again.
  [[nodiscard]] int chain_position(const Resolution& found, int includer) const {
    return clang_ && found.found_at == Resolution::kBeside ? includer : found.found_at;
  }

  // Recording.

  /// Adds the resolution to the closure: what it depends on, and its file if it has one. `entered`: the
  /// compiler opens the file; otherwise it only probes for it.
  void record(Resolution& resolution, bool entered);
  /// True if record() was called with the resolution in this unit.
  [[nodiscard]] bool is_recorded(const Resolution& resolution) const {
    return resolution.recorded == lookup_.epoch();
  }
  /// Like record(), for the file of an #embed.
  void record_embedded(Resolution& resolution);
  [[nodiscard]] std::size_t file_count() const { return closure_->files.size(); }
  /// The compiler opens a file that was recorded, even if its guard is found to be defined.
  void open(const Resolution& resolution);
  /// The text of a recorded file is walked under the name of the resolution.
  void walk_under_name(const Resolution& resolution);
  /// The compiler skips `file`, certainly or maybe, because it is the same file as `other` (file_states.h).
  void skip_as(const SourceFile& file, const SourceFile& other);
  void mark_pragma_once(const SourceFile& file);
  /// Looks up and records the file of an -include or -imacros.
  Resolution& forced(const ForcedFile& file);
  /// For an #include_next in the file that was found there. Gives up if gcc searches elsewhere here: a forced file with an
  /// absolute name was found in no directory, and it has a relative name on a server.
  void check_next(const Resolution& found, int found_at);
  /// The unit includes this first, or may: gcc uses a precompiled header only there.
  void note_first_include(const Resolution& resolution);
  void record_extra_inputs();
  /// The walk is over. Gives up if a file has the name under which another lookup found a header that gcc names by its real path.
  void check_shortened_names();
  /// Records what a __has_include or __has_embed probes for.
  Resolution& probe(const Frame& frame, Symbol name, bool angled, bool next);
  /// A text names a header; it is recorded if it is absolute. `in`: the file, if its copy can be rewritten to
  /// contain another name; nullptr for a name in a macro, in __has_include or in #embed.
  void note_name(Symbol name, const Entry* in, const std::string& place);
  /// Records the file of an .incbin or .include. `name` 0: it is computed, so the closure gives up.
  void assembler_file(Symbol name, const std::string& place);
  /// Records that a #pragma at `place` changes macros.
  void note_macro_pragma(const std::string& place);
  /// Records that from here on the closure may have more files than the compiler opens.
  void not_exact(const char* why);

  /// The closure cannot be determined exactly, or that takes too long: the path-insensitive walk completes
  /// it.
  void set_incomplete();
  [[nodiscard]] bool incomplete() const { return incomplete_; }

  // Giving up. The first reason stays.

  void give_up(GiveUp reason, std::string detail);
  /// A file cannot be read. EAGAIN: it changed since the Snapshot.
  void give_up(const Error& error);
  [[nodiscard]] bool gave_up() const { return closure_->give_up != GiveUp::None; }
  /// True if the walk of the unit need not continue.
  [[nodiscard]] bool stopped() const { return incomplete_ || gave_up(); }
  /// Gives up and returns true if the header exists only precompiled (x.h.gch without x.h).
  bool give_up_if_precompiled(const Resolution& resolution, Symbol name);
  void give_up_unreadable(const Resolution& resolution);
  /// Gives up if -finput-charset changes what the directives of the file mean.
  void check_charset(const Scan& scan, const Resolution& file);
  /// Gives up if `macro`, a name of is_local_value(), is in the given state and expands to another value on a
  /// server. Only notes __DATE__, __TIME__ and __PRETTY_FUNCTION__.
  void check_local_value(Symbol macro, MacroState state, const std::string& place);
  /// A macro in this state is defined or undefined.
  void note_builtin(MacroState state);
  /// The operand of a #line: for gcc, notes an absolute name, and a macro, which may give one.
  void note_line(const std::vector<Token>& operand, const std::string& place);
  /// Closure::shows_names.
  void note_shown_name(std::string_view how, const std::string& place);

  /// nullptr if the file cannot be read; the closure then gives up.
  [[nodiscard]] WalkedScan* scan_of(SourceFile& file) {
    const Expected<WalkedScan*> scan = files_.scan_of(file);
    if (scan) return *scan;
    give_up(scan.error());
    return nullptr;
  }
  /// True if the server's compiler finds a file of its own there: it was found in a default directory of the
  /// compiler, or beside a header that was.
  [[nodiscard]] bool is_servers_own(const Resolution& resolution) const;
  /// True if the compiler takes a file that the file being walked includes for a system header.
  [[nodiscard]] bool is_system_header(const Resolution& resolution) const;
  /// The path of the file being walked, as __FILE__ gives it.
  [[nodiscard]] std::string_view name_of_file(const Frame& frame) const;
  /// "file:line" of the directive being walked; the source before the first file is entered.
  [[nodiscard]] std::string location() const { return stack_.empty() ? unit_->source : stack_.location(); }

 private:
  [[nodiscard]] ClosureFile& listed(const SourceFile& file) { return closure_->files[file.closure_index]; }
  Symbol clang_directory_of(const Resolution& includer);
  Symbol working_directory();
  void add_file(const Resolution& resolution);
  void note_mixed_spellings(const Resolution& resolution);
  /// Remembers a resolution whose absolute name comes from the name in an #include, if the command maps such names.
  void note_mapped(const Resolution& resolution);
  /// True if the compiler on the server reports another name than this one.
  [[nodiscard]] bool is_renamed(const Resolution& resolution) const;

  FileTree& tree_;
  const IncludeStack& stack_;
  SourceFileTable files_;
  IncludeLookup lookup_;
  ClangNames names_;  ///< used if the compiler is clang

  const Unit* unit_ = nullptr;
  Closure* closure_ = nullptr;
  Resolution* source_ = nullptr;
  bool clang_ = false;
  bool incomplete_ = false;
  tsl::robin_set<const Resolution*> mapped_;
  std::size_t expected_files_ = 0;  ///< the last unit's number of files, and some more
};

}  // namespace pump::include_server
