#include <fmt/format.h>

#include <set>

#include "tests/fuzz/differential_check.h"

namespace pump::fuzz {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

class Minimizer {
 public:
  Minimizer(Checker& checker, Generated generated, std::string compiler)
      : checker_(checker),
        whole_(std::move(generated)),
        best_(whole_.project),
        compiler_(std::move(compiler)) {
    kind_ = kind_of(checker_.check(whole_, compiler_));
  }

  Generated run() {
    for (bool smaller = true; smaller && tries_ < kTries;) {
      smaller = best_.runs.size() > 1 && drop_each(
                                             best_.runs, [](oracle::Case & c) -> auto& { return c.runs; });
      smaller |= drop_each(
          best_.links, [](oracle::Case & c) -> auto& { return c.links; });
      smaller |= drop_each(
          best_.directories, [](oracle::Case & c) -> auto& { return c.directories; });
      smaller |= drop_each(
          best_.files, [](oracle::Case & c) -> auto& { return c.files; });
      for (std::size_t i = 0; i < best_.runs.size(); ++i) smaller |= drop_options(i);
      for (std::size_t i = 0; i < best_.files.size(); ++i) smaller |= drop_lines(i);
    }
    whole_.project = best_;
    return whole_;
  }

 private:
  static constexpr int kTries = 1500;

  bool still_differs(const oracle::Case& candidate) {
    if (++tries_ > kTries || candidate.runs.empty()) return false;
    try {
      Generated generated = whole_;
      generated.project = candidate;
      return kind_of(checker_.check(generated, compiler_)) == kind_;
    } catch (const std::exception&) {
      return false;  // too much was removed: not a project any more
    }
  }

  /// The first word of a difference: minimising must not turn one kind of difference into another.
  static std::string kind_of(const Verdict& verdict) {
    if (verdict.kind != Verdict::Kind::Different) return {};
    return verdict.difference.substr(0, verdict.difference.find(' '));
  }

  /// An option is removed together with its value.
  bool drop_options(std::size_t run) {
    static const std::set<std::string> kWithValue{"-iquote",  "-isystem", "-idirafter",     "-include",
                                                  "-imacros", "-iprefix", "-Xpreprocessor", "-iwithprefix",
                                                  "-I",       "-x"};
    bool dropped = false;
    for (std::size_t i = best_.runs[run].size(); i-- > 1;) {
      if (i >= best_.runs[run].size() || !best_.runs[run][i].starts_with('-') || best_.runs[run][i] == "-c")
        continue;
      oracle::Case candidate = best_;
      auto& words = candidate.runs[run];
      const auto at = words.begin() + static_cast<std::ptrdiff_t>(i);
      words.erase(at, at + (kWithValue.contains(*at) ? 2 : 1));
      dropped |= keep_if_differs(std::move(candidate));
    }
    return dropped;
  }

  bool keep_if_differs(oracle::Case candidate) {
    if (!still_differs(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  template <typename List, typename Select>
  bool drop_each(const List& list, Select select) {
    bool dropped = false;
    for (std::size_t i = list.size(); i-- > 0;) {
      if (i >= list.size()) continue;
      oracle::Case candidate = best_;
      auto& items = select(candidate);
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
      dropped |= keep_if_differs(std::move(candidate));
    }
    return dropped;
  }

  /// Removes chunks of decreasing size: a conditional group can often only be removed as a whole.
  bool drop_lines(std::size_t file) {
    bool dropped = false;
    for (std::size_t size = lines_of(best_.files[file].content).size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < lines_of(best_.files[file].content).size();) {
        oracle::Case candidate = best_;
        auto lines = lines_of(candidate.files[file].content);
        const std::size_t end = std::min(at + size, lines.size());
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at),
                    lines.begin() + static_cast<std::ptrdiff_t>(end));
        candidate.files[file].content = joined(lines);
        if (keep_if_differs(std::move(candidate))) {
          dropped = true;
        } else {
          at += std::max<std::size_t>(1, size / 2);
        }
      }
    }
    return dropped;
  }

  Checker& checker_;
  Generated whole_;
  oracle::Case best_;
  std::string compiler_, kind_;
  int tries_ = 0;
};

std::string quoted(const std::string& word) {
  if (word.find_first_of(" \"'\\\n") == std::string::npos && !word.empty()) return word;
  if (word.find_first_of("'\n") == std::string::npos) return "'" + word + "'";
  std::string out = "\"";
  for (const char c : word)
    out += c == '\n' ? "\\n" : c == '"' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
  return out + "\"";
}

/// UTF-8 of the Latin letters that the generator uses, and ASCII.
bool is_readable(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\r' ||
        (c >= 0x80 && (c != 0xc3 || ++i == text.size() || static_cast<unsigned char>(text[i]) < 0x80)))
      return false;
  }
  return text.ends_with('\n');
}

}  // namespace

Generated minimize(Checker& checker, Generated generated, const std::string& compiler) {
  return Minimizer(checker, std::move(generated), compiler).run();
}

std::string to_case_text(const oracle::Case& project) {
  std::string out = "=== " + project.name + "\n";
  for (const auto& run : project.runs) {
    out += "%run";
    for (const std::string& word : run) out += " " + quoted(word);
    out += "\n";
  }
  if (!project.cwd.empty()) out += "%cwd " + quoted(project.cwd) + "\n";
  for (const std::string& directory : project.directories) out += "%dir " + quoted(directory) + "\n";
  for (const auto& [path, target] : project.links)
    out += "%link " + quoted(path) + " " + quoted(target) + "\n";
  for (const oracle::CaseFile& file : project.files) {
    const bool plain = is_readable(file.content);
    out += "--- " + quoted(file.path) + (plain ? "\n" : " escaped\n");
    for (std::size_t i = 0; i < file.content.size(); ++i) {
      const char c = file.content[i];
      if (plain) {
        out += c;
      } else if (c == '\n') {
        out += i + 1 == file.content.size() ? "\\n" : "\n";
      } else if (c == '\r' || c == '\\' || static_cast<unsigned char>(c) >= 0x80) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
    if (!plain) out += "\n";
  }
  return out + "\n";
}

}  // namespace pump::fuzz
