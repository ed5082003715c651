// Where the bytes of a rewritten section went, and the relocations and symbols that must follow.
//
// In a relocatable object every reference from one section into another is a relocation, so a section can be
// rewritten freely once those that point into it (addends, in place for REL) and those that patch it
// (r_offset) are brought along. An offset that is no longer there makes the object unrepairable. Any thread;
// no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "launcher/object/elf.h"

namespace pump::launcher::object {

/// Pieces of a section, by their old place. Of a piece that was replaced, its begin and its unchanged tail
/// can be referred to.
class OffsetMap {
 public:
  struct Piece {
    std::uint64_t old_begin, old_size, new_begin, new_size;
    std::uint64_t tail;  ///< bytes at the end that are the same in both
  };
  /// Pieces come in the order of old_begin and leave no gap.
  void add(const Piece& piece) { pieces_.push_back(piece); }
  /// The new offset; that of the end maps to the end.
  [[nodiscard]] std::optional<std::uint64_t> at(std::uint64_t old_offset) const;

 private:
  std::vector<Piece> pieces_;
};

/// By section index.
using Moves = std::map<std::size_t, OffsetMap>;
/// A section's uncompressed bytes, for changing them in place: what addends of REL are read from and written
/// to.
using Contents = std::function<std::string*(std::size_t index)>;

/// Brings every relocation and symbol of `elf` along. Error: one of them cannot follow.
Status follow_moves(Elf& elf, const Moves& moves, const Contents& contents);

/// Offsets into section `index` that section `from`'s relocations hold, ascending.
std::vector<std::uint64_t> references(const Elf& elf, std::size_t from, std::size_t index);

}  // namespace pump::launcher::object
