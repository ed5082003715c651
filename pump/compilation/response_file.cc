#include "pump/compilation/response_file.h"

#include <utility>

#include "pump/os/format.h"

namespace pump::compilation {
namespace {

constexpr std::size_t kMaxExpansions = 2000;
constexpr std::size_t kMaxWords = 1'000'000;  // a file that includes itself may grow too long first

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// True if a backslash before `rest` quotes the next byte in all compilers. In gcc 16 a backslash is an
/// ordinary byte in single quotes and mostly in double quotes, and it removes the end of a line. Others quote
/// the next byte everywhere.
bool quotes_next_byte(std::string_view rest, char quote) {
  if (rest.empty() || rest.front() == '\n' || quote == '\'') return false;
  return quote == 0 || std::string_view("$`\"\\").find(rest.front()) != std::string_view::npos;
}

/// Words that are not yet expanded: a command line, or the words of a response file.
struct Pending {
  std::vector<std::string> words;
  std::size_t next = 0;
};

}  // namespace

Expected<std::vector<std::string>> split_response_file(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') break;  // libiberty treats the text as a C string
    if (quote == 0 && is_blank(c)) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
      continue;
    }
    in_word = true;
    if (c == '\\') {
      const std::string_view rest = text.substr(i + 1);
      if (!quotes_next_byte(rest, quote))
        return fail("compilers do not agree on a backslash " +
                    std::string(quote != 0 ? "in quotes" : "at the end of a line"));
      word += rest.front();
      ++i;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else {
      word += c;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

Expected<ExpandedWords> expand_response_files(const std::vector<std::string>& argv,
                                              const ReadResponseFile& read) {
  ExpandedWords result;
  std::size_t expansions = 0;
  // Not recursive: files may be nested deeper than a thread's stack allows.
  std::vector<Pending> pending{{argv}};
  while (!pending.empty()) {
    Pending& top = pending.back();
    if (top.next == top.words.size()) {
      pending.pop_back();
      continue;
    }
    const std::size_t origin = pending.size() == 1 ? top.next : kFromResponseFile;
    std::string word = std::move(top.words[top.next++]);
    const bool names_file = word.size() > 1 && word.front() == '@';
    if (const auto text = names_file ? read(word.substr(1)) : std::nullopt) {
      if (++expansions > kMaxExpansions || result.words.size() > kMaxWords)
        return fail(os::format("{}: response files nested too deep", word));
      auto words = split_response_file(*text);
      if (!words) return fail(os::format("{}: {}", word, words.error().message));
      result.files.push_back(word.substr(1));
      pending.push_back({*std::move(words)});
    } else {
      result.words.push_back(std::move(word));
      result.origins.push_back(origin);
    }
  }
  return result;
}

}  // namespace pump::compilation
