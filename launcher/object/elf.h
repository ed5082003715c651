// A relocatable ELF object: reads it, replaces section contents, and writes it with sections of other sizes.
//
// 32 and 64 bit in either byte order (System V gABI, chapters 4 and 5, including extended section numbers).
// Sections are written in their previous order, each at the next offset that its alignment allows, followed
// by the section headers. GNU as and clang's assembler do the same, so an object whose strings became shorter
// has the layout of one that had the short strings from the start. All numbers are checked against the file's
// size. Executables and libraries (anything with program headers) are rejected. Any thread; no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher::object {

/// Far more than compilers use. A damaged number must not lead to a file of gigabytes.
constexpr std::uint64_t kMaxAlignment = 1U << 20U;

/// Byte order and width of a file; reads and writes numbers of 1, 2, 4 or 8 bytes. The caller checks bounds.
struct Format {
  bool wide = true;    ///< ELFCLASS64
  bool little = true;  ///< ELFDATA2LSB
  std::uint16_t machine = 0;

  [[nodiscard]] std::uint64_t get(std::string_view bytes, std::size_t at, std::size_t size) const;
  void put(std::string& bytes, std::size_t at, std::size_t size, std::uint64_t value) const;
  [[nodiscard]] std::size_t word() const { return wide ? 8 : 4; }
};

/// A section header (System V gABI) with the section's name and data.
struct Section {
  std::string_view name;
  std::uint32_t name_offset = 0;
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< for SHT_NOBITS only; otherwise data.size() counts
  std::uint32_t link = 0;
  std::uint32_t info = 0;
  std::uint64_t alignment = 0;
  std::uint64_t entry_size = 0;
  std::string_view data;  ///< points into the parsed file or into Elf
};

class Elf {
 public:
  /// `file` must outlive the result. Error: not a relocatable ELF object, or damaged.
  static Expected<Elf> parse(std::string_view file);
  /// Error: a layout that no assembler makes, of which write() could make a file of any size: sections that overlap, or
  /// several symbol tables.
  [[nodiscard]] Status check_layout() const;
  /// The bytes of the object with the current sections. After check_layout().
  [[nodiscard]] std::string write() const;

  [[nodiscard]] const Format& format() const { return format_; }
  [[nodiscard]] std::vector<Section>& sections() { return sections_; }
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  /// Replaces the data of a section, which must exist.
  void replace(std::size_t index, std::string bytes);
  /// The section's data, to be changed without changing its size.
  std::string& writable(std::size_t index);

 private:
  Status parse_sections(std::string_view file);

  Format format_;
  std::string header_;  ///< the original ELF header
  std::vector<Section> sections_;
  /// Section data that differs from the file's. Section::data points into it, so its elements must not move.
  std::map<std::size_t, std::string> replaced_;
};

}  // namespace pump::launcher::object
