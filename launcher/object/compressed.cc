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
  return section.name.find(".zdebug_") != std::string_view::npos && section.data.starts_with("ZLIB");
}

std::size_t header_size(const Format& format, const Section& section) {
  return is_old(section) ? kOldHeader : format.wide ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
}

}  // namespace

bool is_compressed(const Section& section) {
  return is_old(section) || (section.flags & SHF_COMPRESSED) != 0;
}

Expected<std::string> decompress(const Format& format, const Section& section) {
  const std::size_t header = header_size(format, section);
  if (section.data.size() < header) return fail("a compressed section is damaged");
  if (!is_old(section) && format.get(section.data, 0, 4) != ELFCOMPRESS_ZLIB)
    return fail("the section " + std::string(section.name) + " is compressed, and not with zlib");
  const std::uint64_t size = is_old(section) ? kOldFormat.get(section.data, 4, 8)
                                             : format.get(section.data, format.wide ? 8 : 4, format.word());
  if (size > kMostBytes) return fail("a compressed section is implausibly large");
  std::string bytes(size, '\0');
  uLongf length = size;
  const std::string_view packed = section.data.substr(header);
  const int result = ::uncompress(reinterpret_cast<Bytef*>(bytes.data()), &length,
                                  reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (result != Z_OK || length != size) return fail("a compressed section is damaged");
  return bytes;
}

Expected<std::string> recompress(const Format& format, std::string_view bytes, Section& section) {
  const std::size_t header = header_size(format, section);
  std::string packed(section.data.substr(0, header));
  if (is_old(section))
    kOldFormat.put(packed, 4, 8, bytes.size());
  else
    format.put(packed, format.wide ? 8 : 4, format.word(), bytes.size());
  uLongf length = ::compressBound(bytes.size());
  packed.resize(header + length);
  if (::compress(reinterpret_cast<Bytef*>(packed.data() + header), &length,
                 reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != Z_OK)
    return fail("cannot compress the section " + std::string(section.name));
  packed.resize(header + length);
  // Assemblers leave alone what compression does not make smaller. The old way's name says that it is
  // compressed, so there it stays.
  if (packed.size() < bytes.size() || is_old(section)) return packed;
  section.alignment = format.get(section.data, format.wide ? 16 : 8, format.word());
  section.flags &= ~std::uint64_t{SHF_COMPRESSED};
  return std::string(bytes);
}

}  // namespace pump::launcher::object
