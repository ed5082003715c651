// A recursive-descent parser for one word at a time. It accepts what distcc 3.4 accepts, trailing characters
// included: a list that distcc accepts must not stop pump, and a list that distcc rejects must not start a
// build.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "pump/distcc/hosts.h"

namespace pump::distcc {
namespace {

constexpr unsigned kLocalLimit = 2;  // distcc's default for localhost
// distcc skips isspace() before a word, but ends a word with strcspn(" #\t\n\f\r"): "\v" is part of a word.
constexpr std::string_view kBlank = " \t\n\f\r\v";
constexpr std::string_view kWordEnd = " #\t\n\f\r";

tl::unexpected<Error> reject(std::string_view word, std::string_view why) {
  return fail("distcc rejects the host \"" + std::string(word) + "\": " + std::string(why));
}

/// The unread rest of one word.
class Cursor {
 public:
  explicit Cursor(std::string_view word) : word_(word), rest_(word) {}
  [[nodiscard]] std::string_view word() const { return word_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  bool skip(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }
  std::string_view until(std::string_view ends) {
    const std::string_view part = rest_.substr(0, rest_.find_first_of(ends));
    rest_.remove_prefix(part.size());
    return part;
  }
  [[nodiscard]] bool at_any(std::string_view characters) const {
    return rest_.empty() || characters.find(rest_.front()) != std::string_view::npos;
  }
  std::optional<unsigned> number() {
    unsigned value = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (code != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

 private:
  std::string_view word_, rest_;
};

/// "/N" or "=N", or nothing.
Status parse_limit(Cursor& cursor, unsigned& limit) {
  if (!cursor.skip("/") && !cursor.skip("=")) return {};
  const std::optional<unsigned> value = cursor.number();
  if (!value || *value == 0) return reject(cursor.word(), "the limit is not a number of 1 or more");
  limit = *value;
  return {};
}

Status parse_options(Cursor& cursor, Host& host) {
  while (true) {
    if (!cursor.skip(",")) break;
    if (cursor.skip("lzo")) {
      host.lzo = true;
    } else if (cursor.skip("cpp")) {
      host.cpp = true;
    } else if (cursor.skip("down")) {
      host.down = true;
    } else if (cursor.skip("auth")) {
      host.auth = true;
      if (cursor.skip("=")) cursor.until("/:,");
    } else {
      return reject(cursor.word(),
                    "unknown option \"" + std::string(cursor.until(",")) + "\" after the comma");
    }
  }
  if (host.cpp && !host.lzo)
    return reject(cursor.word(), "pump mode (\",cpp\") needs compression (\",lzo\"), too");
  return {};
}

Status parse_ssh_host(Cursor& cursor, Host& host) {
  host.ssh = true;
  host.user = cursor.until("@");
  cursor.skip("@");
  host.name = cursor.until("/:,");
  if (host.name.empty()) return reject(cursor.word(), "no host name after the \"@\"");
  PUMP_CHECK(parse_limit(cursor, host.limit));
  if (cursor.skip(":")) host.command = cursor.until(",");
  return parse_options(cursor, host);
}

Status parse_tcp_host(Cursor& cursor, Host& host) {
  if (cursor.skip("[")) {
    host.name = cursor.until("/],");
    if (!cursor.skip("]")) return reject(cursor.word(), "an IPv6 address ends with \"]\"");
  } else {
    host.name = cursor.until("/:,");
  }
  if (host.name.empty()) return reject(cursor.word(), "no host name");
  PUMP_CHECK(parse_limit(cursor, host.limit));
  if (cursor.skip(":")) {
    host.port = cursor.number().value_or(0);
    if (!cursor.at_any("/,")) return reject(cursor.word(), "the port is not a number");
  }
  PUMP_CHECK(parse_limit(cursor, host.limit));
  return parse_options(cursor, host);
}

Expected<Host> parse_host(std::string_view word) {
  Cursor cursor(word);
  Host host;
  host.text = word;
  if (word == "localhost" || word.starts_with("localhost/")) {
    cursor.skip("localhost");
    host.name = "localhost";
    host.local = true;
    host.limit = kLocalLimit;
    PUMP_CHECK(parse_limit(cursor, host.limit));
  } else if (word.find('@') != std::string_view::npos) {
    PUMP_CHECK(parse_ssh_host(cursor, host));
  } else {
    PUMP_CHECK(parse_tcp_host(cursor, host));
  }
  return host;
}

/// Reads --randomize, --localslots=N or --localslots_cpp=N; false if `word` is a host. Malformed numbers are
/// read as in distcc: --localslots=x is a host of that name; --localslots_cpp=x is --localslots without a
/// number, followed by ignored characters. Without a number distcc keeps its default.
bool read_global_option(std::string_view word, HostList& list) {
  if (word.starts_with("--randomize")) return list.randomize = true;
  const auto reads = [word](std::string_view name, unsigned standard, std::optional<unsigned>& slots) {
    if (!word.starts_with(name)) return false;
    Cursor cursor(word);
    cursor.skip(name);
    if (!parse_limit(cursor, standard)) return false;
    slots = standard;
    return true;
  };
  return reads("--localslots_cpp", kLocalCppSlots, list.localslots_cpp) ||
         reads("--localslots", kLocalSlots, list.localslots);
}

}  // namespace

std::size_t HostList::pump_hosts() const {
  return static_cast<std::size_t>(
      std::count_if(hosts.begin(), hosts.end(), [](const Host& h) { return h.pump(); }));
}

std::size_t HostList::remote_hosts() const {
  return static_cast<std::size_t>(
      std::count_if(hosts.begin(), hosts.end(), [](const Host& h) { return !h.local; }));
}

unsigned HostList::jobs() const {
  unsigned sum = 0;
  for (const Host& host : hosts)
    if (!host.local && !host.down) sum += host.limit;
  return sum;
}

Expected<HostList> parse_hosts(std::string_view text) {
  HostList list;
  list.text = text;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(kBlank, at)) != std::string_view::npos) {
    if (text[at] == '#') {
      at = text.find_first_of("\n\r", at);
      continue;
    }
    const std::string_view word = text.substr(at, text.find_first_of(kWordEnd, at) - at);
    at += word.size();
    if (read_global_option(word, list)) continue;
    if (word == "+zeroconf") {
      list.zeroconf = true;
      continue;
    }
    PUMP_TRY(Host host, parse_host(word));
    list.hosts.push_back(std::move(host));
  }
  return list;
}

}  // namespace pump::distcc
