#include "tests/oracle/case_file.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

#include "pump/os/file_io.h"

namespace pump::oracle {
namespace {

bool octal(char c) {
  return c >= '0' && c <= '7';
}

/// The escape whose backslash is text[i]; leaves i on its last character.
char unescape(const std::string& text, std::size_t& i) {
  if (i + 1 >= text.size()) return '\\';
  const char c = text[++i];
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case 'x': {
      const auto value = std::stoul(text.substr(i + 1, 2), nullptr, 16);
      i += 2;
      return static_cast<char>(value);
    }
    default:
      break;
  }
  if (!octal(c)) return c;
  unsigned value = 0;
  std::size_t digits = 0;
  while (digits < 3 && i + digits < text.size() && octal(text[i + digits]))
    value = value * 8 + static_cast<unsigned>(text[i + digits++] - '0');
  i += digits - 1;
  return static_cast<char>(value);
}

std::string unescape_all(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) out += text[i] == '\\' ? unescape(text, i) : text[i];
  return out;
}

/// Stores the collected lines as the content of the current file.
void finish_file(Case& current, std::string& lines, bool escaped) {
  if (current.files.empty()) return;
  while (lines.ends_with("\n\n") || lines == "\n") lines.pop_back();
  if (escaped) {
    if (lines.ends_with('\n')) lines.pop_back();
    lines = unescape_all(lines);
  }
  current.files.back().content = std::exchange(lines, {});
}

template <typename T>
T named(const std::map<std::string, T>& names, const std::string& word) {
  const auto found = names.find(word);
  if (found == names.end()) throw std::runtime_error("unknown word " + word);
  return found->second;
}

/// Parses "gcc 14-" or "clang 17-19". The reason after it is a comment.
Versions versions_of(const std::string& compiler, const std::string& range) {
  if (compiler != "gcc" && compiler != "clang")
    throw std::runtime_error("neither gcc nor clang: " + compiler);
  const std::size_t dash = range.find('-');
  if (dash == std::string::npos || range == "-") throw std::runtime_error("no range of versions: " + range);
  Versions versions{compiler};
  if (dash > 0) versions.first = static_cast<unsigned>(std::stoul(range.substr(0, dash)));
  if (dash + 1 < range.size()) versions.last = static_cast<unsigned>(std::stoul(range.substr(dash + 1)));
  return versions;
}

void apply_directive(Case& out, const std::string& text) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  const std::string name = text.substr(1, blank - 1);
  const std::string rest = blank < text.size() ? text.substr(blank + 1) : std::string();
  if (name == "shell") return out.shell.push_back(rest);
  if (name == "not-root") return void(out.not_root = rest);
  if (name == "no-remote") return void(out.no_remote = rest);
  if (name == "fallback") return void(out.fallback = true);
  const std::vector<std::string> words = split_words(rest);
  if (name == "run") return out.runs.push_back(words);
  const auto word = [&](std::size_t i) {
    if (i >= words.size()) throw std::runtime_error("%" + name + " needs another word");
    return words[i];
  };
  const std::map<std::string, std::function<void()>> directives{
      {"cwd", [&] { out.cwd = word(0); }},
      {"link", [&] { out.links.emplace_back(word(0), word(1)); }},
      {"hardlink", [&] { out.hard_links.emplace_back(word(0), word(1)); }},
      {"dir", [&] { out.directories.push_back(word(0)); }},
      {"fifo", [&] { out.fifos.push_back(word(0)); }},
      {"chmod", [&] { out.modes.emplace_back(std::stoul(word(0), nullptr, 8), word(1)); }},
      {"surplus", [&] { out.surplus = std::stoul(word(0)); }},
      {"links", [&] { out.surplus_links = std::stoul(word(0)); }},
      {"directories", [&] { out.surplus_directories = std::stoul(word(0)); }},
      {"also", [&] { out.also.push_back(word(0)); }},
      {"not", [&] { out.never.push_back(word(0)); }},
      {"without", [&] { out.without.push_back(word(0)); }},
      {"only", [&] { out.only = word(0); }},
      {"versions", [&] { out.versions.push_back(versions_of(word(0), word(1))); }},
      {"expect",
       [&] {
         out.expect = named<Expect>({{"answered", Expect::Answered},
                                     {"gives-up", Expect::GivesUp},
                                     {"either", Expect::Either},
                                     {"fails", Expect::Fails}},
                                    word(0));
       }},
      {"mode",
       [&] {
         out.mode = named<Mode>(
             {{"pump", Mode::Pump}, {"plain", Mode::Plain}, {"local", Mode::Local}, {"any", Mode::Any}},
             word(0));
       }},
  };
  named(directives, name)();
}

}  // namespace

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c == '\\' && quote == '"' ? unescape(text, i) : c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t') {
      if (inside) words.push_back(std::exchange(word, {}));
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (quote != '\0') throw std::runtime_error("unterminated quote in: " + text);
  if (inside) words.push_back(word);
  return words;
}

std::vector<Case> read_case_file(const std::string& path) {
  const auto text = os::read_file(path);
  if (!text) throw std::runtime_error(text.error().message);
  std::vector<Case> cases;
  std::istringstream in(*text);
  std::string content;
  bool escaped = false;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    try {
      if (line.starts_with("=== ")) {
        if (!cases.empty()) finish_file(cases.back(), content, escaped);
        cases.push_back({});
        cases.back().name = line.substr(4);
        cases.back().line = number;
      } else if (cases.empty()) {
        if (!line.empty() && line[0] != '#') throw std::runtime_error("text before the first case");
      } else if (Case& current = cases.back(); line.starts_with("--- ")) {
        finish_file(current, content, escaped);
        const auto words = split_words(line.substr(4));
        escaped = words.size() > 1 && words[1] == "escaped";
        current.files.push_back({words.at(0), {}});
      } else if (!current.files.empty()) {
        content += line + "\n";
      } else if (line.starts_with("%")) {
        apply_directive(current, line);
      } else if (!line.empty() && line[0] != '#') {
        throw std::runtime_error("neither a directive nor a file");
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}:{}: {}", path, number, error.what()));
    }
  }
  if (!cases.empty()) finish_file(cases.back(), content, escaped);
  for (const Case& c : cases)
    if (c.runs.empty()) throw std::runtime_error(fmt::format("{}:{}: no %run in '{}'", path, c.line, c.name));
  return cases;
}

}  // namespace pump::oracle
