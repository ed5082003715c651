#include "launcher/run/gcc_messages.h"

#include <algorithm>
#include <optional>

#include "pump/os/text.h"

namespace pump::launcher {
namespace {

constexpr std::string_view kAsciiQuote = "'";
constexpr std::string_view kOpenQuote = "\u2018", kCloseQuote = "\u2019";

/// The parameters of the sequence for quoted text, and for the place of a message.
constexpr std::string_view kBold = "01";

/// "\033[01;35m\033[K": begins a colour, or ends one if it has no parameters.
struct Sequence {
  std::string_view parameters;
  std::size_t size = 0;
};

std::optional<Sequence> read_sequence(std::string_view text) {
  constexpr std::string_view kStart = "\033[", kEnd = "m\033[K";
  if (!text.starts_with(kStart)) return {};
  const std::size_t end = text.find_first_not_of("0123456789;", kStart.size());
  if (end == std::string_view::npos || !text.substr(end).starts_with(kEnd)) return {};
  return Sequence{text.substr(kStart.size(), end - kStart.size()), end + kEnd.size()};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// FILE of "FILE:LINE:COLUMN:" or "FILE:LINE:"; nothing for other texts.
std::optional<std::string> located_file(std::string_view place) {
  if (!place.ends_with(':')) return {};
  bool located = false;
  for (int numbers = 0; numbers < 2; ++numbers) {
    const std::size_t colon = place.rfind(':', place.size() - 2);
    if (colon == std::string_view::npos || colon == 0 || colon + 2 >= place.size()) break;
    const std::string_view number = place.substr(colon + 1, place.size() - colon - 2);
    if (!std::all_of(number.begin(), number.end(), is_digit)) break;
    located = true;
    place = place.substr(0, colon + 1);
  }
  if (!located) return {};
  return std::string(place.substr(0, place.size() - 1));
}

class Reader {
 public:
  Reader(std::string_view text, bool utf8) : text_(text), utf8_(utf8) {}

  Expected<GccMessages> read() {
    while (at_ < text_.size()) {
      if (text_[at_] != '\033') {
        append(text_.substr(at_, 1));
        ++at_;
        continue;
      }
      const auto sequence = read_sequence(text_.substr(at_));
      if (!sequence) return fail("the host's messages have another escape sequence than gcc's colours");
      if (sequence->parameters.empty()) {
        PUMP_CHECK(end_colour(*sequence));
      } else {
        begin_colour(*sequence);
      }
    }
    if (!open_.empty()) return fail("the host's messages have a colour without an end");
    PUMP_CHECK(check_lines());
    return std::move(result_);
  }

 private:
  enum class Colour { Quote, Place, Other };
  struct Open {
    Colour colour;
    std::size_t begin;  ///< in GccMessages::plain
  };

  void append(std::string_view text) {
    result_.plain += text;
    result_.coloured += text;
  }

  [[nodiscard]] bool at_line_start() const { return result_.plain.empty() || result_.plain.back() == '\n'; }

  /// Replaces the quotation mark before a quoted text. False if there is none.
  bool open_quote() {
    for (const std::string_view mark : {kAsciiQuote, kOpenQuote}) {
      if (!result_.coloured.ends_with(mark) || !result_.plain.ends_with(mark)) continue;
      quoted_in_utf8_ = quoted_in_utf8_ || mark == kOpenQuote;
      for (std::string* out : {&result_.plain, &result_.coloured})
        out->replace(out->size() - mark.size(), mark.size(), utf8_ ? kOpenQuote : kAsciiQuote);
      return true;
    }
    return false;
  }

  void begin_colour(const Sequence& sequence) {
    Colour colour = Colour::Other;
    if (sequence.parameters == kBold)
      colour = at_line_start() ? Colour::Place : open_quote() ? Colour::Quote : Colour::Other;
    open_.push_back({colour, result_.plain.size()});
    pass(sequence);
    ++colours_;
  }

  Status end_colour(const Sequence& sequence) {
    if (open_.empty()) return fail("the host's messages have an end of a colour without its beginning");
    const Open ended = open_.back();
    open_.pop_back();
    pass(sequence);
    if (ended.colour == Colour::Place) {
      if (auto file = located_file(std::string_view(result_.plain).substr(ended.begin));
          file && std::find(result_.located_files.begin(), result_.located_files.end(), *file) ==
                      result_.located_files.end())
        result_.located_files.push_back(*std::move(file));
    }
    if (ended.colour != Colour::Quote) return {};
    for (const std::string_view mark : {kAsciiQuote, kCloseQuote}) {
      if (!text_.substr(at_).starts_with(mark)) continue;
      append(utf8_ ? kCloseQuote : kAsciiQuote);
      at_ += mark.size();
      return {};
    }
    return fail("the host's messages have a quotation without its end");
  }

  void pass(const Sequence& sequence) {
    result_.coloured += text_.substr(at_, sequence.size);
    at_ += sequence.size;
  }

  /// gcc writes an identifier in the locale's characters, or as "\U000000e9" if it cannot. Lines of sources, which begin with a
  /// blank, are as in the source.
  [[nodiscard]] Status check_lines() const {
    const bool other_locale = utf8_ ? !quoted_in_utf8_ : quoted_in_utf8_;
    bool depends = false, has_message = false;
    os::for_each_line(result_.plain, [&](std::string_view line) {
      if (line.starts_with(' ')) return;
      for (const std::string_view kind : {": warning: ", ": note: ", ": error: "})
        has_message = has_message || line.find(kind) != std::string_view::npos;
      if (utf8_) {
        depends = depends || line.find("\\U000") != std::string_view::npos;
      } else {
        depends = depends || std::any_of(line.begin(), line.end(),
                                         [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
      }
    });
    if (has_message && colours_ == 0) return fail("the host's gcc writes no colours");
    if (depends && other_locale) return fail("the host's messages depend on its locale");
    return {};
  }

  std::string_view text_;
  bool utf8_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::size_t colours_ = 0;
  bool quoted_in_utf8_ = false;  ///< the kind of quotation marks that the host's gcc wrote
  GccMessages result_;
};

}  // namespace

Expected<GccMessages> read_gcc_messages(std::string_view text, bool utf8) {
  return Reader(text, utf8).read();
}

}  // namespace pump::launcher
