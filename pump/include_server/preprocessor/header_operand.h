// Which headers the operand of a computed #include, or of __has_include, can name.
//
// If every macro has one definition, the operand is expanded once and names one header. An expansion that
// meets a macro with several possible definitions stops there and is repeated with each of them. So there is
// one expansion for each combination of definitions, and one for each stop.
//
// Any thread, with an Expander and a MacroTable of its own: the table is changed during the expansions, and
// restored.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pump/include_server/preprocessor/expansion.h"

namespace pump::include_server {

/// Name, and whether it is in <>.
using HeaderName = std::pair<Symbol, bool>;

/// Adds all headers that the operand may name to `names`; an ill-formed operand adds none. False if they
/// cannot be determined: a macro may be anything, an expansion ends in an unknown value or is too long, or
/// more than `tries` expansions are needed. Each expansion decrements `tries`.
bool possible_headers(Expander& expander, MacroTable& macros, bool clang, const std::vector<Token>& operand,
                      std::set<HeaderName>& names, unsigned& tries);

/// The header that the next tokens of a started expansion name, with the blanks that the compiler puts into a
/// name from macros; sets `angled` if it is in <>. Nothing if the tokens name no header.
std::optional<std::string> header_name(Expander& expander, bool clang, bool& angled);

/// The operand of a __has_include, __has_include_next or __has_embed in a list of tokens.
struct ProbeOperand {
  std::size_t begin = 0;  ///< index of its first token, after the parenthesis
  bool next = false;      ///< __has_include_next
};
/// All such operands in an expression or, if `body`, in the body of a macro. Nothing if one cannot be
/// determined: part of it is a macro parameter, or the name and its parentheses are not in the same list.
std::optional<std::vector<ProbeOperand>> probe_operands(const std::vector<Token>& tokens, bool body);

}  // namespace pump::include_server
