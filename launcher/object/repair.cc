#include "launcher/object/repair.h"

#include <elf.h>
#include <sys/stat.h>

#include <cstdlib>
#include <map>

#include "launcher/object/compressed.h"
#include "launcher/object/line_table.h"
#include "launcher/object/offset_map.h"
#include "launcher/object/string_table.h"
#include "pump/os/file_io.h"

namespace pump::launcher::object {
namespace {

enum class Kind { Other, Strings, LineStrings, Lines, Info };

/// By the name's end: ".debug_str", ".zdebug_str" and link-time optimisation's ".gnu.debuglto_.debug_str".
Kind kind_of(std::string_view name) {
  if (name.ends_with("debug_line_str")) return Kind::LineStrings;
  if (name.ends_with("debug_str")) return Kind::Strings;
  if (name.ends_with("debug_line")) return Kind::Lines;
  if (name.ends_with("debug_info")) return Kind::Info;
  return Kind::Other;
}

bool is_debug(std::string_view name) {
  return name.find(".debug_") != std::string_view::npos || name.find(".zdebug_") != std::string_view::npos;
}

/// What an object without the server's names does not contain; compressed sections are another matter.
bool may_name_server(std::string_view bytes) {
  constexpr std::string_view kOverwritten = "///////////////";  // as many as "/distccd_XXXXXX" has
  return bytes.find(kOverwritten) != std::string_view::npos ||
         ServerDirectory::find_any(bytes) != std::string_view::npos;
}

class Repairer {
 public:
  Repairer(Elf elf, const ClientDirectory& client) : elf_(std::move(elf)), server_(client) {}

  /// True where there is something to repair. Error: a section that cannot be read.
  Expected<bool> look();
  /// True where something changed. Error: it cannot be repaired.
  Expected<bool> rewrite();
  [[nodiscard]] std::string write() const { return elf_.write(); }

 private:
  Status learn();
  [[nodiscard]] StringOrder order_of(Kind kind) const;
  [[nodiscard]] std::vector<std::uint64_t> references_from_info(std::size_t index) const;
  [[nodiscard]] Status check_all() const;

  Elf elf_;
  ServerDirectory server_;
  std::map<std::size_t, Plain> debug_;  ///< uncompressed, by section
  bool by_gcc_ = false;
};

Expected<bool> Repairer::look() {
  bool suspicious = false;
  for (std::size_t i = 0; i < elf_.sections().size(); ++i) {
    const Section& section = elf_.sections()[i];
    if (section.name == ".comment" && section.data.find("GCC: ") != std::string::npos) by_gcc_ = true;
    const bool debug = is_debug(section.name) && section.type != SHT_RELA && section.type != SHT_REL;
    if (!debug) {
      suspicious = suspicious || may_name_server(section.data);
      continue;
    }
    PUMP_TRY(Plain plain, decompress(elf_.format(), section));
    suspicious = suspicious || may_name_server(plain.bytes);
    debug_.emplace(i, std::move(plain));
  }
  if (!suspicious) return false;
  PUMP_CHECK(learn());
  return true;
}

Status Repairer::learn() {
  for (const auto& [index, plain] : debug_) {
    const Kind kind = kind_of(elf_.sections()[index].name);
    if (kind == Kind::Lines) PUMP_CHECK(learn_from_line_tables(elf_.format(), plain.bytes, server_));
    if (kind != Kind::Strings && kind != Kind::LineStrings) continue;
    std::string_view rest = plain.bytes;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find('\0'));
      PUMP_CHECK(server_.learn(name));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    }
  }
  return {};
}

StringOrder Repairer::order_of(Kind kind) const {
  if (!by_gcc_) return StringOrder::Kept;
  return kind == Kind::LineStrings ? StringOrder::GccTable : StringOrder::Sorted;
}

std::vector<std::uint64_t> Repairer::references_from_info(std::size_t index) const {
  for (const auto& [from, plain] : debug_)
    if (kind_of(elf_.sections()[from].name) == Kind::Info) return references(elf_, from, index);
  return {};
}

Expected<bool> Repairer::rewrite() {
  Moves moves;
  std::map<std::size_t, std::string> rewritten;
  for (const auto& [index, plain] : debug_) {
    const Kind kind = kind_of(elf_.sections()[index].name);
    RewrittenSection section;
    if (kind == Kind::Lines) {
      PUMP_TRY(section, rewrite_line_tables(elf_.format(), plain.bytes, server_));
    } else if (kind == Kind::Strings || kind == Kind::LineStrings) {
      PUMP_TRY(section,
               rewrite_strings(plain.bytes, server_, order_of(kind), references_from_info(index)));
    }
    if (!section.changed) continue;
    moves.emplace(index, std::move(section.map));
    rewritten.emplace(index, std::move(section.bytes));
  }
  Contents contents;
  for (auto& [index, plain] : debug_) contents.emplace(index, &plain.bytes);
  const std::map<std::size_t, Plain> before = debug_;
  PUMP_CHECK(follow_moves(elf_, moves, contents));
  for (auto& [index, bytes] : rewritten) debug_[index].bytes = std::move(bytes);
  for (const auto& [index, plain] : debug_)
    if (plain.bytes != before.at(index).bytes)
      PUMP_CHECK(restore(elf_.format(), plain, elf_.sections()[index]));
  PUMP_CHECK(check_all());
  return !moves.empty();
}

/// Nothing of the server's may be left, in whatever section.
Status Repairer::check_all() const {
  for (std::size_t i = 0; i < elf_.sections().size(); ++i) {
    const auto plain = debug_.find(i);
    const std::string& bytes = plain != debug_.end() ? plain->second.bytes : elf_.sections()[i].data;
    const bool left = ServerDirectory::find_any(bytes) != std::string::npos ||
                      (!server_.marker().empty() && bytes.find(server_.marker()) != std::string::npos);
    if (left) return fail("the server's directory is named in the section " + elf_.sections()[i].name);
  }
  return {};
}

}  // namespace

Expected<Repair> repair(std::string& object, const ClientDirectory& client) {
  PUMP_TRY(Elf elf, Elf::parse(object));
  Repairer repairer(std::move(elf), client);
  PUMP_TRY(const bool needed, repairer.look());
  if (!needed) return Repair::NotNeeded;
  PUMP_TRY(const bool changed, repairer.rewrite());
  if (!changed) return Repair::NotNeeded;
  object = repairer.write();
  return Repair::Done;
}

Expected<Repair> repair_file(const std::string& path, const ClientDirectory& client) {
  // A link stays one: what it points to is replaced.
  char* const resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return fail_errno("cannot find " + path);
  const std::string file(resolved);
  std::free(resolved);
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return fail(path + " is no regular file");
  PUMP_TRY(std::string object, os::read_file(file));
  PUMP_TRY(const Repair done, repair(object, client));
  if (done == Repair::Done) PUMP_CHECK(os::write_file_atomically(file, object, info.st_mode & 07777U));
  return done;
}

}  // namespace pump::launcher::object
