// Reading source bytes as translation phases 1 and 2 leave them: newlines of every kind (a lone CR, too) are
// '\n', splices vanish, trigraphs are replaced where the mode has them. Used by the directive scanner only.
#pragma once

#include <cstddef>
#include <cstdint>
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

  // Raw access, for loops that know that no splice can be where they are.
  [[nodiscard]] bool done() const { return at_ >= bytes_.size(); }
  [[nodiscard]] unsigned char raw() const {
    return at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_]) : 0;
  }
  void skip_raw() { ++at_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  /// Within the line, to a byte that stands for itself, which take() may then consume.
  void go_to(std::size_t at) {
    at_ = at;
    width_ = 1;
  }
  void go_over(std::size_t at);  ///< counts the newlines on the way
  /// To a byte that stands for itself, over `lines` newlines.
  void go_to(std::size_t at, std::uint32_t lines) {
    line_ += lines;
    go_to(at);
  }
  /// Over blanks that are no newlines; most of them.
  void skip_indentation() {
    while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\t')) ++at_;
  }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t line() const { return line_; }
  void set_line(std::uint32_t line) { line_ = line; }

  /// After "/*": to behind the comment's end, or the end of the file.
  void skip_block_comment();
  /// To the newline that ends the logical line, which stays.
  void skip_to_newline();

 private:
  int peek_slowly();
  /// Length of "blanks newline" at `at`, which a backslash before makes a splice; 0 where there is none.
  [[nodiscard]] std::size_t newline_behind(std::size_t at) const;

  std::string_view bytes_;
  const ScanMode& mode_;
  std::size_t at_ = 0;
  std::size_t width_ = 1;
  std::uint32_t line_ = 1;
};

}  // namespace pump::include_server
