#include "launcher/decide/macro_search.h"

#include <algorithm>
#include <string>

namespace pump::launcher {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
/// Bytes above ASCII count as letters: they never end an identifier.
bool is_word(char c) {
  return is_digit(c) || c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Scanner {
 public:
  Scanner(std::string_view text, std::string_view macro) : text_(text), macro_(macro) {}

  /// Offset of the first use.
  std::optional<std::size_t> find() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("//")) {
        skip_line();
      } else if (rest.starts_with("/*")) {
        skip_past("*/", 2);
      } else if (rest.front() == '"' || rest.front() == '\'') {
        skip_literal(rest.front());
      } else if (is_digit(rest.front())) {
        skip_number();
      } else if (is_word(rest.front())) {
        if (take_word()) return found_;
      } else {
        ++at_;
      }
    }
    return {};
  }

 private:
  /// To the end of the line. A backslash joins the next one.
  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n') at_ += splice_length() != 0 ? splice_length() : 1;
  }
  /// Bytes of a backslash and a line end, or 0.
  [[nodiscard]] std::size_t splice_length() const {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\\\r\n")) return 3;
    return rest.starts_with("\\\n") ? 2 : 0;
  }
  void skip_past(std::string_view end, std::size_t from) {
    const std::size_t found = text_.find(end, at_ + from);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }
  /// Ends at the end of the line at the latest: an apostrophe may stand in plain text, for example in an
  /// #error.
  void skip_literal(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '\n') {
      const std::size_t splice = splice_length();
      if (splice == 0 && text_[at_] == quote) {
        ++at_;
        return;
      }
      at_ += splice != 0 ? splice : text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_, text_.size());
  }
  /// 1'000 is a number; its apostrophe begins no character literal.
  void skip_number() {
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.' ||
                                  (text_[at_] == '\'' && at_ + 1 < text_.size() && is_word(text_[at_ + 1]))))
      ++at_;
  }
  /// R"delimiter( … )delimiter"
  void skip_raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos || open - at_ > 17) return;  // an ordinary literal follows
    const std::string end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    skip_past(end, open - at_ + 1);
  }
  bool take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == macro_) {
      found_ = begin;
      return true;
    }
    const bool raw = word == "R" || word == "u8R" || word == "uR" || word == "UR" || word == "LR";
    if (raw && at_ < text_.size() && text_[at_] == '"') skip_raw_string();
    return false;
  }

  std::string_view text_;
  std::string_view macro_;
  std::size_t at_ = 0;
  std::size_t found_ = 0;
};

}  // namespace

std::optional<std::size_t> find_macro_use(std::string_view source, std::string_view macro) {
  if (source.find(macro) == std::string_view::npos) return {};
  const auto found = Scanner(source, macro).find();
  if (!found) return {};
  return 1 + static_cast<std::size_t>(
                 std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(*found), '\n'));
}

}  // namespace pump::launcher
