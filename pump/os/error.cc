#include "pump/os/error.h"

#include <cstring>

namespace pump {

tl::unexpected<Error> fail_errno(const std::string& message, int code) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's buffer is per thread
  return fail(message + ": " + std::strerror(code), code);
}

}  // namespace pump
