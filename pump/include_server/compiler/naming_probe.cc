#include "pump/include_server/compiler/naming_probe.h"

#include <array>

#include "pump/os/format.h"

namespace pump::include_server {
namespace {

constexpr std::array<LayoutFile, 10> kNamingLayout = {{
    {"real.h", R"probe(#ifndef pump_second
#define pump_second
pump_entered __FILE__
#if __has_include("../c/x.h")
#endif
pump_met __FILE__
#include "beside.h"
#else
pump_again __FILE__
#include "beside.h"
#endif
)probe"},
    {"a/x.h", {}, "../real.h"},
    {"b/x.h", {}, "../real.h"},
    {"c/x.h", {}, "../real.h"},
    {"a/beside.h", "pump_beside __FILE__\n"},
    {"b/beside.h", "pump_beside __FILE__\n"},
    {"c/beside.h", "pump_beside __FILE__\n"},
    {"d/other.h", "\n"},
    {"d/y.h", "#include \"z.h\"\n"},
    {"d/z.h", "pump_named __FILE__\n"},
}};

}  // namespace

std::span<const LayoutFile> naming_layout() {
  return kNamingLayout;
}

// The file is looked up as c/x.h, then included as a/x.h and b/x.h. The directory d is first looked up as
// "./d", then its file is included as d/y.h.
std::string naming_text(const std::string& layout) {
  return os::format(R"probe(#ifdef __clang__
#if __has_include("{0}/c/x.h")
#endif
#include "{0}/a/x.h"
#include "{0}/b/x.h"
#if __has_include("{0}/./d/other.h")
#endif
#include "{0}/d/y.h"
#endif
)probe",
                    layout);
}

void NamingAnswers::read(std::string_view line) {
  const auto name = [&](std::string_view part) {
    const std::size_t at = line.rfind(part);
    return std::string(at == std::string_view::npos ? "?" : line.substr(at, line.rfind('"') - at));
  };
  const std::string two_parts = [&] {
    const std::size_t last = line.rfind('/');
    const std::size_t before = last == std::string_view::npos || last == 0 ? last : line.rfind('/', last - 1);
    return before == std::string_view::npos ? std::string("?") : name(line.substr(before));
  }();
  if (line.starts_with("pump_entered")) entered_ = two_parts;
  if (line.starts_with("pump_met")) met_ = two_parts;
  if (line.starts_with("pump_again")) again_ = two_parts;
  if (line.starts_with("pump_beside")) beside_.push_back(two_parts);
  if (line.starts_with("pump_named"))
    named_ = line.find("/./d/z.h") != std::string_view::npos ? "first" : two_parts;
}

void NamingAnswers::apply_to(Dialect& dialect) const {
  dialect.files = FileNaming::LastLookup;
  dialect.directories = DirectoryNaming::Unsure;
  if (entered_ != "/a/x.h") return;
  const auto beside = [&](std::string_view first, std::string_view second) {
    return beside_.size() == 2 && beside_[0] == first && beside_[1] == second;
  };
  const bool stays = met_ == "/a/x.h";
  if (stays && again_ == "/a/x.h") {
    dialect.files = FileNaming::First;
  } else if (stays && again_ == "/b/x.h") {
    dialect.files = FileNaming::EachInclude;
  } else if (met_ != "/c/x.h" || again_ != "/b/x.h") {
    return;
  }
  const bool each = dialect.files == FileNaming::EachInclude;
  if (named_ == "first" && !each && beside("/c/beside.h", "/c/beside.h"))
    dialect.directories = DirectoryNaming::First;
  if (named_ == "/d/z.h" && dialect.files != FileNaming::LastLookup &&
      beside("/a/beside.h", each ? "/b/beside.h" : "/a/beside.h"))
    dialect.directories = DirectoryNaming::OfFile;
}

}  // namespace pump::include_server
