#include "pump/scheduler/messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "pump/os/format.h"

namespace pump::scheduler {
namespace {

constexpr std::array<std::pair<Outcome, std::string_view>, 14> kOutcomes{{
    {Outcome::Ok, "ok"},
    {Outcome::CompileError, "compile-error"},
    {Outcome::Refused, "refused"},
    {Outcome::Unreachable, "unreachable"},
    {Outcome::Reset, "reset"},
    {Outcome::Closed, "closed"},
    {Outcome::Stalled, "stalled"},
    {Outcome::NoSpace, "no-space"},
    {Outcome::NoMemory, "no-memory"},
    {Outcome::CompilerRefused, "compiler-refused"},
    {Outcome::CompilerDiffers, "compiler-differs"},
    {Outcome::CompilerCrashed, "compiler-crashed"},
    {Outcome::ProtocolError, "protocol-error"},
    {Outcome::Moved, "moved"},
}};
constexpr std::array<std::pair<MoveCause, std::string_view>, 3> kMoveCauses{{
    {MoveCause::Faster, "faster"},
    {MoveCause::NoAnswer, "no-answer"},
    {MoveCause::Stopped, "stopped"},
}};

template <typename Value, std::size_t kSize>
std::string_view name_in(const std::array<std::pair<Value, std::string_view>, kSize>& names, Value value) {
  const auto* const found =
      std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == value; });
  return found == names.end() ? std::string_view() : found->second;
}
template <typename Value, std::size_t kSize>
std::optional<Value> named_in(const std::array<std::pair<Value, std::string_view>, kSize>& names,
                              std::string_view name) {
  const auto* const found =
      std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == name; });
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

class Writer {
 public:
  explicit Writer(std::string_view name) { text(name); }
  /// A NUL would end the field: what follows it is lost.
  Writer& text(std::string_view value) {
    packet_ += value.substr(0, value.find('\0'));
    packet_ += '\0';
    return *this;
  }
  Writer& texts(const std::vector<std::string>& values) {
    for (const std::string& value : values) text(value);
    return *this;
  }
  Writer& number(std::uint64_t value) { return text(std::to_string(value)); }
  Writer& seconds(double value) { return text(os::format("{:.6f}", value)); }
  std::string take() { return std::move(packet_); }

 private:
  std::string packet_;
};

struct Encoder {
  std::string operator()(const Want& want) const {
    return Writer("want")
        .text(want.hosts)
        .text(want.compiler)
        .text(want.unit)
        .number(want.size)
        .text(want.build)
        .text(want.distcc_directory)
        .text(want.source)
        .texts(want.failed)
        .take();
  }
  std::string operator()(const Connected& connected) const {
    return Writer("connected").text(connected.address).take();
  }
  std::string operator()(const Done& done) const {
    return Writer("done")
        .text(name(done.outcome))
        .text(done.detail)
        .seconds(done.connecting)
        .seconds(done.sending)
        .seconds(done.compiling)
        .seconds(done.receiving)
        .take();
  }
  std::string operator()(const StatusRequest& /*request*/) const { return Writer("status").take(); }
  std::string operator()(const Grant& grant) const {
    return Writer("host")
        .text(grant.host)
        .number(grant.slot)
        .seconds(grant.predicted)
        .texts(grant.addresses)
        .take();
  }
  std::string operator()(const Local& local) const {
    return Writer("local").text(local.reason).text(local.detail).take();
  }
  std::string operator()(const Move& move) const {
    return Writer("move").text(name_in(kMoveCauses, move.cause)).text(move.reason).take();
  }
  std::string operator()(const StatusReply& reply) const { return Writer("state").text(reply.json).take(); }
};

/// The fields of a packet, in order. A field that is missing or malformed makes the reader bad, and reads as empty.
class Reader {
 public:
  explicit Reader(std::string_view packet) : rest_(packet), good_(!packet.empty() && packet.back() == '\0') {}

  std::string text() {
    if (at_end()) return bad<std::string>();
    const std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) return bad<std::string>();
    std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return value;
  }
  /// All that follow.
  std::vector<std::string> texts() {
    std::vector<std::string> values;
    while (good_ && !at_end()) values.push_back(text());
    return values;
  }
  template <typename Number>
  Number number() {
    const std::string field = text();
    Number value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size()) return bad<Number>();
    return value;
  }
  double seconds() {
    const double value = number<double>();
    return std::isfinite(value) && value >= 0 ? value : bad<double>();
  }
  Outcome outcome() {
    const auto outcome = outcome_named(text());
    return outcome ? *outcome : bad<Outcome>();
  }
  MoveCause move_cause() {
    const auto cause = named_in(kMoveCauses, text());
    return cause ? *cause : bad<MoveCause>();
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  template <typename Value>
  Value bad() {
    good_ = false;
    return Value{};
  }

  std::string_view rest_;
  bool good_;
};

// In the order of the fields; braces evaluate from left to right.
Want read_want(Reader& in) {
  return {in.text(), in.text(), in.text(), in.number<std::uint64_t>(),
          in.text(), in.text(), in.text(), in.texts()};
}
Done read_done(Reader& in) {
  return {in.outcome(), in.text(), in.seconds(), in.seconds(), in.seconds(), in.seconds()};
}
Grant read_grant(Reader& in) {
  return {in.text(), in.number<unsigned>(), in.seconds(), in.texts()};
}
Local read_local(Reader& in) {
  return {in.text(), in.text()};
}
Move read_move(Reader& in) {
  return {in.move_cause(), in.text()};
}

std::optional<Message> read(std::string_view name, Reader& in) {
  if (name == "want") return read_want(in);
  if (name == "connected") return Connected{in.text()};
  if (name == "done") return read_done(in);
  if (name == "status") return StatusRequest{};
  if (name == "host") return read_grant(in);
  if (name == "local") return read_local(in);
  if (name == "move") return read_move(in);
  if (name == "state") return StatusReply{in.text()};
  return std::nullopt;
}

}  // namespace

std::string_view name(Outcome outcome) {
  return name_in(kOutcomes, outcome);
}

std::optional<Outcome> outcome_named(std::string_view name) {
  return named_in(kOutcomes, name);
}

std::string encode(const Message& message) {
  return std::visit(Encoder(), message);
}

Expected<Message> decode(std::string_view packet) {
  if (packet.size() > kMostBytes) return fail("a message of more than 128 KiB");
  Reader in(packet);
  const std::string name = in.text();
  std::optional<Message> message = read(name, in);
  if (!message) return fail("not a message of the scheduler");
  if (!in.good()) return fail("a malformed message: " + name);
  if (!in.at_end()) return fail("a message with too many fields: " + name);
  return *std::move(message);
}

}  // namespace pump::scheduler
