#include "launcher/object/repeated_directory.h"

#include <algorithm>

namespace pump::launcher::object {
namespace {

/// Numbers of directories and files that fit into one byte of LEB128.
constexpr std::size_t kMost = 0x80;

struct File {
  std::size_t directory_at = 0;  ///< offset of the byte with the directory's number
  std::size_t directory = 0;
};

/// The header of the only unit of a section, as GNU as writes it.
struct Header {
  std::size_t offset_size = 4;
  std::size_t unit_length = 0, header_length = 0, directory_count = 0;  ///< offsets of the numbers
  std::vector<std::size_t> directories;  ///< offsets of the entries, which are relocated
  std::vector<File> files;
};

/// Reads numbers one after the other. After a fault all are 0.
class Numbers {
 public:
  Numbers(const Format& format, std::string_view bytes) : format_(format), bytes_(bytes) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool ok() const { return ok_; }
  std::uint64_t next(std::size_t size) {
    if (!ok_ || size > bytes_.size() - at_) {
      ok_ = false;
      return 0;
    }
    at_ += size;
    return format_.get(bytes_, at_ - size, size);
  }
  /// A LEB128 number that fits into one byte.
  std::size_t small() {
    const std::uint64_t number = next(1);
    if (number >= kMost) ok_ = false;
    return ok_ ? number : 0;
  }
  void expect(std::uint64_t wanted, std::size_t size) {
    if (next(size) != wanted) ok_ = false;
  }

 private:
  const Format& format_;
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// Nothing if the section is of another form or version.
std::optional<Header> read_header(const Format& format, std::string_view bytes) {
  constexpr std::uint64_t kWide = 0xffffffff, kPath = 1, kDirectory = 2, kLineStrp = 0x1f, kUdata = 0x0f;
  Header header;
  Numbers numbers(format, bytes);
  std::uint64_t length = numbers.next(4);
  if (length == kWide) {
    header.offset_size = 8;
    header.unit_length = numbers.at();
    length = numbers.next(8);
  }
  if (!numbers.ok() || length != bytes.size() - numbers.at()) return {};
  numbers.expect(5, 2);  // version
  numbers.next(2);       // sizes of addresses and segments
  header.header_length = numbers.at();
  numbers.next(header.offset_size);
  for (int i = 0; i < 5; ++i) numbers.next(1);  // minimum length to line range
  const std::uint64_t opcodes = numbers.next(1);
  for (std::uint64_t i = 1; i < opcodes; ++i) numbers.next(1);
  for (const std::uint64_t number : {std::uint64_t{1}, kPath, kLineStrp}) numbers.expect(number, 1);
  header.directory_count = numbers.at();
  for (std::size_t left = numbers.small(); left > 0; --left) {
    header.directories.push_back(numbers.at());
    numbers.next(header.offset_size);
  }
  for (const std::uint64_t number : {std::uint64_t{2}, kPath, kLineStrp, kDirectory, kUdata})
    numbers.expect(number, 1);
  for (std::size_t left = numbers.small(); left > 0; --left) {
    numbers.next(header.offset_size);
    const std::size_t at = numbers.at();
    header.files.push_back({at, numbers.small()});
  }
  if (!numbers.ok() || header.directories.empty() || header.files.empty()) return {};
  return header;
}

std::optional<std::string_view> string_at(std::string_view strings, std::uint64_t offset) {
  const std::size_t end = offset < strings.size() ? strings.find('\0', offset) : std::string_view::npos;
  if (end == std::string_view::npos) return {};
  return strings.substr(offset, end - offset);
}

/// The section without [begin, begin + size).
std::string without(std::string_view bytes, std::size_t begin, std::size_t size, OffsetMap& map) {
  const std::size_t rest = bytes.size() - begin - size;
  if (begin > 0) map.add({0, begin, 0, begin, begin});
  map.add({begin, size, begin, 0, 0});
  if (rest > 0) map.add({begin + size, rest, begin, rest, rest});
  return std::string(bytes.substr(0, begin)).append(bytes.substr(begin + size));
}

void subtract(const Format& format, std::string& bytes, std::size_t at, std::size_t size,
              std::uint64_t number) {
  format.put(bytes, at, size, format.get(bytes, at, size) - number);
}

}  // namespace

Expected<std::optional<MergedDirectory>> merge_repeated_directory(const Elf& elf, const SectionBytes& lines,
                                                                  const SectionBytes& strings,
                                                                  const ServerDirectory& server) {
  using Nothing = std::optional<MergedDirectory>;
  const auto header = read_header(elf.format(), lines.bytes);
  if (!header) return Nothing();
  const std::vector<Reference> references = relocations(elf, lines.index, strings.index);
  const auto reference_at = [&](std::size_t offset) {
    return std::find_if(references.begin(), references.end(),
                        [offset](const Reference& reference) { return reference.offset == offset; });
  };
  const auto name_of = [&](std::size_t directory) -> std::optional<std::string_view> {
    const auto found = reference_at(header->directories[directory]);
    return found == references.end() ? std::nullopt : string_at(strings.bytes, found->target);
  };
  const auto first = name_of(0);
  if (!first) return Nothing();
  PUMP_TRY(const std::optional<std::string> here, server.rename(*first));
  if (!here) return Nothing();
  std::size_t repeated = 1;
  while (repeated < header->directories.size() && name_of(repeated) != *here) ++repeated;
  if (repeated == header->directories.size()) return Nothing();

  MergedDirectory merged;
  const bool kept = header->files.front().directory == repeated;
  std::string bytes(lines.bytes);
  for (std::size_t i = 1; i < header->files.size(); ++i) {
    const File& file = header->files[i];
    std::size_t directory = file.directory == repeated ? 0 : file.directory;
    if (!kept && directory > repeated) --directory;
    bytes[file.directory_at] = static_cast<char>(directory);
  }
  if (kept) {
    merged.lines_map.add({0, bytes.size(), 0, bytes.size(), bytes.size()});
    merged.lines = std::move(bytes);
    merged.strings_map.add({0, strings.bytes.size(), 0, strings.bytes.size(), strings.bytes.size()});
    merged.strings = strings.bytes;
    return Nothing(std::move(merged));
  }
  const File& source = header->files.front();
  if (source.directory > repeated) bytes[source.directory_at] = static_cast<char>(source.directory - 1);
  const auto removed = reference_at(header->directories[repeated]);
  const auto uses = std::count_if(references.begin(), references.end(), [&](const Reference& reference) {
    return reference.target == removed->target;
  });
  if (uses != 1) return fail("a directory's name in the line table has several uses");
  merged.removed = *removed;
  subtract(elf.format(), bytes, header->directory_count, 1, 1);
  subtract(elf.format(), bytes, header->header_length, header->offset_size, header->offset_size);
  subtract(elf.format(), bytes, header->unit_length, header->offset_size, header->offset_size);
  merged.lines = without(bytes, removed->offset, header->offset_size, merged.lines_map);
  merged.strings = without(strings.bytes, removed->target, here->size() + 1, merged.strings_map);
  return Nothing(std::move(merged));
}

}  // namespace pump::launcher::object
