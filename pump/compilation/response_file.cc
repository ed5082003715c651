#include "pump/compilation/response_file.h"

#include <fmt/format.h>

#include <utility>

namespace pump::compilation {
namespace {

constexpr std::size_t kMaxExpansions = 2000;
constexpr std::size_t kMaxWords = 1'000'000;  // a self-including file must end by its size, too

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

class Expander {
 public:
  explicit Expander(const ReadResponseFile& read) : read_(read) {}

  Status add(const std::string& word, std::size_t origin) {
    if (word.size() > 1 && word.front() == '@') {
      const std::string path = word.substr(1);
      if (const auto text = read_(path)) {
        if (++expansions_ > kMaxExpansions || result_.words.size() > kMaxWords)
          return fail(fmt::format("{}: response files nested too deep", word));
        result_.files.push_back(path);
        return add_all(split_response_file(*text));
      }
    }
    result_.words.push_back(word);
    result_.origins.push_back(origin);
    return {};
  }

  ExpandedWords take() { return std::move(result_); }

 private:
  Status add_all(const std::vector<std::string>& words) {
    for (const std::string& word : words) PUMP_CHECK(add(word, CommandLine::kFromResponseFile));
    return {};
  }

  const ReadResponseFile& read_;
  ExpandedWords result_;
  std::size_t expansions_ = 0;
};

}  // namespace

std::vector<std::string> split_response_file(std::string_view text) {
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
    if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];  // also inside quotes, either kind
    } else if (c == '\\') {
      // A lone backslash at the very end escapes nothing and vanishes.
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
  Expander expander(read);
  for (std::size_t i = 0; i < argv.size(); ++i) PUMP_CHECK(expander.add(argv[i], i));
  return expander.take();
}

}  // namespace pump::compilation
