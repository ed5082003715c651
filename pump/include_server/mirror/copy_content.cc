#include "pump/include_server/mirror/copy_content.h"

#include "pump/distcc/distccd_protocol.h"
#include "pump/distcc/lzo.h"
#include "pump/include_server/send_plan/line_marker.h"

namespace pump::include_server {

Expected<std::string> compressed_copy(const std::string& bytes, const CopyEdits& edits) {
  if (edits.line_name.empty() && edits.padding == 0) return distcc::lzo_compress(bytes);
  std::string text =
      edits.line_name.empty() ? bytes : with_line_directive(bytes, edits.line_name, edits.prologue);
  text.append(edits.padding, '\n');
  return distcc::lzo_compress(text);
}

std::string name_of_copy(const std::string& real_path, const CopyEdits& edits) {
  return real_path + std::string(edits.line_name.empty() ? distcc::kCopySuffix : distcc::kLineCopySuffix);
}

}  // namespace pump::include_server
