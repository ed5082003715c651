#include "launcher/object/compressed.h"

#include <elf.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <optional>

namespace pump::launcher::object {
namespace {

constexpr std::size_t kZdebugHeader = 12;  // "ZLIB" and the size in 8 bytes, big-endian
constexpr Format kZdebugFormat{.wide = true, .little = false};
constexpr std::uint32_t kZstandard = 2;  // ELFCOMPRESS_ZSTD, which older <elf.h> do not have

bool is_zdebug(const Section& section) {
  return section.name.find(".zdebug_") != std::string_view::npos && section.data.starts_with("ZLIB");
}

std::size_t header_size(const Format& format, const Section& section) {
  return is_zdebug(section) ? kZdebugHeader : format.wide ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
}

enum class Method { Zlib, Zstandard };

Expected<Method> method_of(const Format& format, const Section& section) {
  if (is_zdebug(section)) return Method::Zlib;
  const std::uint64_t type = format.get(section.data, 0, 4);
  if (type == ELFCOMPRESS_ZLIB) return Method::Zlib;
  if (type == kZstandard) return Method::Zstandard;
  return fail("the section " + std::string(section.name) + " is compressed, and not with zlib or zstd");
}

std::uint64_t uncompressed_alignment(const Format& format, const Section& section) {
  return format.get(section.data, format.wide ? 16 : 8, format.word());
}

/// Fills `bytes`. False: the data is damaged or of another size.
bool unpack(Method method, std::string_view packed, std::string& bytes) {
  if (method == Method::Zstandard)
    return ::ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size()) == bytes.size();
  uLongf length = bytes.size();
  return ::uncompress(reinterpret_cast<Bytef*>(bytes.data()), &length,
                      reinterpret_cast<const Bytef*>(packed.data()), packed.size()) == Z_OK &&
         length == bytes.size();
}

std::optional<std::string> pack_with_zlib(std::string_view bytes) {
  uLongf length = ::compressBound(bytes.size());
  std::string packed(length, '\0');
  if (::compress(reinterpret_cast<Bytef*>(packed.data()), &length,
                 reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != Z_OK)
    return {};
  packed.resize(length);
  return packed;
}

/// Compresses as a stream, without the size in the frame, at level 3 (gas/compress-debug.c).
std::optional<std::string> pack_like_gas(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&::ZSTD_freeCCtx)> context(::ZSTD_createCCtx(), ::ZSTD_freeCCtx);
  std::string packed(::ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  if (!context) return {};
  while (in.pos < in.size)
    if (::ZSTD_isError(::ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_continue)) != 0) return {};
  if (::ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end) != 0) return {};
  packed.resize(out.pos);
  return packed;
}

/// Compresses in one call, with the size in the frame, at level 5 (llvm/lib/Support/Compression.cpp).
std::optional<std::string> pack_like_clang(std::string_view bytes) {
  constexpr int kLevel = 5;
  std::string packed(::ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t length =
      ::ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel);
  if (::ZSTD_isError(length) != 0) return {};
  packed.resize(length);
  return packed;
}

/// Compresses like the assembler that made `as_before`. For Zstandard, only clang writes the size into the
/// frame.
std::optional<std::string> pack(Method method, std::string_view bytes, std::string_view as_before) {
  if (method == Method::Zlib) return pack_with_zlib(bytes);
  const bool size_known =
      ::ZSTD_getFrameContentSize(as_before.data(), as_before.size()) != ZSTD_CONTENTSIZE_UNKNOWN;
  return size_known ? pack_like_clang(bytes) : pack_like_gas(bytes);
}

}  // namespace

bool is_compressed(const Section& section) {
  return is_zdebug(section) || (section.flags & SHF_COMPRESSED) != 0;
}

Expected<std::string> decompress(const Format& format, const Section& section, std::uint64_t most) {
  const std::size_t header = header_size(format, section);
  if (section.data.size() < header) return fail("a compressed section is damaged");
  PUMP_TRY(const Method method, method_of(format, section));
  const std::uint64_t size = is_zdebug(section)
                                 ? kZdebugFormat.get(section.data, 4, 8)
                                 : format.get(section.data, format.wide ? 8 : 4, format.word());
  if (size > most) return fail("a compressed section is implausibly large");
  // It becomes the section's alignment if recompress() leaves the section uncompressed.
  if (!is_zdebug(section) && uncompressed_alignment(format, section) > kMaxAlignment)
    return fail("a section's alignment is implausible");
  std::string bytes(size, '\0');
  if (!unpack(method, section.data.substr(header), bytes)) return fail("a compressed section is damaged");
  return bytes;
}

Expected<std::string> recompress(const Format& format, std::string_view bytes, Section& section) {
  const std::size_t header = header_size(format, section);
  PUMP_TRY(const Method method, method_of(format, section));
  const std::optional<std::string> fresh = pack(method, bytes, section.data.substr(header));
  if (!fresh) return fail("cannot compress the section " + std::string(section.name));
  std::string packed(section.data.substr(0, header));
  if (is_zdebug(section))
    kZdebugFormat.put(packed, 4, 8, bytes.size());
  else
    format.put(packed, format.wide ? 8 : 4, format.word(), bytes.size());
  packed += *fresh;
  // Assemblers do not compress if that makes a section larger. A section called .zdebug_… must be compressed.
  if (packed.size() < bytes.size() || is_zdebug(section)) return packed;
  section.alignment = uncompressed_alignment(format, section);
  section.flags &= ~std::uint64_t{SHF_COMPRESSED};
  return std::string(bytes);
}

}  // namespace pump::launcher::object
