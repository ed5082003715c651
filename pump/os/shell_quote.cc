#include "pump/os/shell_quote.h"

namespace pump::os {
namespace {

constexpr std::string_view kBlanks = " \t\n";

/// Reads shell words from a text, one quoting construct at a time.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  Expected<std::vector<std::string>> read_all() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (kBlanks.find(c) != std::string_view::npos) {
        end_word();
      } else if (c == '\'') {
        PUMP_CHECK(read_single_quoted());
      } else if (c == '"') {
        PUMP_CHECK(read_double_quoted());
      } else if (c == '\\') {
        read_escaped();
      } else {
        add(c);
      }
    }
    end_word();
    return std::move(words_);
  }

 private:
  void add(char c) {
    word_ += c;
    in_word_ = true;
  }

  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  Status read_single_quoted() {
    in_word_ = true;  // '' is an empty word
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) return unterminated('\'');
    word_ += text_.substr(at_, end - at_);
    at_ = end + 1;
    return {};
  }

  Status read_double_quoted() {
    in_word_ = true;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return {};
      // In double quotes a backslash quotes only these; a quoted newline is removed.
      if (c == '\\' && at_ < text_.size() &&
          std::string_view("$`\"\\\n").find(text_[at_]) != std::string_view::npos) {
        if (const char quoted = text_[at_++]; quoted != '\n') word_ += quoted;
      } else {
        word_ += c;
      }
    }
    return unterminated('"');
  }

  void read_escaped() {
    if (at_ == text_.size()) return add('\\');  // sh -c keeps a last backslash, too
    if (const char quoted = text_[at_++]; quoted != '\n') add(quoted);
  }

  [[nodiscard]] Status unterminated(char quote) const {
    return fail(std::string("a ") + quote + " quote does not end in: " + std::string(text_), EINVAL);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;
};

}  // namespace

std::string shell_quote(std::string_view value) {
  std::string result = "'";
  for (const char c : value) {
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  }
  return result + "'";
}

Expected<std::vector<std::string>> split_shell_words(std::string_view text) {
  return WordReader(text).read_all();
}

std::vector<std::string> split_blanks(std::string_view text) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(kBlanks, begin)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

}  // namespace pump::os
