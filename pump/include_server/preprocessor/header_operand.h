// What an operand of #include or __has_include names: the header of its expansion or, where macros have
// several possible definitions, all the headers it may be. Any thread, with an Expander of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/preprocessor/expansion.h"

namespace pump::include_server {

/// The header a computed `#include` names, from its expanded tokens; `angled` says in which form.
std::optional<std::string> header_name(Expander& expander, bool clang, bool& angled);

/// Where the operand of a __has_include or its like begins.
struct ProbeOperand {
  std::size_t begin = 0;
  bool next = false;  ///< __has_include_next
};
/// All that stand in an expression or, `body`, in a macro's body; nothing where one cannot be told: part of
/// it comes from a parameter, or what asks and what is asked for do not stand together.
std::optional<std::vector<ProbeOperand>> probe_operands(const std::vector<Token>& tokens, bool body);

/// A header's name, and whether it stands in <>.
using HeaderName = std::pair<Symbol, bool>;
/// All the headers that an operand may name, each alternative of each macro tried; false where they cannot be
/// told. `tries`: expansions left.
bool header_names(Expander& expander, MacroTable& macros, bool clang, const std::vector<Token>& tokens,
                  std::set<HeaderName>& names, unsigned& tries);

}  // namespace pump::include_server
