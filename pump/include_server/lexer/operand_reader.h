// Copies a directive's operand, or a literal, to the end of a text: splices removed, comments as blanks,
// literals as they are.
//
// One per scan, on one thread. Only one operand is read at a time: begin(), then copying, then drop() unless
// the copied text is to be kept.
#pragma once

#include <string>
#include <string_view>

#include "pump/include_server/lexer/scan.h"
#include "pump/include_server/lexer/source_reader.h"

namespace pump::include_server {

class OperandReader {
 public:
  /// Appends to `text`.
  OperandReader(std::string& text, SourceReader& reader, const LexMode& lex)
      : text_(text), reader_(reader), lex_(lex) {}

  void begin() { start_ = text_.size(); }
  [[nodiscard]] std::size_t start() const { return start_; }
  /// What has been copied since begin(). Valid until more is copied.
  [[nodiscard]] std::string_view copied() const { return std::string_view(text_).substr(start_); }
  void drop() { text_.resize(start_); }
  void append(char c) { text_ += c; }
  void insert_before(std::string_view text) { text_.insert(start_, text); }

  enum class Kind : std::uint8_t {
    Plain,
    HeaderName,  ///< `<` begins a header name; no escapes in literals
    Expression,  ///< `<` begins a header name after __has_include(
  };
  /// To the newline that ends the logical line, which stays.
  void copy_line(Kind kind);
  /// At '/': copies a blank for a block comment, skips a line comment; false, and nothing is consumed, if
  /// there is none.
  bool copy_comment();

  // At the quote: the literal, to its end or that of the line (the file, for a raw string); nothing stays
  // copied.
  std::string take_quoted();
  std::string take_raw_string();

 private:
  void copy_plain();
  void copy_quoted(char quote, bool escapes);
  void copy_raw_string();
  bool copy_header_name();
  void copy_number();
  [[nodiscard]] bool after_raw_prefix() const;
  [[nodiscard]] bool after_has_include() const;

  std::string& text_;
  SourceReader& reader_;
  const LexMode& lex_;
  std::size_t start_ = 0;            ///< of the current operand in text_
  std::size_t no_angle_before_ = 0;  ///< there is no '>' before this place in the reader's bytes
};

}  // namespace pump::include_server
