#include "launcher/run/local_rule.h"

#include <algorithm>
#include <set>
#include <utility>

#include "pump/compilation/name_over_root.h"

namespace pump::launcher {
namespace {

/// Reads the names of a rule, quoted as the compiler wrote them.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  /// The next name; empty at the end of the rule.
  std::string_view next() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\n') {
      const bool quotes = text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n';
      at_ += quotes ? 2 : 1;
    }
    return text_.substr(begin, at_ - begin);
  }
  /// The text after the rule's lines.
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with(' ')) {
        ++at_;
      } else if (rest.starts_with("\\\n")) {
        at_ += 2;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The size of the name without the characters that quote others.
std::size_t unquoted_size(std::string_view name) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < name.size(); ++i, ++size) {
    const char next = i + 1 < name.size() ? name[i + 1] : '\0';
    if ((name[i] == '\\' && (next == ' ' || next == '#' || next == '\\')) || (name[i] == '$' && next == '$'))
      ++i;
  }
  return size;
}

/// Breaks lines as gcc does (libcpp/mkdeps.cc): at 72 columns, not counting the blank before a name.
class GccLines {
 public:
  explicit GccLines(std::size_t columns) : columns_(columns) {}
  void add(std::string_view name, std::string& out) {
    constexpr std::size_t kMost = 72;
    if (columns_ + name.size() > kMost) {
      out += " \\\n";
      columns_ = 0;
    }
    (out += ' ') += name;
    columns_ += 1 + name.size();
  }

 private:
  std::size_t columns_;
};

/// Breaks lines as clang does (lib/Frontend/DependencyFile.cpp): at 75 columns, counting the backslash but no
/// quoting.
class ClangLines {
 public:
  explicit ClangLines(std::size_t columns) : columns_(columns) {}
  void add(std::string_view name, std::string& out) {
    constexpr std::size_t kMost = 75;
    const std::size_t size = unquoted_size(name);
    if (columns_ + size + 1 + 2 > kMost) {
      out += " \\\n ";
      columns_ = 2;
    }
    (out += ' ') += name;
    columns_ += size + 1;
  }

 private:
  std::size_t columns_;
};

/// Turns names of the file into those of a local compilation.
class LocalNames {
 public:
  LocalNames(RuleStyle style, const RelativeNames& names, const ShortenedNames& shortened)
      : style_(style), names_(&names), shortened_(&shortened) {}

  /// Nothing if the compiler would leave the name out: two names on the server may be one here, and clang
  /// writes a name once.
  std::optional<std::string> of(std::string_view name) {
    std::string local = names_->restored_name(compilation::restore_absolute_name(name));
    if (style_ == RuleStyle::Clang && !seen_.insert(local).second) return {};
    if (style_ == RuleStyle::Clang) return local;
    const auto found = std::find_if(shortened_->begin(), shortened_->end(),
                                    [name](const distcc::ShortenedName& one) { return one.on_host == name; });
    if (found != shortened_->end()) return found->here;
    return local;
  }

 private:
  RuleStyle style_;
  const RelativeNames* names_;
  const ShortenedNames* shortened_;
  std::set<std::string> seen_;
};

/// True for the header that gcc reads before the source.
bool is_read_first(std::string_view name) {
  return name.ends_with("/stdc-predef.h");
}

/// The lines after the rule (-MP): "NAME:" for each file. clang writes an empty line before each.
std::string local_targets(std::string_view lines, const std::string& module_map, LocalNames names) {
  std::string out, before;
  std::string map = lines.empty() || module_map.empty() ? "" : module_map + ":\n";
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    if (line.empty()) {
      before += '\n';
    } else {
      if (!is_read_first(line.substr(0, line.size() - 1))) out += std::exchange(map, {});
      const std::string_view name = line.substr(0, line.size() - 1);  // without the colon
      if (const auto local = names.of(name)) (out += before + *local) += ":\n";
      before.clear();
    }
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  return out + before + map;
}

template <typename Lines>
std::string wrap(const DependencyFile& file, std::string_view names, const LocalNames& local_names) {
  std::string out = file.target + ':';
  Lines lines(out.size());
  RuleReader reader(names);
  LocalNames of_rule = local_names;
  std::string map = file.module_map;
  const auto add_map = [&] {
    if (!map.empty()) lines.add(std::exchange(map, {}), out);
  };
  std::size_t count = 0;
  for (std::string_view name = reader.next(); !name.empty(); name = reader.next()) {
    // The map comes after the source and the header that gcc reads before it.
    if (count++ > 0 && !is_read_first(name)) add_map();
    if (const auto local = of_rule.of(name)) lines.add(*local, out);
  }
  add_map();
  std::string_view rest = reader.rest();
  if (rest.starts_with('\n')) {
    out += '\n';
    rest.remove_prefix(1);
  }
  return out += local_targets(rest, file.phony_targets ? file.module_map : std::string(), local_names);
}

}  // namespace

std::optional<std::string> local_rule(std::string_view text, const DependencyFile& file,
                                      const RelativeNames& relative_names, const ShortenedNames& shortened) {
  if (!text.starts_with(file.target)) return {};
  std::string_view names = text.substr(file.target.size());
  if (!names.starts_with(':')) return {};
  names.remove_prefix(1);
  const LocalNames local_names(file.style, relative_names, shortened);
  return file.style == RuleStyle::Clang ? wrap<ClangLines>(file, names, local_names)
                                        : wrap<GccLines>(file, names, local_names);
}

}  // namespace pump::launcher
