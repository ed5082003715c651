// Which headers the operand of a computed #include, or of __has_include, can name.
//
// The operand is expanded once for each combination of the possible definitions of its macros. If every macro
// has one definition, that is one expansion and one header. Any thread, with an Expander of its own.
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

/// Adds all headers that the operand may name to `names`. False if they cannot be determined: a macro may be
/// anything, a value is unknown, or more than `tries` expansions are needed. `tries` is decremented.
bool header_names(Expander& expander, MacroTable& macros, bool clang, const std::vector<Token>& operand,
                  std::set<HeaderName>& names, unsigned& tries);

/// The header that the next tokens of a started expansion name; sets `angled` if it is in <>. Nothing if they
/// name no header.
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
