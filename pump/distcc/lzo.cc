#include "pump/distcc/lzo.h"

#include <lzo/lzo1x.h>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "pump/os/format.h"

namespace pump::distcc {

namespace {

constexpr std::size_t kMostKept = 1U << 20U;

Status initialise() {
  static const int initialised = lzo_init();
  if (initialised != LZO_E_OK) return fail("liblzo2 does not work on this machine (lzo_init)", ENOSYS);
  return {};
}

/// The first guess of the uncompressed size. Objects with debug information shrink to a quarter, those without and
/// messages to a half: most need one attempt, and the memory is not much more than the bytes.
std::size_t first_guess(std::size_t packed) {
  return std::max<std::size_t>(4096, 4 * packed);
}

}  // namespace

Expected<std::string> lzo_compress(std::string_view bytes) {
  PUMP_CHECK(initialise());
  // Tables of 128 KiB, kept per thread: to allocate and clear them costs more than to compress most headers.
  thread_local const std::unique_ptr<unsigned char[]> work(new unsigned char[LZO1X_1_MEM_COMPRESS]);
  thread_local std::vector<unsigned char> out;  // kept, too, and not cleared
  const std::size_t worst = lzo_most_compressed(bytes.size());
  if (out.size() < worst) out.resize(worst);
  lzo_uint length = 0;
  const int result = lzo1x_1_compress(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                                      out.data(), &length, work.get());
  if (result != LZO_E_OK) return fail(os::format("lzo1x_1_compress failed ({})", result), EIO);
  std::string compressed(reinterpret_cast<const char*>(out.data()), length);
  if (out.size() > kMostKept) out = {};
  return compressed;
}

Expected<std::string> lzo_decompress(std::string_view packed, std::size_t most) try {
  PUMP_CHECK(initialise());
  for (std::size_t size = std::min(first_guess(packed.size()), most);; size = std::min(2 * size, most)) {
    std::string bytes(size, '\0');
    lzo_uint length = size;
    const int result =
        lzo1x_decompress_safe(reinterpret_cast<const unsigned char*>(packed.data()), packed.size(),
                              reinterpret_cast<unsigned char*>(bytes.data()), &length, nullptr);
    if (result == LZO_E_OK) {
      bytes.resize(length);
      return bytes;
    }
    if (result != LZO_E_OUTPUT_OVERRUN) return fail(os::format("damaged LZO data ({})", result), EIO);
    if (size == most) return fail(os::format("LZO data of more than {} bytes", most), EFBIG);
  }
} catch (const std::bad_alloc&) {
  return fail("not enough memory to decompress", ENOMEM);
}

}  // namespace pump::distcc
