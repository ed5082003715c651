// libFuzzer target: the request decoder. For any bytes in any pieces it does not crash, does not keep more
// than it received, gives the same result for any split, and encodes an accepted request to the same bytes
// again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pump/include_server/support/protocol.h"

using pump::include_server::encode_reply;
using pump::include_server::encode_request;
using pump::include_server::RequestDecoder;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_round_trip(RequestDecoder& decoder, std::string_view bytes) {
  const std::string again = decoder.has_directory() ? encode_request(decoder.directory(), decoder.arguments())
                                                    : encode_reply(decoder.arguments());
  require(again == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte is the size of the pieces.
  const std::size_t piece = 1 + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);

  RequestDecoder whole;
  whole.feed(bytes);
  RequestDecoder pieces;
  for (std::size_t i = 0; i < bytes.size(); i += piece) pieces.feed(bytes.substr(i, piece));

  require(whole.state() == pieces.state());
  require(whole.state() == RequestDecoder::State::Malformed || whole.received() == bytes.size());
  if (whole.state() == RequestDecoder::State::Complete) {
    require(whole.directory() == pieces.directory() && whole.arguments() == pieces.arguments());
    check_round_trip(whole, bytes);
  }
  return 0;
}
