#include "launcher/object/line_table.h"

#include <algorithm>
#include <optional>

namespace pump::launcher::object {
namespace {

constexpr std::uint64_t kWide = 0xffffffff;  // as unit length: 64-bit DWARF

/// The offsets of one unit's numbers and names in the section.
struct Unit {
  std::size_t begin = 0, end = 0;
  std::size_t offset_size = 4;
  std::uint64_t version = 0;
  std::size_t unit_length = 0;    ///< position of the number
  std::size_t header_length = 0;  ///< position of the number
  struct Text {
    std::size_t begin = 0, size = 0;  ///< without NUL
  };
  std::vector<Text> names;
  bool lists_sums = false;
};

/// Reads one unit. A step past its end makes ok() false.
class Cursor {
 public:
  Cursor(std::string_view bytes, std::size_t at, std::size_t end) : bytes_(bytes), at_(at), end_(end) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool ok() const { return ok_; }
  std::uint64_t number(const Format& format, std::size_t size) {
    if (!skip(size)) return 0;
    return format.get(bytes_, at_ - size, size);
  }
  bool skip(std::size_t size) {
    if (!ok_ || end_ - at_ < size) return ok_ = false;
    at_ += size;
    return true;
  }
  /// An unsigned LEB128 number; only its low 56 bits.
  std::uint64_t leb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; skip(1); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_ - 1]);
      if (shift < 56) value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }
  std::optional<Unit::Text> text() {
    const std::size_t end = ok_ ? bytes_.find('\0', at_) : std::string::npos;
    if (end == std::string::npos || end >= end_) {
      ok_ = false;
      return {};
    }
    const Unit::Text found{at_, end - at_};
    at_ = end + 1;
    return found;
  }

 private:
  std::string_view bytes_;
  std::size_t at_;
  std::size_t end_;
  bool ok_ = true;
};

void read_names(Cursor& cursor, Unit& unit) {
  for (const bool files : {false, true}) {
    while (const auto name = cursor.text()) {
      if (name->size == 0) break;
      unit.names.push_back(*name);
      if (!files) continue;
      for (int i = 0; i < 3; ++i) cursor.leb();  // directory, time, length
    }
  }
}

/// Skips a value of this form (DWARF 5, 7.5.6). False: not a form for directories.
bool skip_value(Cursor& cursor, std::uint64_t form, std::size_t offset_size) {
  switch (form) {
    case 0x08:  // DW_FORM_string
      return cursor.text().has_value();
    case 0x0e:  // DW_FORM_strp
    case 0x1f:  // DW_FORM_line_strp
      return cursor.skip(offset_size);
    case 0x0b:  // DW_FORM_data1
      return cursor.skip(1);
    case 0x05:  // DW_FORM_data2
      return cursor.skip(2);
    case 0x0f:  // DW_FORM_udata
      cursor.leb();
      return cursor.ok();
    case 0x09: {  // DW_FORM_block
      const std::uint64_t size = cursor.leb();
      return cursor.skip(size);
    }
    default:
      return false;
  }
}

/// The cursor is behind the operand counts of a header of version 5.
Expected<bool> reads_sums(const Format& format, Cursor& cursor, std::size_t offset_size) {
  constexpr std::uint64_t kMd5 = 5;  // DW_LNCT_MD5
  std::vector<std::uint64_t> forms(cursor.number(format, 1));
  for (std::uint64_t& form : forms) {
    cursor.leb();  // what it is
    form = cursor.leb();
  }
  const std::uint64_t directories = cursor.leb();
  for (std::uint64_t i = 0; i < directories && cursor.ok() && !forms.empty(); ++i)
    for (const std::uint64_t form : forms)
      if (!skip_value(cursor, form, offset_size)) return fail(".debug_line is of an unknown form");
  bool found = false;
  for (std::uint64_t columns = cursor.number(format, 1); columns > 0 && cursor.ok(); --columns) {
    const std::uint64_t content = cursor.leb();
    cursor.leb();  // its form
    found = found || content == kMd5;
  }
  return found;
}

Expected<Unit> read_unit(const Format& format, std::string_view bytes, std::size_t begin) {
  Unit unit;
  unit.begin = begin;
  Cursor start(bytes, begin, bytes.size());
  std::uint64_t length = start.number(format, 4);
  unit.unit_length = begin;
  if (length == kWide) {
    unit.offset_size = 8;
    unit.unit_length = start.at();
    length = start.number(format, 8);
  }
  if (!start.ok() || length > bytes.size() - start.at()) return fail(".debug_line is damaged");
  unit.end = start.at() + length;
  Cursor cursor(bytes, start.at(), unit.end);
  unit.version = cursor.number(format, 2);
  if (unit.version < 2 || unit.version > 5) return fail(".debug_line is of an unknown version");
  if (unit.version == 5) cursor.skip(2);  // sizes of addresses and segments
  unit.header_length = cursor.at();
  cursor.skip(unit.offset_size);
  cursor.skip(unit.version >= 4 ? 5 : 4);  // minimum length to line range
  const std::uint64_t opcodes = cursor.number(format, 1);
  if (opcodes == 0) return fail(".debug_line is damaged");
  cursor.skip(opcodes - 1);
  if (unit.version == 5) {
    PUMP_TRY(unit.lists_sums, reads_sums(format, cursor, unit.offset_size));
  } else {
    read_names(cursor, unit);
  }
  if (!cursor.ok()) return fail(".debug_line is damaged");
  return unit;
}

Expected<std::vector<Unit>> read_units(const Format& format, std::string_view bytes) {
  std::vector<Unit> units;
  for (std::size_t at = 0; at < bytes.size(); at = units.back().end) {
    PUMP_TRY(Unit unit, read_unit(format, bytes, at));
    units.push_back(std::move(unit));
  }
  return units;
}

/// Writes the new section piece by piece, and its offset map.
class Writer {
 public:
  explicit Writer(std::string_view old) : old_(old) {}
  void copy_until(std::size_t end) {
    if (end > at_) replace_until(end, old_.substr(at_, end - at_), end - at_);
  }
  void replace_until(std::size_t end, std::string_view text, std::size_t tail) {
    result_.map.add({at_, end - at_, result_.bytes.size(), text.size(), tail});
    result_.bytes += text;
    at_ = end;
  }
  RewrittenSection& result() { return result_; }

 private:
  std::string_view old_;
  std::size_t at_ = 0;
  RewrittenSection result_;
};

Status write_unit(const Format& format, std::string_view bytes, const Unit& unit,
                  const ServerDirectory& server, Writer& writer) {
  const std::size_t new_begin = writer.result().bytes.size();
  for (const Unit::Text& name : unit.names) {
    PUMP_TRY(const std::optional<std::string> renamed, server.rename(bytes.substr(name.begin, name.size)));
    if (!renamed) continue;
    writer.copy_until(name.begin);
    writer.replace_until(name.begin + name.size, *renamed, 0);
    writer.result().changed = true;
  }
  writer.copy_until(unit.end);
  // Unsigned arithmetic wraps, so a negative difference works, too.
  std::string& out = writer.result().bytes;
  const std::uint64_t growth = out.size() - new_begin - (unit.end - unit.begin);
  if (growth == 0) return {};
  for (const std::size_t number : {unit.unit_length, unit.header_length}) {
    const std::size_t at = number - unit.begin + new_begin;
    format.put(out, at, unit.offset_size, format.get(out, at, unit.offset_size) + growth);
  }
  return {};
}

}  // namespace

Status learn_from_line_tables(const Format& format, std::string_view bytes, ServerDirectory& server) {
  PUMP_TRY(const std::vector<Unit> units, read_units(format, bytes));
  for (const Unit& unit : units)
    for (const Unit::Text& name : unit.names) PUMP_CHECK(server.learn(bytes.substr(name.begin, name.size)));
  return {};
}

Expected<RewrittenSection> rewrite_line_tables(const Format& format, std::string_view bytes,
                                               const ServerDirectory& server) {
  PUMP_TRY(const std::vector<Unit> units, read_units(format, bytes));
  Writer writer(bytes);
  for (const Unit& unit : units) PUMP_CHECK(write_unit(format, bytes, unit, server, writer));
  return std::move(writer.result());
}

Expected<bool> lists_sums(const Format& format, std::string_view bytes) {
  PUMP_TRY(const std::vector<Unit> units, read_units(format, bytes));
  return std::any_of(units.begin(), units.end(), [](const Unit& unit) { return unit.lists_sums; });
}

}  // namespace pump::launcher::object
