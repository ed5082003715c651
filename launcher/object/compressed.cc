#include "launcher/object/compressed.h"

#include <elf.h>
#include <zlib.h>

namespace pump::launcher::object {
namespace {

/// Far more than one translation unit's debug information; guards against a damaged size.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 31U;
constexpr std::size_t kOldHeader = 12;  // "ZLIB" and the size in 8 bytes, big-endian
constexpr Format kOldFormat{.wide = true, .little = false};

bool is_old(const Section& section) {
  return section.name.find(".zdebug_") != std::string::npos && section.data.starts_with("ZLIB");
}

Expected<Plain> inflate(std::string_view packed, std::uint64_t size, std::size_t header) {
  if (size > kMostBytes) return fail("a compressed section is implausibly large");
  Plain plain{.bytes = std::string(size, '\0'), .header = header};
  uLongf length = size;
  packed.remove_prefix(header);
  const int result = ::uncompress(reinterpret_cast<Bytef*>(plain.bytes.data()), &length,
                                  reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (result != Z_OK || length != size) return fail("a compressed section is damaged");
  return plain;
}

}  // namespace

Expected<Plain> decompress(const Format& format, const Section& section) {
  if (is_old(section)) {
    if (section.data.size() < kOldHeader) return fail("a compressed section is damaged");
    return inflate(section.data, kOldFormat.get(section.data, 4, 8), kOldHeader);
  }
  if ((section.flags & SHF_COMPRESSED) == 0) return Plain{.bytes = section.data};
  const std::size_t header = format.wide ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
  if (section.data.size() < header) return fail("a compressed section is damaged");
  if (format.get(section.data, 0, 4) != ELFCOMPRESS_ZLIB)
    return fail("the section " + section.name + " is compressed, and not with zlib");
  return inflate(section.data, format.get(section.data, format.wide ? 8 : 4, format.word()), header);
}

Status restore(const Format& format, const Plain& plain, Section& section) {
  if (plain.header == 0) {
    section.data = plain.bytes;
    return {};
  }
  std::string packed = section.data.substr(0, plain.header);
  if (is_old(section))
    kOldFormat.put(packed, 4, 8, plain.bytes.size());
  else
    format.put(packed, format.wide ? 8 : 4, format.word(), plain.bytes.size());
  uLongf length = ::compressBound(plain.bytes.size());
  packed.resize(plain.header + length);
  if (::compress(reinterpret_cast<Bytef*>(packed.data() + plain.header), &length,
                 reinterpret_cast<const Bytef*>(plain.bytes.data()), plain.bytes.size()) != Z_OK)
    return fail("cannot compress the section " + section.name);
  packed.resize(plain.header + length);
  // Assemblers leave alone what compression does not make smaller. The old way's name says that it is
  // compressed, so there it stays.
  if (packed.size() >= plain.bytes.size() && !is_old(section)) {
    section.alignment = format.get(section.data, format.wide ? 16 : 8, format.word());
    section.flags &= ~std::uint64_t{SHF_COMPRESSED};
    section.data = plain.bytes;
  } else {
    section.data = std::move(packed);
  }
  return {};
}

}  // namespace pump::launcher::object
