// A relocatable ELF object taken apart and put together again: sections that may change their size.
//
// 32 and 64 bit, either byte order, as the header says (System V gABI, chapters 4 and 5; extended section
// numbers included). Sections are written in the order they had, each at the next offset that its alignment
// allows, the section headers last: what GNU as and clang's assembler do, so that an object whose strings got
// shorter is laid out as the one that had the short strings from the start. Everything read is checked
// against the file's size. Not for executables and libraries: nothing with program headers is touched. Any
// thread; no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher::object {

/// Far more than compilers ask for; a damaged number must not make a file of gigabytes.
constexpr std::uint64_t kMostAlignment = 1U << 20U;

/// Byte order and width of one file; reads and writes numbers of 1, 2, 4 or 8 bytes. The caller checks
/// bounds.
struct Format {
  bool wide = true;    ///< ELFCLASS64
  bool little = true;  ///< ELFDATA2LSB
  std::uint16_t machine = 0;

  [[nodiscard]] std::uint64_t get(std::string_view bytes, std::size_t at, std::size_t size) const;
  void put(std::string& bytes, std::size_t at, std::size_t size, std::uint64_t value) const;
  [[nodiscard]] std::size_t word() const { return wide ? 8 : 4; }
};

struct Section {
  std::string_view name;
  std::uint32_t name_offset = 0;
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< of SHT_NOBITS; else data.size()
  std::uint32_t link = 0;
  std::uint32_t info = 0;
  std::uint64_t alignment = 0;
  std::uint64_t entry_size = 0;
  std::string_view data;  ///< in the file that was parsed, or what Elf::replace() was given
};

class Elf {
 public:
  /// `file` must outlive the result. Error: no relocatable ELF object, or one that is damaged.
  static Expected<Elf> parse(std::string_view file);
  [[nodiscard]] std::string write() const;

  [[nodiscard]] const Format& format() const { return format_; }
  [[nodiscard]] std::vector<Section>& sections() { return sections_; }
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  /// Gives a section other bytes; its number must exist.
  void replace(std::size_t index, std::string bytes);
  /// The section's bytes for changing them in place, not their number.
  std::string& writable(std::size_t index);

 private:
  Status parse_sections(std::string_view file);

  Format format_;
  std::string header_;  ///< the ELF header as it was
  std::vector<Section> sections_;
  std::map<std::size_t, std::string>
      own_;  ///< bytes that differ from the file's; a map's elements never move
};

}  // namespace pump::launcher::object
