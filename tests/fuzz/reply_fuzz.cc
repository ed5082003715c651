// libFuzzer target: the decoder of distccd's replies. For any bytes in any pieces it does not crash, gives the same
// result for any split, and keeps no more than its limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pump/distcc/distccd_protocol.h"

using pump::distcc::ReplyDecoder;
using State = ReplyDecoder::State;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void require_same(ReplyDecoder& one, ReplyDecoder& two) {
  require(one.state() == two.state() && one.wait_status() == two.wait_status());
  require(one.messages() == two.messages() && one.output() == two.output());
  require(one.object() == two.object() && one.dependencies() == two.dependencies());
  require(one.has_dependencies() == two.has_dependencies());
}

void check_complete(ReplyDecoder& decoder) {
  require(decoder.error().empty());
  require(decoder.has_dependencies() == (decoder.wait_status() == 0));
  if (decoder.wait_status() != 0) require(decoder.object().empty() && decoder.dependencies().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte is the size of the pieces.
  const std::size_t piece = 1 + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);

  ReplyDecoder whole;
  whole.feed(bytes);
  ReplyDecoder pieces;
  for (std::size_t i = 0; i < bytes.size(); i += piece) pieces.feed(bytes.substr(i, piece));

  require_same(whole, pieces);
  if (whole.state() == State::Malformed) {
    require(!whole.error().empty());
    return 0;
  }
  require(whole.received() == bytes.size());
  if (whole.state() != State::Complete) return 0;
  check_complete(whole);
  require(whole.feed("x") == State::Malformed);
  return 0;
}
