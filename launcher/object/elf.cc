#include "launcher/object/elf.h"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

namespace pump::launcher::object {
namespace {

/// Offsets in the ELF header. e_shoff is 4 or 8 bytes wide.
struct HeaderLayout {
  std::size_t size, section_offset, program_count, section_size, section_count, names;
};
constexpr HeaderLayout kHeader32{52, 32, 44, 46, 48, 50};
constexpr HeaderLayout kHeader64{64, 40, 56, 58, 60, 62};

constexpr std::size_t section_header_size(bool wide) {
  return wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

/// Reads the fields in file order: name, type, link and info have 4 bytes, the others a word.
Section read_section_header(const Format& format, std::string_view bytes) {
  Section section;
  std::size_t at = 0;
  const auto next = [&](std::size_t size) {
    const std::uint64_t value = format.get(bytes, at, size);
    at += size;
    return value;
  };
  const std::size_t word = format.word();
  section.name_offset = static_cast<std::uint32_t>(next(4));
  section.type = static_cast<std::uint32_t>(next(4));
  section.flags = next(word);
  section.address = next(word);
  section.offset = next(word);
  section.size = next(word);
  section.link = static_cast<std::uint32_t>(next(4));
  section.info = static_cast<std::uint32_t>(next(4));
  section.alignment = next(word);
  section.entry_size = next(word);
  return section;
}

void write_section_header(const Format& format, std::string& file, std::size_t at, const Section& section,
                          std::uint64_t offset) {
  const auto next = [&](std::size_t size, std::uint64_t value) {
    format.put(file, at, size, value);
    at += size;
  };
  const std::size_t word = format.word();
  next(4, section.name_offset);
  next(4, section.type);
  next(word, section.flags);
  next(word, section.address);
  next(word, offset);
  // The first section's size and link may hold the extended section numbers.
  next(word, section.type == SHT_NOBITS || section.type == SHT_NULL ? section.size : section.data.size());
  next(4, section.link);
  next(4, section.info);
  next(word, section.alignment);
  next(word, section.entry_size);
}

bool has_bytes(const Section& section) {
  return section.type != SHT_NOBITS && section.type != SHT_NULL;
}

std::uint64_t align(std::uint64_t offset, std::uint64_t alignment) {
  return alignment > 1 ? (offset + alignment - 1) / alignment * alignment : offset;
}

/// clang before 16 aligns a section before it compresses it. The compressed one is at an unaligned offset.
bool leaves_compressed_unaligned(const std::vector<Section>& sections) {
  return std::any_of(sections.begin(), sections.end(), [](const Section& section) {
    return (section.flags & SHF_COMPRESSED) != 0 && section.alignment > 1 &&
           section.offset % section.alignment != 0;
  });
}

/// The largest alignment of sections in the file. binutils 2.44 aligns them to a word at most, 2.40 and clang
/// as in memory. A section without bytes is aligned like any other: the section after .bss begins where .bss
/// would. Sections with a larger alignment precede those that change, so an object that fits both rules has
/// the same layout with both.
std::uint64_t max_file_alignment(const std::vector<Section>& sections, std::uint64_t word) {
  const bool capped = std::any_of(sections.begin(), sections.end(), [word](const Section& section) {
    return section.type != SHT_NULL && (section.flags & SHF_COMPRESSED) == 0 && section.alignment > word &&
           section.offset % section.alignment != 0;
  });
  return capped ? word : kMaxAlignment;
}

}  // namespace

std::uint64_t Format::get(std::string_view bytes, std::size_t at, std::size_t size) const {
  const auto read = [&]<typename Number>(Number number) {
    std::memcpy(&number, bytes.data() + at, sizeof number);
    const bool other = little != (std::endian::native == std::endian::little);
    if (!other) return std::uint64_t{number};
    Number swapped = 0;
    for (std::size_t i = 0; i < sizeof number; ++i, number = static_cast<Number>(number >> 8U))
      swapped = static_cast<Number>(std::uint64_t{swapped} << 8U | (number & 0xffU));
    return std::uint64_t{swapped};
  };
  // Called a hundred thousand times for one large object, so without a loop over bytes.
  if (size == 8) return read(std::uint64_t{});
  if (size == 4) return read(std::uint32_t{});
  return size == 2 ? read(std::uint16_t{}) : std::uint64_t{static_cast<unsigned char>(bytes[at])};
}

void Elf::replace(std::size_t index, std::string bytes) {
  sections_[index].data = replaced_[index] = std::move(bytes);
}

std::string& Elf::writable(std::size_t index) {
  const auto [found, fresh] = replaced_.try_emplace(index);
  if (fresh) {
    found->second = sections_[index].data;
    sections_[index].data = found->second;
  }
  return found->second;
}

void Format::put(std::string& bytes, std::size_t at, std::size_t size, std::uint64_t value) const {
  for (std::size_t i = 0; i < size; ++i, value >>= 8U)
    bytes[at + (little ? i : size - 1 - i)] = static_cast<char>(value & 0xffU);
}

Expected<Elf> Elf::parse(std::string_view file) {
  if (file.size() < EI_NIDENT || !file.starts_with(std::string_view(ELFMAG, SELFMAG)))
    return fail("the object is not an ELF file");
  Elf elf;
  const char width = file[EI_CLASS];
  const char order = file[EI_DATA];
  if ((width != ELFCLASS32 && width != ELFCLASS64) || (order != ELFDATA2LSB && order != ELFDATA2MSB))
    return fail("the object's ELF class or byte order is unknown");
  elf.format_.wide = width == ELFCLASS64;
  elf.format_.little = order == ELFDATA2LSB;
  const HeaderLayout& layout = elf.format_.wide ? kHeader64 : kHeader32;
  if (file.size() < layout.size) return fail("the object ends within its ELF header");
  elf.header_ = file.substr(0, layout.size);
  elf.format_.machine = static_cast<std::uint16_t>(elf.format_.get(file, 18, 2));
  if (elf.format_.get(file, 16, 2) != ET_REL || elf.format_.get(file, layout.program_count, 2) != 0)
    return fail("the output is not a relocatable object");
  PUMP_CHECK(elf.parse_sections(file));
  return elf;
}

Status Elf::parse_sections(std::string_view file) {
  const HeaderLayout& layout = format_.wide ? kHeader64 : kHeader32;
  const std::size_t size = section_header_size(format_.wide);
  const std::uint64_t table = format_.get(file, layout.section_offset, format_.word());
  std::uint64_t count = format_.get(file, layout.section_count, 2);
  std::uint64_t names = format_.get(file, layout.names, 2);
  if (format_.get(file, layout.section_size, 2) != size || table > file.size() || file.size() - table < size)
    return fail("the object's section headers are damaged");
  const Section first = read_section_header(format_, file.substr(table, size));
  if (count == 0) count = first.size;
  if (names == SHN_XINDEX) names = first.link;
  if (count > (file.size() - table) / size || names >= count)
    return fail("the object's section headers are damaged");
  sections_.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    Section section = read_section_header(format_, file.substr(table + i * size, size));
    if (section.alignment > kMaxAlignment) return fail("a section's alignment is implausible");
    if (has_bytes(section)) {
      if (section.offset > file.size() || file.size() - section.offset < section.size)
        return fail("a section reaches beyond the object's end");
      section.data = file.substr(section.offset, section.size);
    }
    sections_.push_back(std::move(section));
  }
  const std::string_view pool = sections_[names].data;
  for (Section& section : sections_) {
    if (section.name_offset >= pool.size()) continue;
    const std::size_t end = pool.find('\0', section.name_offset);
    section.name = pool.substr(section.name_offset, std::min(end, pool.size()) - section.name_offset);
  }
  return {};
}

Status Elf::check_layout() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  std::size_t symbol_tables = 0;
  for (const Section& section : sections_) {
    if (has_bytes(section) && section.size != 0) places.emplace_back(section.offset, section.size);
    if (section.type == SHT_SYMTAB) ++symbol_tables;
  }
  if (symbol_tables > 1) return fail("the object has several symbol tables");
  std::sort(places.begin(), places.end());
  std::uint64_t end = 0;
  for (const auto& [offset, size] : places) {
    if (offset < end) return fail("sections of the object overlap");
    end = offset + size;  // within the file
  }
  return {};
}

std::string Elf::write() const {
  std::vector<std::size_t> order(sections_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Of sections at the same offset, those without bytes come first. Their headers may come later: the header
  // of clang's empty .llvm_addrsig follows those of relocations, which it precedes in the file.
  const auto place = [this](std::size_t index) {
    const Section& section = sections_[index];
    return std::pair(section.offset, has_bytes(section) && !section.data.empty());
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  const bool compressed_unaligned = leaves_compressed_unaligned(sections_);
  const std::uint64_t max_alignment = max_file_alignment(sections_, format_.word());
  std::string file = header_;
  std::size_t estimated_size = sections_.size() * sizeof(Elf64_Shdr);
  for (const Section& section : sections_) estimated_size += section.data.size() + sizeof(Elf64_Chdr);
  file.reserve(estimated_size);
  std::vector<std::uint64_t> offsets(sections_.size());
  for (const std::size_t index : order) {
    const Section& section = sections_[index];
    if (section.type == SHT_NULL) continue;
    const bool unaligned = compressed_unaligned && (section.flags & SHF_COMPRESSED) != 0;
    offsets[index] = unaligned ? file.size() : align(file.size(), std::min(section.alignment, max_alignment));
    file.resize(offsets[index]);
    if (has_bytes(section)) file += section.data;
  }
  const std::size_t table = align(file.size(), format_.word());
  const std::size_t size = section_header_size(format_.wide);
  file.resize(table + sections_.size() * size);
  for (std::size_t i = 0; i < sections_.size(); ++i)
    write_section_header(format_, file, table + i * size, sections_[i], offsets[i]);
  format_.put(file, (format_.wide ? kHeader64 : kHeader32).section_offset, format_.word(), table);
  return file;
}

}  // namespace pump::launcher::object
