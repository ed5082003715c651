#include "launcher/object/offset_map.h"

#include <elf.h>

#include <algorithm>

namespace pump::launcher::object {
namespace {

constexpr std::uint32_t kCompactRelocations = 0x40000014;  // SHT_CREL, LLVM

struct Symbol {
  std::size_t section = 0;  ///< 0: in no section of the file
  bool is_section = false;
  std::uint64_t value = 0;
  std::size_t value_at = 0;  ///< offset of the value in the table's data
};

/// One symbol table, with its extended section numbers if it has them.
class Symbols {
 public:
  Symbols(const Elf& elf, std::size_t table) : elf_(elf), table_(table) {
    for (const Section& section : elf.sections())
      if (section.type == SHT_SYMTAB_SHNDX && section.link == table) extended_ = &section;
  }
  [[nodiscard]] std::size_t count() const { return elf_.sections()[table_].data.size() / entry_size(); }
  [[nodiscard]] Symbol read(std::size_t index) const {
    const Format& format = elf_.format();
    const std::string_view data = elf_.sections()[table_].data;
    const std::size_t at = index * entry_size();
    const std::size_t info = at + (format.wide ? 4 : 12);
    Symbol symbol;
    symbol.value_at = at + (format.wide ? 8 : 4);
    symbol.value = format.get(data, symbol.value_at, format.word());
    symbol.is_section = (format.get(data, info, 1) & 0xfU) == STT_SECTION;
    symbol.section = format.get(data, info + 2, 2);
    if (symbol.section == SHN_XINDEX && extended_ != nullptr && (index + 1) * 4 <= extended_->data.size())
      symbol.section = format.get(extended_->data, index * 4, 4);
    else if (symbol.section >= SHN_LORESERVE)
      symbol.section = 0;
    return symbol;
  }

 private:
  [[nodiscard]] std::size_t entry_size() const {
    return elf_.format().wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
  }
  const Elf& elf_;
  std::size_t table_;
  const Section* extended_ = nullptr;
};

/// True for relocations of a plain 4-byte number in place, which debug sections have.
bool is_plain_word(std::uint16_t machine, std::uint64_t type) {
  return (machine == EM_386 && type == R_386_32) || (machine == EM_ARM && type == R_ARM_ABS32);
}

/// The layout of the relocations in one section.
class Relocations {
 public:
  Relocations(const Elf& elf, std::size_t index)
      : format_(elf.format()),
        has_addend_(elf.sections()[index].type == SHT_RELA),
        size_((has_addend_ ? 3 : 2) * format_.word()) {}
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t addend_at(std::size_t at) const { return at + 2 * format_.word(); }
  [[nodiscard]] std::uint64_t symbol(std::uint64_t info) const {
    return format_.wide ? info >> 32U : info >> 8U;
  }
  [[nodiscard]] std::uint64_t type(std::uint64_t info) const {
    return format_.wide ? info & 0xffffffffU : info & 0xffU;
  }
  [[nodiscard]] bool has_addend() const { return has_addend_; }

 private:
  const Format& format_;
  bool has_addend_;
  std::size_t size_;
};

bool is_relocations(const Section& section) {
  return section.type == SHT_RELA || section.type == SHT_REL;
}

/// The addend that refers to the same content in the rewritten section.
Expected<std::uint64_t> moved_addend(const OffsetMap& map, const Symbol& symbol, std::uint64_t addend) {
  const auto target = map.at(symbol.value + addend);
  const auto base = symbol.is_section ? std::optional(symbol.value) : map.at(symbol.value);
  if (!target || !base) return fail("a reference into the middle of a directory's name");
  return *target - *base;
}

class ReferenceUpdater {
 public:
  ReferenceUpdater(Elf& elf, const OffsetMaps& maps, const Contents& contents)
      : elf_(elf), maps_(maps), contents_(contents) {}
  Status relocations(std::size_t index);
  Status symbols(std::size_t index);

 private:
  Status in_place(std::uint64_t type, std::size_t target, std::uint64_t offset, const OffsetMap& map,
                  const Symbol& symbol);
  Status reference(std::size_t index, std::size_t at, const Symbol& symbol, std::uint64_t type,
                   std::uint64_t offset);
  Elf& elf_;
  const OffsetMaps& maps_;
  const Contents& contents_;
  struct Table {
    Symbols symbols;
    std::vector<bool> moving;
  };
  std::map<std::size_t, Table> tables_;  ///< by section
};

Status ReferenceUpdater::in_place(std::uint64_t type, std::size_t target, std::uint64_t offset,
                                  const OffsetMap& map, const Symbol& symbol) {
  std::string* const content = contents_(target);
  if (content == nullptr || !is_plain_word(elf_.format().machine, type) || content->size() < 4 ||
      offset > content->size() - 4)
    return fail("a relocation of a kind that cannot be changed");
  PUMP_TRY(const std::uint64_t addend, moved_addend(map, symbol, elf_.format().get(*content, offset, 4)));
  elf_.format().put(*content, offset, 4, addend);
  return {};
}

/// For each symbol of a table, true if it is in a rewritten section. Most relocations use no such symbol.
std::vector<bool> moving_symbols(const Symbols& symbols, const OffsetMaps& maps) {
  std::vector<bool> moving(symbols.count());
  for (std::size_t i = 0; i < moving.size(); ++i) {
    const Symbol symbol = symbols.read(i);
    moving[i] = symbol.section != 0 && maps.count(symbol.section) != 0;
  }
  return moving;
}

Status ReferenceUpdater::relocations(std::size_t index) {
  const Relocations layout(elf_, index);
  const Format& format = elf_.format();
  const Section& section = elf_.sections()[index];
  if (section.link >= elf_.sections().size() || elf_.sections()[section.link].type != SHT_SYMTAB)
    return fail("a relocation section names no symbol table");
  // An object has thousands of relocation sections and one symbol table.
  auto known = tables_.find(section.link);
  if (known == tables_.end()) {
    Symbols symbols(elf_, section.link);
    std::vector<bool> moving = moving_symbols(symbols, maps_);
    known = tables_.emplace(section.link, Table{std::move(symbols), std::move(moving)}).first;
  }
  const Symbols& symbols = known->second.symbols;
  const std::vector<bool>& moving = known->second.moving;
  const auto patched = maps_.find(section.info);
  for (std::size_t at = 0; at + layout.size() <= section.data.size(); at += layout.size()) {
    const std::uint64_t info = format.get(section.data, at + format.word(), format.word());
    const std::uint64_t number = layout.symbol(info);
    if (number >= moving.size()) return fail("a relocation names no symbol");
    if (!moving[number] && patched == maps_.end()) continue;
    const std::uint64_t offset = format.get(section.data, at, format.word());
    if (moving[number]) PUMP_CHECK(reference(index, at, symbols.read(number), layout.type(info), offset));
    if (patched == maps_.end()) continue;
    const auto moved = patched->second.at(offset);
    if (!moved) return fail("a relocation within a directory's name");
    format.put(elf_.writable(index), at, format.word(), *moved);
  }
  return {};
}

/// Updates one relocation that refers to a rewritten section.
Status ReferenceUpdater::reference(std::size_t index, std::size_t at, const Symbol& symbol,
                                   std::uint64_t type, std::uint64_t offset) {
  const Relocations layout(elf_, index);
  const Section& section = elf_.sections()[index];
  const OffsetMap& map = maps_.at(symbol.section);
  if (!layout.has_addend()) {
    // Addends in a section that is itself rewritten are not supported.
    if (maps_.count(section.info) != 0) return fail("a relocation of a kind that cannot be changed");
    return in_place(type, section.info, offset, map, symbol);
  }
  const Format& format = elf_.format();
  const std::uint64_t addend = format.get(section.data, layout.addend_at(at), format.word());
  PUMP_TRY(const std::uint64_t moved, moved_addend(map, symbol, addend));
  format.put(elf_.writable(index), layout.addend_at(at), format.word(), moved);
  return {};
}

Status ReferenceUpdater::symbols(std::size_t index) {
  const Symbols table(elf_, index);
  const Format& format = elf_.format();
  std::vector<std::pair<std::size_t, std::uint64_t>> values;
  for (std::size_t i = 0; i < table.count(); ++i) {
    const Symbol symbol = table.read(i);
    const auto map = maps_.find(symbol.section);
    if (map == maps_.end() || symbol.section == 0 || symbol.is_section) continue;
    const auto moved = map->second.at(symbol.value);
    if (!moved) return fail("a symbol within a directory's name");
    values.emplace_back(symbol.value_at, *moved);
  }
  for (const auto& [at, value] : values) format.put(elf_.writable(index), at, format.word(), value);
  return {};
}

}  // namespace

void OffsetMap::add(const Piece& piece) {
  pieces_.push_back(piece);
  new_end_ = std::max(new_end_, piece.new_begin + piece.new_size);
}

std::optional<std::uint64_t> OffsetMap::at(std::uint64_t old_offset) const {
  if (pieces_.empty()) return {};
  const Piece& last = pieces_.back();
  if (old_offset == last.old_begin + last.old_size) return new_end_;
  auto after =
      std::upper_bound(pieces_.begin(), pieces_.end(), old_offset,
                       [](std::uint64_t offset, const Piece& piece) { return offset < piece.old_begin; });
  if (after == pieces_.begin()) return {};
  const Piece& piece = *--after;
  if (old_offset == piece.old_begin) return piece.new_begin;
  const std::uint64_t old_end = piece.old_begin + piece.old_size;
  if (old_offset >= old_end || old_end - old_offset > piece.tail) return {};
  return piece.new_begin + piece.new_size - (old_end - old_offset);
}

Status update_references(Elf& elf, const OffsetMaps& maps, const Contents& contents) {
  // A MIPS relocation has three types and several symbols.
  if (elf.format().machine == EM_MIPS) return fail("MIPS relocations are not understood");
  ReferenceUpdater updater(elf, maps, contents);
  // Relocations first, because they need the symbols' old values.
  for (std::size_t i = 0; i < elf.sections().size(); ++i) {
    if (elf.sections()[i].type == kCompactRelocations) return fail("compact relocations are not understood");
    if (is_relocations(elf.sections()[i])) PUMP_CHECK(updater.relocations(i));
  }
  for (std::size_t i = 0; i < elf.sections().size(); ++i)
    if (elf.sections()[i].type == SHT_SYMTAB) PUMP_CHECK(updater.symbols(i));
  return {};
}

std::vector<Reference> relocations(const Elf& elf, std::size_t from, std::size_t index) {
  std::vector<Reference> found;
  const auto table = std::find_if(elf.sections().begin(), elf.sections().end(),
                                  [](const Section& section) { return section.type == SHT_SYMTAB; });
  if (table == elf.sections().end()) return found;
  const auto link = static_cast<std::size_t>(table - elf.sections().begin());
  const Symbols symbols(elf, link);
  for (std::size_t i = 0; i < elf.sections().size(); ++i) {
    const Section& section = elf.sections()[i];
    if (section.type != SHT_RELA || section.info != from || section.link != link) continue;
    const Relocations layout(elf, i);
    const std::size_t word = elf.format().word();
    for (std::size_t at = 0; at + layout.size() <= section.data.size(); at += layout.size()) {
      const std::uint64_t number = layout.symbol(elf.format().get(section.data, at + word, word));
      if (number >= symbols.count()) continue;
      const Symbol symbol = symbols.read(number);
      if (symbol.section == index)
        found.push_back({i, at, elf.format().get(section.data, at, word),
                         symbol.value + elf.format().get(section.data, layout.addend_at(at), word)});
    }
  }
  return found;
}

std::vector<std::uint64_t> references(const Elf& elf, std::size_t from, std::size_t index) {
  std::vector<Reference> found = relocations(elf, from, index);
  std::stable_sort(found.begin(), found.end(),
                   [](const Reference& a, const Reference& b) { return a.offset < b.offset; });
  std::vector<std::uint64_t> offsets;
  for (const Reference& reference : found) offsets.push_back(reference.target);
  return offsets;
}

void remove(Elf& elf, const Reference& reference) {
  std::string data(elf.sections()[reference.relocations].data);
  data.erase(reference.at, Relocations(elf, reference.relocations).size());
  elf.replace(reference.relocations, std::move(data));
}

}  // namespace pump::launcher::object
