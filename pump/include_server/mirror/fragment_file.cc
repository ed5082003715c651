#include "pump/include_server/mirror/fragment_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <limits>

namespace pump::include_server {
namespace {

constexpr unsigned kNoExecSeal = 8;  // MFD_NOEXEC_SEAL, since Linux 6.3

int make_memfd() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  // With vm.memfd_noexec=2 the kernel refuses files without this flag; an older one does not know it.
  const int fd = ::memfd_create("pump-fragments", kFlags | kNoExecSeal);
  return fd >= 0 || errno != EINVAL ? fd : ::memfd_create("pump-fragments", kFlags);
}

}  // namespace

Expected<std::unique_ptr<FragmentFile>> FragmentFile::create() {
  os::UniqueFd fd(make_memfd());
  if (!fd || ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK) != 0)
    return fail_errno("cannot make a file in memory");
  return std::unique_ptr<FragmentFile>(new FragmentFile(std::move(fd)));
}

Expected<distcc::Extent> FragmentFile::append(std::string_view header, std::string_view content) {
  const std::uint64_t start = size();
  const std::uint64_t end = start + header.size() + content.size();
  if (end > std::numeric_limits<std::uint32_t>::max()) return fail("the fragments are full", EFBIG);
  for (std::uint64_t at = start; at < end;) {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    for (const std::string_view part : {header, content})
      if (!part.empty()) parts[count++] = {const_cast<char*>(part.data()), part.size()};
    const ssize_t put = ::pwritev(fd_.get(), parts.data(), static_cast<int>(count), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail_errno("cannot write fragments", put == 0 ? ENOSPC : errno);
    const auto size = static_cast<std::size_t>(put);
    const std::size_t of_header = std::min(size, header.size());
    header.remove_prefix(of_header);
    content.remove_prefix(size - of_header);
    at += size;
  }
  size_.store(end, std::memory_order_relaxed);
  return distcc::Extent{static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start)};
}

}  // namespace pump::include_server
