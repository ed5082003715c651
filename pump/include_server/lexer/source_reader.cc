#include "pump/include_server/lexer/source_reader.h"

#include <algorithm>
#include <cstring>

#include "pump/include_server/lexer/skip_text.h"

namespace pump::include_server {
namespace {

char trigraph(char last) {
  static constexpr std::string_view kThird = "=/'()!<>-";
  static constexpr std::string_view kMeaning = "#\\^[]|{}~";
  const std::size_t index = kThird.find(last);
  return index == std::string_view::npos ? '\0' : kMeaning[index];
}

}  // namespace

std::size_t SourceReader::newline_after(std::size_t at) const {
  std::size_t i = at;
  while (i < bytes_.size() &&
         (bytes_[i] == ' ' || bytes_[i] == '\t' || bytes_[i] == '\f' || bytes_[i] == '\v'))
    ++i;
  if (i >= bytes_.size()) return 0;
  if (bytes_[i] == '\n') return i + 1 - at;
  if (bytes_[i] != '\r') return 0;
  return (i + 1 < bytes_.size() && bytes_[i + 1] == '\n' ? i + 2 : i + 1) - at;
}

int SourceReader::peek_slowly() {
  while (at_ < bytes_.size()) {
    const auto c = static_cast<unsigned char>(bytes_[at_]);
    width_ = 1;
    if (c == '\\') {
      const std::size_t newline = newline_after(at_ + 1);
      if (newline == 0) return c;
      at_ += 1 + newline;
      ++line_;
      continue;
    }
    if (c == '?' && mode_.lex.trigraphs && at_ + 2 < bytes_.size() && bytes_[at_ + 1] == '?') {
      const char meaning = trigraph(bytes_[at_ + 2]);
      if (meaning == '\\') {
        if (const std::size_t newline = newline_after(at_ + 3); newline != 0) {
          at_ += 3 + newline;
          ++line_;
          continue;
        }
      }
      if (meaning != '\0') {
        width_ = 3;
        return static_cast<unsigned char>(meaning);
      }
    }
    if (c == '\r') {
      if (at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n') width_ = 2;
      return '\n';
    }
    return c;
  }
  return kEnd;
}

int SourceReader::peek_second() {
  const std::size_t at = at_;
  const std::uint32_t line = line_;
  take();
  const int second = peek();
  at_ = at;
  line_ = line;
  peek();  // sets the width for take()
  return second;
}

void SourceReader::go_over(std::size_t at) {
  const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
  line_ +=
      static_cast<std::uint32_t>(std::count(begin, bytes_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  at_ = at;
}

void SourceReader::skip_block_comment() {
  while (true) {
    const void* star =
        at_ < bytes_.size() ? std::memchr(bytes_.data() + at_, '*', bytes_.size() - at_) : nullptr;
    if (star == nullptr) {
      go_over(bytes_.size());
      return;
    }
    go_over(static_cast<std::size_t>(static_cast<const char*>(star) - bytes_.data()) + 1);
    if (peek() == '/') {
      take();
      return;
    }
  }
}

void SourceReader::skip_to_newline() {
  while (true) {
    at_ = find_line_end(bytes_, at_);
    const int c = peek();
    if (c == kEnd || c == '\n') return;
    take();
  }
}

std::string read_characters(std::string_view bytes, const ScanMode& mode) {
  std::string characters;
  SourceReader reader(bytes, mode);
  for (int c = reader.next(); c != SourceReader::kEnd; c = reader.next()) characters += static_cast<char>(c);
  return characters;
}

}  // namespace pump::include_server
