#include "launcher/remote/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string_view>

#include "launcher/remote/send_buffer.h"
#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/lzo.h"
#include "pump/os/file_io.h"
#include "pump/os/unique_fd.h"

namespace pump::launcher {
namespace {

/// Almost all compressed sources are smaller: one read, and its short count tells that this is all.
constexpr std::size_t kUsual = 32U << 10U;

tl::unexpected<Failure> unreadable(const std::string& path, int code) {
  return fail_here(fail_errno("cannot read " + path, code).value().message);
}

/// read(2), repeated after EINTR. Local file systems give less than `size` bytes only at the end of a file.
Attempt<std::size_t> read_once(int fd, char* to, std::size_t size, const std::string& path) {
  ssize_t got = 0;
  do got = ::read(fd, to, size);
  while (got < 0 && errno == EINTR);
  if (got < 0) return unreadable(path, errno);
  return static_cast<std::size_t>(got);
}

Attempt<void> add_link(const std::string& path, std::string_view name, SendBuffer& out) {
  const Expected<std::string> target = os::read_link(path);
  if (!target) return fail_here(target.error().message);
  return out.copy(distcc::encode_link(name, *target));
}

/// The rest of a file that is longer than kUsual.
Attempt<void> add_rest(int fd, std::size_t size, const std::string& path, SendBuffer& out) {
  while (size > 0) {
    const std::size_t part = std::min(size, SendBuffer::kRoom);
    PUMP_TRY(char* const room, out.room(part));
    PUMP_TRY(const std::size_t got, read_once(fd, room, part, path));
    if (got == 0) return fail_here(path + " became shorter");
    out.commit(got);
    size -= got;
  }
  return {};
}

/// The length comes before the bytes, so the bytes are read to behind the place of the header.
Attempt<void> add_file(int fd, std::string_view name, const std::string& path, SendBuffer& out) {
  const std::size_t header_size = distcc::encode_file_header(name, 0).size();
  PUMP_TRY(char* const room, out.room(header_size + kUsual));
  PUMP_TRY(const std::size_t got, read_once(fd, room + header_size, kUsual, path));
  std::size_t size = got;
  if (got == kUsual) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return unreadable(path, errno);
    size = std::max(got, static_cast<std::size_t>(info.st_size));
    if (size > std::numeric_limits<std::uint32_t>::max()) return unreadable(path, EFBIG);
  }
  const std::string header = distcc::encode_file_header(name, size);
  std::copy(header.begin(), header.end(), room);
  out.commit(header_size + got);
  return add_rest(fd, size - got, path, out);
}

Attempt<void> add_path(const std::string& path, SendBuffer& out) {
  const auto name = distcc::name_on_server(path);
  if (!name || name->size() > SendBuffer::kRoom / 2) return fail_here("not a file of the mirror: " + path);
  if (name->ends_with(distcc::kDirectoryMarker)) return out.copy(distcc::encode_file_header(*name, 0));
  const os::UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file) return add_file(file.get(), *name, path, out);
  if (errno == ELOOP) return add_link(path, *name, out);
  return unreadable(path, errno);
}

}  // namespace

Attempt<void> MirrorFiles::add_to(SendBuffer& out) {
  for (const std::string& path : paths_) PUMP_CHECK(add_path(path, out));
  return {};
}

Attempt<void> MadeFile::add_to(SendBuffer& out) {
  const auto packed = distcc::lzo_compress(content_);
  if (!packed) return fail_here(packed.error().message);
  PUMP_CHECK(out.copy(distcc::encode_file_header(path_, packed->size())));
  return out.copy(*packed);
}

Attempt<void> SharedFragments::add_to(SendBuffer& out) {
  return out.send_file(file_.get(), extents_);
}

std::unique_ptr<FileSource> make_file_source(distcc::UnitFiles files) {
  if (files.fragment_file)
    return std::make_unique<SharedFragments>(files.names.size(), std::move(files.extents),
                                             std::move(files.fragment_file));
  return std::make_unique<MirrorFiles>(std::move(files.paths));
}

}  // namespace pump::launcher
