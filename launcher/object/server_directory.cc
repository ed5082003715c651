#include "launcher/object/server_directory.h"

#include <algorithm>
#include <cstring>

namespace pump::launcher::object {
namespace {

constexpr std::string_view kMarker = "/distccd_";
constexpr std::size_t kRandom = 6;   // mkdtemp's XXXXXX
constexpr std::size_t kJobFile = 8;  // a file's name ends with a number in hexadecimal digits

/// The shortest directory that distccd can have overwritten: "/distccd_XXXXXX" below "/".
constexpr std::size_t kFewestSlashes = kMarker.size() + kRandom;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// True if `name` is `directory` or below it.
bool is_below(std::string_view name, std::string_view directory) {
  if (!name.starts_with(directory)) return false;
  return name.size() == directory.size() || directory == "/" || name[directory.size()] == '/';
}

/// "/distccd_" and `random` characters at or after `from`, followed by what `ends` accepts.
template <typename Ends>
std::size_t find_marker(std::string_view text, std::size_t from, std::size_t random, Ends ends) {
  // memmem, because string_view::find stops at every slash and is slow for a whole object.
  const auto next = [text](std::size_t begin) {
    if (begin >= text.size()) return std::string_view::npos;
    const void* const found =
        ::memmem(text.data() + begin, text.size() - begin, kMarker.data(), kMarker.size());
    return found == nullptr ? std::string_view::npos
                            : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  };
  for (std::size_t at = next(from); at != std::string_view::npos; at = next(at + 1)) {
    const std::string_view name = text.substr(at + kMarker.size(), random);
    if (name.size() == random && std::all_of(name.begin(), name.end(), is_alphanumeric) &&
        ends(text.substr(at + kMarker.size() + random)))
      return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::size_t ServerDirectory::find_any(std::string_view text, std::size_t from) {
  const auto ends = [](std::string_view rest) {
    return rest.empty() || rest.front() == '/' || rest.front() == '\0';
  };
  return find_marker(text, from, kRandom, ends);
}

bool ServerDirectory::names_job_file(std::string_view text) {
  const auto ends = [](std::string_view rest) {
    return rest.size() > 1 && rest[0] == '.' &&
           std::string_view("osdi").find(rest[1]) != std::string_view::npos;
  };
  return find_marker(text, 0, kJobFile, ends) != std::string_view::npos;
}

bool ServerDirectory::is_client_name(std::string_view name) const {
  if (is_below(name, client_.physical)) return true;
  // The source, or its directory.
  return !client_.source.empty() && name.size() > 1 &&
         (client_.source == name || (client_.source.starts_with(name) &&
                                     client_.source.find('/', name.size() + 1) == std::string::npos &&
                                     client_.source[name.size()] == '/'));
}

Status ServerDirectory::learn(std::string_view name) {
  if (!name.starts_with('/')) return {};
  const std::size_t at = find_any(name);
  if (at != std::string_view::npos) {
    const std::size_t end = at + kMarker.size() + kRandom;
    if (!is_client_name(name.substr(end))) return {};
    const std::string_view marker = name.substr(at, end - at);
    if (!marker_.empty() && marker != marker_) return fail("the object names directories of two servers");
    marker_ = marker;
    return {};
  }
  const std::size_t run = std::min(name.find_first_not_of('/'), name.size());
  if (run <= kFewestSlashes || !is_client_name(name.substr(run - 1))) return {};
  if (slashes_ != 0 && slashes_ != run - 1) return fail("the object names directories of two servers");
  slashes_ = run - 1;
  return {};
}

std::string_view ServerDirectory::without_server(std::string_view name) const {
  if (!name.starts_with('/')) return name;
  const std::size_t at = marker_.empty() ? std::string_view::npos : name.find(marker_);
  if (at != std::string_view::npos) {
    const std::string_view rest = name.substr(at + marker_.size());
    return rest.starts_with('/') ? rest : name;
  }
  const bool overwritten = slashes_ != 0 && name.find_first_not_of('/') == slashes_ + 1;
  return overwritten ? name.substr(slashes_) : name;
}

Expected<std::string> ServerDirectory::mapped(std::string name) const {
  std::optional<std::string> result;
  for (const auto& [from, to] : client_.prefix_maps) {
    if (!name.starts_with(from)) continue;
    std::string candidate = to + name.substr(from.size());
    // gcc applies the last matching map; clang's versions differ.
    if (result && *result != candidate) return fail("several prefix maps fit " + name);
    result = std::move(candidate);
  }
  return result ? *std::move(result) : std::move(name);
}

Expected<std::optional<std::string>> ServerDirectory::rename(std::string_view name) const {
  const std::string_view rest = without_server(name);
  if (rest.size() == name.size()) return std::nullopt;
  PUMP_TRY(std::string renamed, mapped(rest == client_.physical ? client_.logical : std::string(rest)));
  return std::optional(std::move(renamed));
}

}  // namespace pump::launcher::object
