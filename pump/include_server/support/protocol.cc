#include "pump/include_server/support/protocol.h"

#include <algorithm>

namespace pump::include_server {
namespace {

using distcc::token_number;
constexpr std::size_t kNameSize = distcc::kTokenName;
constexpr std::size_t kTokenSize = distcc::kToken;

}  // namespace

const char* describe(ProtocolError error) {
  switch (error) {
    case ProtocolError::None:
      return "no error";
    case ProtocolError::BadToken:
      return "unexpected token";
    case ProtocolError::BadNumber:
      return "a token's number is not lower-case hexadecimal";
    case ProtocolError::DirectoryTooLong:
      return "working directory too long";
    case ProtocolError::TooManyArguments:
      return "too many arguments";
    case ProtocolError::ArgumentTooLong:
      return "argument too long";
    case ProtocolError::RequestTooLong:
      return "request too long";
    case ProtocolError::EmbeddedNul:
      return "NUL byte in a string";
    case ProtocolError::TrailingBytes:
      return "bytes after the end of the request";
  }
  return "unknown error";
}

RequestDecoder::State RequestDecoder::fail(ProtocolError error) {
  error_ = error;
  return state_ = State::Malformed;
}

RequestDecoder::State RequestDecoder::feed(std::string_view bytes) {
  if (state_ == State::Malformed || bytes.empty()) return state_;
  received_ += bytes.size();
  if (received_ > kMaxRequest) return fail(ProtocolError::RequestTooLong);
  const bool clean = bytes.find('\0') == std::string_view::npos;
  while (state_ == State::NeedsMore && !bytes.empty()) {
    if (clean && due_ == Due::ArgumentToken && token_.empty()) take_whole_arguments(bytes);
    if (state_ != State::NeedsMore || bytes.empty()) break;
    if (due_ == Due::Directory) {
      take_string_bytes(directory_, bytes);
    } else if (due_ == Due::Argument) {
      take_string_bytes(arguments_.back(), bytes);
    } else {
      const std::size_t take = std::min(kTokenSize - token_.size(), bytes.size());
      token_.append(bytes.substr(0, take));
      bytes.remove_prefix(take);
      if (token_.size() == kTokenSize) {
        take_token(token_);
        token_.clear();
      }
    }
  }
  if (state_ != State::Malformed && !bytes.empty()) return fail(ProtocolError::TrailingBytes);
  return state_;
}

// The fast case: arguments that have arrived as a whole. Errors and incomplete ones are left to feed().
void RequestDecoder::take_whole_arguments(std::string_view& bytes) {
  if (arguments_.empty())
    arguments_.reserve(std::min<std::size_t>(arguments_due_, bytes.size() / kTokenSize));
  while (state_ == State::NeedsMore && bytes.size() >= kTokenSize && bytes.substr(0, kNameSize) == "ARGV") {
    const auto number = token_number(bytes);
    if (!number || *number > kMaxArgument || *number > bytes.size() - kTokenSize) return;
    arguments_.emplace_back(bytes.substr(kTokenSize, *number));
    bytes.remove_prefix(kTokenSize + *number);
    finish_if_all_there();
  }
}

RequestDecoder::State RequestDecoder::take_token(std::string_view token) {
  const std::string_view name = token.substr(0, kNameSize);
  const auto number = token_number(token);
  const bool first = due_ == Due::FirstToken;
  const std::string_view due_name = first ? "CDIR" : due_ == Due::Count ? "ARGC" : "ARGV";
  const bool may_want = first && !wants_fragments_ && !wants_predicted_files_;
  if (may_want && token == distcc::kFragmentsWanted) {
    wants_fragments_ = true;
    return state_;
  }
  if (may_want && token == distcc::kPredictedFilesWanted) {
    wants_predicted_files_ = true;
    return state_;
  }
  const bool status = may_want && name == "STAT";
  const bool no_directory = first && name == "ARGC";
  if (name != due_name && !status && !no_directory) return fail(ProtocolError::BadToken);
  if (!number) return fail(ProtocolError::BadNumber);

  if (status) return *number == 0 ? state_ = State::StatusRequest : fail(ProtocolError::BadToken);
  if (due_ == Due::Count || no_directory) {
    if (*number > kMaxArguments) return fail(ProtocolError::TooManyArguments);
    arguments_due_ = *number;
    due_ = Due::ArgumentToken;
    return finish_if_all_there();
  }
  if (first) {
    if (*number > kMaxDirectory) return fail(ProtocolError::DirectoryTooLong);
    has_directory_ = true;
    remaining_ = *number;
    due_ = remaining_ == 0 ? Due::Count : Due::Directory;
    return state_;
  }
  if (*number > kMaxArgument) return fail(ProtocolError::ArgumentTooLong);
  remaining_ = *number;
  arguments_.emplace_back();
  if (remaining_ != 0) {
    due_ = Due::Argument;
    return state_;
  }
  return finish_if_all_there();
}

// The string grows with the bytes that arrive; a length alone does not make it allocate.
RequestDecoder::State RequestDecoder::take_string_bytes(std::string& target, std::string_view& bytes) {
  const std::size_t take = std::min<std::size_t>(remaining_, bytes.size());
  const std::string_view part = bytes.substr(0, take);
  if (part.find('\0') != std::string_view::npos) return fail(ProtocolError::EmbeddedNul);
  target.append(part);
  bytes.remove_prefix(take);
  remaining_ -= static_cast<std::uint32_t>(take);
  if (remaining_ != 0) return state_;
  if (due_ == Due::Directory) {
    due_ = Due::Count;
    return state_;
  }
  due_ = Due::ArgumentToken;
  return finish_if_all_there();
}

RequestDecoder::State RequestDecoder::finish_if_all_there() {
  if (arguments_.size() == arguments_due_) state_ = State::Complete;
  return state_;
}

std::string encode_reply(const std::vector<std::string>& paths) {
  std::size_t size = kTokenSize;
  for (const std::string& path : paths) size += kTokenSize + path.size();
  std::string out;
  out.reserve(size);
  append_token(out, "ARGC", static_cast<std::uint32_t>(paths.size()));
  for (const std::string& path : paths) {
    append_token(out, "ARGV", static_cast<std::uint32_t>(path.size()));
    out += path;
  }
  return out;
}

std::string encode_request(std::string_view directory, const std::vector<std::string>& arguments) {
  std::string out;
  append_token(out, "CDIR", static_cast<std::uint32_t>(directory.size()));
  out += directory;
  out += encode_reply(arguments);
  return out;
}

}  // namespace pump::include_server
