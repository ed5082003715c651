// Reads the messages of a gcc that was asked for colours (-fdiagnostics-color=always).
//
// A server has a locale of its own. In the C locale gcc quotes 'x', in a UTF-8 locale it quotes ‘x’. An apostrophe alone
// does not tell, but gcc writes a quoted text in bold: the escape sequences show where it begins and ends. Without
// them, the text is what gcc writes without colours. gcc's sequences are in gcc/diagnostic-color.cc, the quotes in
// gcc/pretty-print.cc (pp_begin_quote). Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pump/os/error.h"

namespace pump::launcher {

struct GccMessages {
  std::string plain;     ///< without colours
  std::string coloured;  ///< with them
  /// Files of which gcc quotes a line, if it can read it: those in "FILE:LINE:COLUMN:" at the beginning of a line.
  std::vector<std::string> located_files;
};

/// `utf8`: this machine's locale has UTF-8, so quotation marks are ‘ and ’ here. Error: the text has another form than gcc
/// gives it, or holds an identifier that depends on the locale.
Expected<GccMessages> read_gcc_messages(std::string_view text, bool utf8);

}  // namespace pump::launcher
