// A compiler's messages as it writes them on this machine, from those that a host sent.
//
// A host's compiler gets relative names in place of absolute ones, another locale and no terminal. Names, colours
// and quotation marks are put right here. What cannot be put right for certain is an error: the unit is then
// compiled here. So only commands that succeed are concerned; after a failure the messages are local ones anyway.
//
// What differs for gcc, and how it is handled:
//   - quotation marks depend on the locale: gcc_messages.h;
//   - gcc reads a file again, by the name that it reports, when it quotes a line. If the host had no such file, or
//     may have had another one, the messages are not used;
//   - translations, on a terminal links to gcc's manual and quoted lines cut at its width, and colours of the user's own
//     (GCC_COLORS) are not imitated.
// clang's messages depend on nothing but names, colours and the terminal's width. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "launcher/decide/decide.h"
#include "pump/os/error.h"

namespace pump::launcher {

/// Where the messages go, and what the compiler would know of it here.
struct MessagePlace {
  bool terminal = false;    ///< standard error is one
  std::size_t columns = 0;  ///< of the terminal; 0: unknown
  bool utf8 = false;        ///< the locale's character set
  bool translated = false;  ///< gcc has messages in the user's language

  /// Of this process's standard error.
  static MessagePlace current(const Decision& decision, const CommandContext& context);
};

/// Messages that cannot be made equal.
struct UnlikeMessages {
  std::string why;
  bool here_only =
      false;  ///< because of this terminal or environment: elsewhere the same unit may have equal ones
};

/// Words to append for the compiler on a host.
std::vector<std::string> message_words(const Decision& decision, const os::Environment& environment,
                                       bool terminal);

/// `messages`: of a compilation that succeeded. `sent`: UnitFiles::names.
tl::expected<std::string, UnlikeMessages> local_messages(std::string_view messages, const Decision& decision,
                                                         const CommandContext& context,
                                                         const std::vector<std::string>& sent,
                                                         const MessagePlace& place);

/// Any messages, for people: names are put right, colours are left out.
std::string readable_messages(std::string_view messages, const Decision& decision);

}  // namespace pump::launcher
