#include "pump/include_server/send_plan/copy_edits.h"

namespace pump::include_server {

std::string with_replacements(std::string_view bytes, const std::vector<Replacement>& replacements) {
  std::string out;
  std::size_t at = 0;
  for (const Replacement& replacement : replacements) {
    out += bytes.substr(at, replacement.begin - at);
    out += replacement.text;
    at = replacement.end;
  }
  out += bytes.substr(at);
  return out;
}

}  // namespace pump::include_server
