// Reads source bytes as characters, after translation phases 1 and 2: newlines of every kind (a lone CR, too)
// are '\n', splices (backslash, newline) are removed, trigraphs are replaced if the mode has them. Used by
// the directive scanner only; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pump/include_server/lexer/scan.h"

namespace pump::include_server {

class SourceReader {
 public:
  static constexpr int kEnd = -1;

  SourceReader(std::string_view bytes, const ScanMode& mode) : bytes_(bytes), mode_(mode) {}

  /// The next character; splices before it are skipped. kEnd at the end.
  int peek() {
    if (at_ < bytes_.size()) {
      const auto c = static_cast<unsigned char>(bytes_[at_]);
      if (c != '\\' && c != '?' && c != '\r') {
        width_ = 1;
        return c;
      }
    }
    return peek_slowly();
  }
  /// Consumes what peek() returned: to be called right after it.
  void take() {
    if (bytes_[at_] == '\n' || bytes_[at_] == '\r') ++line_;
    at_ += width_;
  }
  /// The character after the one that peek() returned. Consumes nothing.
  int peek_second();
  int next() {
    const int c = peek();
    if (c != kEnd) take();
    return c;
  }

  // Raw access to the bytes, for loops at places where no splice or trigraph can begin.
  [[nodiscard]] bool done() const { return at_ >= bytes_.size(); }
  [[nodiscard]] unsigned char raw() const {
    return at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_]) : 0;
  }
  void skip_raw() { ++at_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  /// To a place on the same line at which no splice or trigraph begins; take() may be called there without
  /// peek().
  void go_to(std::size_t at) {
    at_ = at;
    width_ = 1;
  }
  /// To a later place; counts the newlines before it.
  void go_over(std::size_t at);
  /// As go_to(at), `lines` newlines further on.
  void go_to(std::size_t at, std::uint32_t lines) {
    line_ += lines;
    go_to(at);
  }
  /// Over spaces and tabs.
  void skip_indentation() {
    while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\t')) ++at_;
  }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t line() const { return line_; }

  struct Position {
    std::size_t at;
    std::uint32_t line;
  };
  [[nodiscard]] Position position() const { return {at_, line_}; }
  /// To a place at which no splice or trigraph begins, as go_to(at).
  void return_to(Position position) {
    line_ = position.line;
    go_to(position.at);
  }

  /// After "/*": past the end of the comment, or to the end of the file.
  void skip_block_comment();
  /// To the newline that ends the logical line, which stays.
  void skip_to_newline();

 private:
  int peek_slowly();
  /// Length of "blanks newline" at `at`, which is a splice after a backslash; 0 if there is none.
  [[nodiscard]] std::size_t newline_after(std::size_t at) const;

  std::string_view bytes_;
  const ScanMode& mode_;
  std::size_t at_ = 0;
  std::size_t width_ = 1;
  std::uint32_t line_ = 1;
};

/// All characters of `bytes`.
std::string read_characters(std::string_view bytes, const ScanMode& mode);

}  // namespace pump::include_server
