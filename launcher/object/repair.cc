#include "launcher/object/repair.h"

#include <elf.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <set>
#include <stdexcept>

#include "launcher/object/compressed.h"
#include "launcher/object/line_table.h"
#include "launcher/object/offset_map.h"
#include "launcher/object/repeated_directory.h"
#include "launcher/object/string_table.h"
#include "pump/os/file_io.h"

namespace pump::launcher::object {
namespace {

enum class Kind { Other, Strings, LineStrings, Lines, Info };

/// Looks at the end of the name: ".debug_str", ".zdebug_str", and ".gnu.debuglto_.debug_str" of link-time
/// optimisation.
Kind kind_of(std::string_view name) {
  if (name.ends_with("debug_line_str")) return Kind::LineStrings;
  if (name.ends_with("debug_str")) return Kind::Strings;
  if (name.ends_with("debug_line")) return Kind::Lines;
  if (name.ends_with("debug_info")) return Kind::Info;
  return Kind::Other;
}

/// The shortest text with which distccd overwrites its directory: as long as "/distccd_XXXXXX".
constexpr std::string_view kOverwritten = "///////////////";

/// The most bytes that the compressed sections of an object may have together. Debug information shrinks to a fifth; the
/// limit is for objects that are made to fill the memory.
std::uint64_t most_uncompressed(std::size_t object) {
  return (std::uint64_t{64} << 20U) + std::uint64_t{64} * object;
}

bool has_overwritten(std::string_view bytes) {
  return !bytes.empty() &&
         ::memmem(bytes.data(), bytes.size(), kOverwritten.data(), kOverwritten.size()) != nullptr;
}

/// True if the bytes may hold a name of the server's directory.
bool may_name_server(std::string_view bytes) {
  return has_overwritten(bytes) || ServerDirectory::find_any(bytes) != std::string_view::npos;
}

/// True if a string is the name of gcc, as in "GNU C++17 12.2.0 -g".
bool has_string_of_gcc(std::string_view strings) {
  constexpr std::string_view kInside("\0GNU C", 6);
  return strings.starts_with(kInside.substr(1)) || strings.find(kInside) != std::string_view::npos;
}

class Repairer {
 public:
  Repairer(Elf elf, const ClientDirectory& client) : elf_(std::move(elf)), server_(client) {}

  /// Error: the object has MD5 sums of files.
  Status check_sums(std::uint64_t uncompressed) const;
  /// True if there may be something to repair. `suspicious_file`: may_name_server() of the whole object.
  /// Error: a section cannot be read, or has too many bytes: compressed ones at most `uncompressed` together.
  Expected<bool> look(bool suspicious_file, std::uint64_t uncompressed);
  /// True if something changed. Error: the object cannot be repaired.
  Expected<bool> rewrite();
  [[nodiscard]] std::string write() const { return elf_.write(); }

 private:
  [[nodiscard]] bool is_debug(std::size_t index) const;
  [[nodiscard]] Kind kind(std::size_t index) const { return kind_of(elf_.sections()[index].name); }
  /// The uncompressed data.
  [[nodiscard]] std::string_view bytes(std::size_t index) const;
  std::string* writable(std::size_t index);
  Status learn();
  Expected<RewrittenSection> rewritten(std::size_t index) const;
  /// gcc: makes the working directory one entry of the line table (repeated_directory.h).
  Status merge_directories();
  /// None: there is no .debug_info. gcc leaves it out if a unit has neither functions nor variables.
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> references_from_info(std::size_t index) const;
  Status put_back();
  [[nodiscard]] Status check_all() const;

  Elf elf_;
  ServerDirectory server_;
  /// Uncompressed content of sections that are compressed, or that change.
  std::map<std::size_t, std::string> content_;
  std::set<std::size_t> changed_;
  std::vector<std::size_t> suspects_;  ///< debug sections that may name the server
  bool by_gcc_ = false;
};

bool Repairer::is_debug(std::size_t index) const {
  const Section& section = elf_.sections()[index];
  return section.type != SHT_RELA && section.type != SHT_REL &&
         (section.name.find(".debug_") != std::string_view::npos ||
          section.name.find(".zdebug_") != std::string_view::npos);
}

std::string_view Repairer::bytes(std::size_t index) const {
  const auto found = content_.find(index);
  return found != content_.end() ? std::string_view(found->second) : elf_.sections()[index].data;
}

std::string* Repairer::writable(std::size_t index) {
  if (index >= elf_.sections().size()) return nullptr;
  const auto [found, fresh] = content_.try_emplace(index);
  if (fresh) found->second = elf_.sections()[index].data;
  changed_.insert(index);
  return &found->second;
}

Expected<bool> Repairer::look(bool suspicious_file, std::uint64_t uncompressed) {
  // For most objects, without compressed sections, the search of the whole file is enough.
  bool suspicious = false;
  const auto& sections = elf_.sections();
  if (!suspicious_file && std::none_of(sections.begin(), sections.end(), is_compressed)) return false;
  PUMP_CHECK(elf_.check_layout());
  for (std::size_t i = 0; i < elf_.sections().size(); ++i) {
    const Section& section = elf_.sections()[i];
    if (section.name == ".comment" && section.data.find("GCC: ") != std::string_view::npos) by_gcc_ = true;
    if (is_debug(i) && is_compressed(section)) {
      PUMP_TRY(content_[i], decompress(elf_.format(), section, uncompressed));
      uncompressed -= content_[i].size();
      if (ServerDirectory::names_job_file(bytes(i)))
        return fail("the object records the command line", ENOTSUP);
    }
    // Without .comment (-fno-ident): DW_AT_producer.
    if (is_debug(i) && kind(i) == Kind::Strings && has_string_of_gcc(bytes(i))) by_gcc_ = true;
    if (!may_name_server(bytes(i))) continue;
    suspicious = true;
    if (is_debug(i)) suspects_.push_back(i);
  }
  if (!suspicious) return false;
  PUMP_CHECK(learn());
  return true;
}

Status Repairer::check_sums(std::uint64_t uncompressed) const {
  for (const Section& section : elf_.sections()) {
    if (kind_of(section.name) != Kind::Lines || section.type == SHT_RELA || section.type == SHT_REL) continue;
    std::string content;
    if (is_compressed(section)) {
      PUMP_TRY(content, decompress(elf_.format(), section, uncompressed));
    }
    PUMP_TRY(const bool sums,
             lists_sums(elf_.format(), content.empty() ? section.data : std::string_view(content)));
    if (sums) return fail("the object has MD5 sums of files that were edited for the host");
  }
  return {};
}

Status Repairer::learn() {
  for (const std::size_t index : suspects_) {
    if (kind(index) == Kind::Lines) PUMP_CHECK(learn_from_line_tables(elf_.format(), bytes(index), server_));
    if (kind(index) != Kind::Strings && kind(index) != Kind::LineStrings) continue;
    std::string_view rest = bytes(index);
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find('\0'));
      PUMP_CHECK(server_.learn(name));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    }
  }
  return {};
}

std::optional<std::vector<std::uint64_t>> Repairer::references_from_info(std::size_t index) const {
  std::optional<std::vector<std::uint64_t>> all;
  // Each type unit (-fdebug-types-section) has one, too, before that of the whole unit, whose names gcc adds first.
  for (std::size_t from = elf_.sections().size(); from-- > 0;) {
    if (!is_debug(from) || kind(from) != Kind::Info) continue;
    const std::vector<std::uint64_t> some = references(elf_, from, index);
    if (!all) all.emplace();
    all->insert(all->end(), some.begin(), some.end());
  }
  return all;
}

Expected<RewrittenSection> Repairer::rewritten(std::size_t index) const {
  switch (kind(index)) {
    case Kind::Lines:
      return rewrite_line_tables(elf_.format(), bytes(index), server_);
    case Kind::LineStrings:
      return rewrite_strings(bytes(index), server_, by_gcc_ ? StringOrder::GccTable : StringOrder::Kept,
                             by_gcc_ ? references_from_info(index) : std::nullopt);
    case Kind::Strings:
      return rewrite_strings(bytes(index), server_, by_gcc_ ? StringOrder::Sorted : StringOrder::Kept, {});
    default:
      return RewrittenSection{};
  }
}

Status Repairer::merge_directories() {
  const auto find = [this](Kind wanted) {
    std::size_t index = 0;
    while (index < elf_.sections().size() && !(is_debug(index) && kind(index) == wanted)) ++index;
    return index;
  };
  const std::size_t lines = find(Kind::Lines), strings = find(Kind::LineStrings);
  if (lines == elf_.sections().size() || strings == elf_.sections().size()) return {};
  PUMP_TRY(std::optional<MergedDirectory> merged,
           merge_repeated_directory(elf_, {lines, bytes(lines)}, {strings, bytes(strings)}, server_));
  if (!merged) return {};
  if (merged->removed) remove(elf_, *merged->removed);
  OffsetMaps maps;
  maps.emplace(lines, std::move(merged->lines_map));
  maps.emplace(strings, std::move(merged->strings_map));
  PUMP_CHECK(update_references(elf_, maps, [this](std::size_t index) { return writable(index); }));
  for (const auto& [index, content] :
       {std::pair(lines, &merged->lines), std::pair(strings, &merged->strings)}) {
    content_[index] = std::move(*content);
    changed_.insert(index);
  }
  return {};
}

Expected<bool> Repairer::rewrite() {
  if (by_gcc_) PUMP_CHECK(merge_directories());
  OffsetMaps maps;
  std::map<std::size_t, std::string> fresh;
  for (const std::size_t index : suspects_) {
    PUMP_TRY(RewrittenSection section, rewritten(index));
    if (!section.changed) continue;
    maps.emplace(index, std::move(section.map));
    fresh.emplace(index, std::move(section.bytes));
  }
  if (!maps.empty())
    PUMP_CHECK(update_references(elf_, maps, [this](std::size_t index) { return writable(index); }));
  for (auto& [index, bytes] : fresh) {
    content_[index] = std::move(bytes);
    changed_.insert(index);
  }
  PUMP_CHECK(check_all());
  PUMP_CHECK(put_back());
  return !maps.empty();
}

Status Repairer::put_back() {
  for (const std::size_t index : changed_) {
    Section& section = elf_.sections()[index];
    std::string content = content_[index];
    if (is_compressed(section)) {
      PUMP_TRY(content, recompress(elf_.format(), content_[index], section));
    }
    elf_.replace(index, std::move(content));
  }
  return {};
}

/// No section may still name the server's directory, or have distccd's slashes in the middle of a recorded
/// command line.
Status Repairer::check_all() const {
  for (std::size_t i = 0; i < elf_.sections().size(); ++i) {
    const bool overwritten =
        is_debug(i) && kind(i) != Kind::Other && kind(i) != Kind::Lines && has_overwritten(bytes(i));
    if (overwritten || ServerDirectory::find_any(bytes(i)) != std::string_view::npos)
      return fail("the server's directory is named in the section " + std::string(elf_.sections()[i].name));
  }
  return {};
}

Expected<Repair> repair_bytes(std::string& object, const ClientDirectory& client) {
  if (ServerDirectory::names_job_file(object)) return fail("the object records the command line", ENOTSUP);
  if (client.names_relatively && client.names_relatively(object))
    return fail("the object names a file as the server's command does");
  // Assembler text (-S) has no compressed parts.
  const bool text = !object.empty() && object.find('\0') == std::string::npos;
  if (text && !may_name_server(object)) return Repair::NotNeeded;
  PUMP_TRY(Elf elf, Elf::parse(object));
  Repairer repairer(std::move(elf), client);
  if (client.edited_files) PUMP_CHECK(repairer.check_sums(most_uncompressed(object.size())));
  PUMP_TRY(const bool needed, repairer.look(may_name_server(object), most_uncompressed(object.size())));
  if (!needed) return Repair::NotNeeded;
  PUMP_TRY(const bool changed, repairer.rewrite());
  if (!changed) return Repair::NotNeeded;
  object = repairer.write();
  return Repair::Done;
}

}  // namespace

// An object comes from a server that may be broken: whatever its sizes, the launcher does not end by an exception.
Expected<Repair> repair(std::string& object, const ClientDirectory& client) try {
  return repair_bytes(object, client);
} catch (const std::bad_alloc&) {
  return fail("there is not enough memory to repair the object", ENOMEM);
} catch (const std::length_error&) {
  return fail("there is not enough memory to repair the object", ENOMEM);
}

Expected<Repair> repair_file(const std::string& path, const ClientDirectory& client) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    return fail(path + " is not a regular file");
  PUMP_TRY(std::string object, os::read_file(path));
  PUMP_TRY(const Repair done, repair(object, client));
  if (done == Repair::Done) {
    // A link stays a link; the file that it points to is replaced.
    char* const resolved = ::realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return fail_errno("cannot find " + path);
    const std::string file(resolved);
    std::free(resolved);
    PUMP_CHECK(os::write_file_atomically(file, object, info.st_mode & 07777U));
  }
  return done;
}

}  // namespace pump::launcher::object
