// Maps offsets in a section to those in its rewritten form, and updates the relocations and symbols that use
// them.
//
// In a relocatable object every reference from one section to another is a relocation. So a section can be
// rewritten if the relocations that point into it (addends, or the bytes in place for REL) and those that
// patch it (r_offset) are updated. If an offset does not exist any more, the object cannot be repaired. Any
// thread; no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "launcher/object/elf.h"

namespace pump::launcher::object {

/// The pieces of a section. For a replaced piece only its begin and its unchanged tail can be mapped.
class OffsetMap {
 public:
  struct Piece {
    std::uint64_t old_begin, old_size, new_begin, new_size;
    std::uint64_t tail;  ///< bytes at the end that are the same in both
  };
  /// Pieces must be added in the order of old_begin, without gaps.
  void add(const Piece& piece);
  /// The new offset, if there is one. The end maps to the end.
  [[nodiscard]] std::optional<std::uint64_t> at(std::uint64_t old_offset) const;

 private:
  std::vector<Piece> pieces_;
  std::uint64_t new_end_ = 0;
};

/// By section index.
using OffsetMaps = std::map<std::size_t, OffsetMap>;
/// Returns a section's uncompressed bytes, from which addends of REL are read and to which they are written.
/// nullptr if there is no such section.
using Contents = std::function<std::string*(std::size_t index)>;

/// Updates all relocations and symbols of `elf`. Error: one of them cannot be mapped, or is of a kind that is
/// not supported.
Status update_references(Elf& elf, const OffsetMaps& maps, const Contents& contents);

/// A relocation with an addend (RELA).
struct Reference {
  std::size_t relocations = 0;  ///< section of the relocation
  std::size_t at = 0;           ///< its offset there
  std::uint64_t offset = 0;     ///< the place that it patches
  std::uint64_t target = 0;     ///< the offset to which it refers
};

/// The relocations of section `from` that refer to section `index`, in their order.
std::vector<Reference> relocations(const Elf& elf, std::size_t from, std::size_t index);
/// The offsets in section `index` to which relocations of section `from` refer, in the order of the places that they patch.
std::vector<std::uint64_t> references(const Elf& elf, std::size_t from, std::size_t index);
/// Removes one of relocations().
void remove(Elf& elf, const Reference& reference);

}  // namespace pump::launcher::object
