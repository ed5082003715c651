#include "pump/session/key.h"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "pump/os/file_io.h"
#include "pump/os/format.h"

namespace pump::session {
namespace {

constexpr std::size_t align4(std::size_t size) {
  return (size + 3U) & ~std::size_t{3};
}

/// The GNU build id among the notes in [begin, begin + size).
std::string_view find_build_id(const char* begin, std::size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, begin, sizeof note);
    const std::size_t name_at = sizeof note;
    const std::size_t content_at = name_at + align4(note.n_namesz);
    const std::size_t next = content_at + align4(note.n_descsz);
    if (next > size) break;
    if (note.n_type == NT_GNU_BUILD_ID &&
        std::string_view(begin + name_at, note.n_namesz) == std::string_view("GNU\0", 4))
      return {begin + content_at, note.n_descsz};
    begin += next;
    size -= next;
  }
  return {};
}

/// Callback of dl_iterate_phdr(3). The executable comes first; returning 1 ends the iteration there.
int read_executable_build_id(dl_phdr_info* info, std::size_t /*size*/, void* result) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(info->dlpi_addr +
                                                      segment.p_vaddr);  // NOLINT(performance-no-int-to-ptr)
    if (const std::string_view id = find_build_id(notes, segment.p_memsz); !id.empty()) {
      *static_cast<std::string*>(result) = id;
      break;
    }
  }
  return 1;
}

class Hasher {
 public:
  Hasher() { XXH3_64bits_reset(&state_); }
  void add(std::string_view part) {
    const std::uint64_t size = part.size();
    XXH3_64bits_update(&state_, &size, sizeof size);
    XXH3_64bits_update(&state_, part.data(), part.size());
  }
  [[nodiscard]] std::string hex() const { return os::format("{:016x}", XXH3_64bits_digest(&state_)); }

 private:
  XXH3_state_t state_;
};

}  // namespace

std::string build_identity() {
  std::string id;
  ::dl_iterate_phdr(read_executable_build_id, &id);
  if (!id.empty()) return id;
  struct stat info {};
  ::stat("/proc/self/exe", &info);
  return os::format("{} {} {} {}.{}", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                    info.st_mtim.tv_nsec);
}

std::string session_key(const Settings& settings, std::string_view salt) {
  Hasher hasher;
  hasher.add(std::to_string(::geteuid()));
  hasher.add(build_identity());
  hasher.add(settings.backend);
  hasher.add(std::to_string(settings.server_args.size()));
  for (const std::string& argument : settings.server_args) hasher.add(argument);
  hasher.add(settings.client_tmp);
  hasher.add(os::read_link("/proc/self/ns/mnt").value_or(std::string()));
  hasher.add(settings.name);
  hasher.add(salt);
  return hasher.hex();
}

}  // namespace pump::session
