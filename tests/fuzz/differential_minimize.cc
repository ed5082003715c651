#include <fmt/format.h>

#include <sstream>

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
  Minimizer(Checker& checker, oracle::Case project, bool exact)
      : checker_(checker), best_(std::move(project)), exact_(exact), kind_(kind_of(checker.check(best_, exact))) {}

  oracle::Case run() {
    for (bool smaller = true; smaller && tries_ < kTries;) {
      smaller = drop_each(best_.links, [](oracle::Case& c) -> auto& { return c.links; });
      smaller |= drop_each(best_.directories, [](oracle::Case& c) -> auto& { return c.directories; });
      smaller |= drop_each(best_.files, [](oracle::Case& c) -> auto& { return c.files; });
      smaller |= drop_options();
      for (std::size_t i = 0; i < best_.files.size(); ++i) smaller |= drop_lines(i);
    }
    return best_;
  }

 private:
  static constexpr int kTries = 3000;

  bool still_differs(const oracle::Case& candidate) {
    if (++tries_ > kTries) return false;
    try {
      return kind_of(checker_.check(candidate, exact_)) == kind_;
    } catch (const std::exception&) {
      return false;  // taken away too much: no project any more
    }
  }

  /// The word a difference begins with: one kind of difference must not turn into another on the way.
  static std::string kind_of(const Verdict& verdict) {
    if (verdict.kind != Verdict::Kind::Different) return {};
    return verdict.difference.substr(0, verdict.difference.find(' '));
  }

  /// An option goes with its value.
  bool drop_options() {
    bool dropped = false;
    for (std::size_t i = best_.runs[0].size(); i-- > 1;) {
      if (i >= best_.runs[0].size() || !best_.runs[0][i].starts_with('-') || best_.runs[0][i] == "-c") continue;
      oracle::Case candidate = best_;
      auto& words = candidate.runs[0];
      const bool separate = words[i].size() > 2 ? words[i] == "-iquote" || words[i] == "-isystem" || words[i] == "-idirafter" ||
                                                      words[i] == "-include" || words[i] == "-imacros"
                                                : true;
      const auto at = words.begin() + static_cast<std::ptrdiff_t>(i);
      words.erase(at, at + (separate ? 2 : 1));
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

  /// Chunks of halving size: a group of a conditional often goes only as a whole.
  bool drop_lines(std::size_t file) {
    bool dropped = false;
    for (std::size_t size = lines_of(best_.files[file].content).size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < lines_of(best_.files[file].content).size();) {
        oracle::Case candidate = best_;
        auto lines = lines_of(candidate.files[file].content);
        const std::size_t end = std::min(at + size, lines.size());
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at), lines.begin() + static_cast<std::ptrdiff_t>(end));
        candidate.files[file].content = joined(lines);
        if (keep_if_differs(std::move(candidate))) {
          dropped = true;
        } else {
          at += size;
        }
      }
    }
    return dropped;
  }

  Checker& checker_;
  oracle::Case best_;
  bool exact_;
  std::string kind_;
  int tries_ = 0;
};

std::string quoted(const std::string& word) {
  return word.find_first_of(" \"'\\") == std::string::npos && !word.empty() ? word : "'" + word + "'";
}

}  // namespace

oracle::Case minimize(Checker& checker, oracle::Case project, bool exact) {
  return Minimizer(checker, std::move(project), exact).run();
}

std::string to_case_text(const oracle::Case& project) {
  std::string out = "=== " + project.name + "\n%run";
  for (const std::string& word : project.runs.front()) out += " " + quoted(word);
  out += "\n";
  if (!project.cwd.empty()) out += "%cwd " + quoted(project.cwd) + "\n";
  for (const std::string& directory : project.directories) out += "%dir " + quoted(directory) + "\n";
  for (const auto& [path, target] : project.links) out += "%link " + quoted(path) + " " + quoted(target) + "\n";
  for (const oracle::CaseFile& file : project.files) {
    const bool plain = file.content.find_first_of("\r\xef") == std::string::npos && file.content.ends_with('\n');
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
