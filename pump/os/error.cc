#include "pump/os/error.h"

#include <cstring>

namespace pump {

tl::unexpected<Error> fail_errno(const std::string& message, int code) {
  return fail(message + ": " + std::strerror(code),
              code);  // NOLINT(concurrency-mt-unsafe): glibc's is per thread
}

}  // namespace pump
