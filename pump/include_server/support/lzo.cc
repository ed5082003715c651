#include "pump/include_server/support/lzo.h"

#include <lzo/lzo1x.h>

#include <memory>
#include <vector>

#include "pump/os/format.h"

namespace pump::include_server {

namespace {
constexpr std::size_t kMostKept = 1U << 20U;
}

Expected<std::string> lzo_compress(std::string_view bytes) {
  static const int initialised = lzo_init();
  if (initialised != LZO_E_OK) return fail("liblzo2 does not work on this machine (lzo_init)", ENOSYS);
  // Tables of 128 KiB, kept per thread: to allocate and clear them costs more than to compress most headers.
  thread_local const std::unique_ptr<unsigned char[]> work(new unsigned char[LZO1X_1_MEM_COMPRESS]);
  thread_local std::vector<unsigned char> out;                          // kept, too, and not cleared
  const std::size_t worst = bytes.size() + bytes.size() / 16 + 64 + 3;  // LZO.FAQ
  if (out.size() < worst) out.resize(worst);
  lzo_uint length = 0;
  const int result = lzo1x_1_compress(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                                      out.data(), &length, work.get());
  if (result != LZO_E_OK) return fail(os::format("lzo1x_1_compress failed ({})", result), EIO);
  std::string compressed(reinterpret_cast<const char*>(out.data()), length);
  if (out.size() > kMostKept) out = {};
  return compressed;
}

}  // namespace pump::include_server
