#include "launcher/run/local_messages.h"

#include <dirent.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <clocale>
#include <cstdlib>

#include "launcher/object/server_directory.h"
#include "launcher/run/gcc_messages.h"
#include "launcher/run/line_copies.h"
#include "pump/compilation/name_over_root.h"
#include "pump/compilation/relative_root.h"
#include "pump/distcc/distccd_protocol.h"
#include "pump/os/file_io.h"
#include "pump/os/format.h"
#include "pump/os/process.h"
#include "pump/os/text.h"

namespace pump::launcher {
namespace {

tl::unexpected<UnlikeMessages> unlike(std::string why) {
  return tl::make_unexpected(UnlikeMessages{std::move(why), false});
}
tl::unexpected<UnlikeMessages> unlike_here(std::string why) {
  return tl::make_unexpected(UnlikeMessages{std::move(why), true});
}

// The locale and the language.

bool locale_has_utf8() {
  if (std::setlocale(LC_CTYPE, "") == nullptr) return false;
  const std::string_view charset = ::nl_langinfo(CODESET);
  const bool utf8 = charset == "UTF-8" || charset == "utf8" || charset == "UTF8" || charset == "utf-8";
  std::setlocale(LC_CTYPE, "C");
  return utf8;
}

bool is_english(std::string_view language) {
  return language.empty() || language == "C" || language == "POSIX" || language.starts_with("C.") ||
         language.starts_with("en");
}

/// The first language that gettext would look for; empty if it would not look.
std::string_view language_of(const os::Environment& environment) {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string_view locale = environment.get_or(variable, "");
    if (locale.empty()) continue;
    if (locale == "C" || locale == "POSIX") return {};
    const std::string_view languages = environment.get_or("LANGUAGE", "");
    return languages.empty() ? locale : languages.substr(0, languages.find(':'));
  }
  return {};
}

bool holds_catalog(const std::string& directory) {
  DIR* const stream = ::opendir(directory.c_str());
  if (stream == nullptr) return false;
  bool found = false;
  while (const dirent* const entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    found = found || name.starts_with("gcc") || name.starts_with("cpplib");
  }
  ::closedir(stream);
  return found;
}

/// The directory in which the compiler's own one is: "/usr" for /usr/bin/g++; empty if the compiler is not found.
std::string prefix_of(const Decision& decision, const os::Environment& environment) {
  const auto program = os::find_program(decision.words.front(), environment.get_or("PATH", ""));
  return program ? std::string(os::dirname(os::dirname(*program))) : std::string();
}

bool has_translation(const Decision& decision, const os::Environment& environment) {
  const std::string_view language = language_of(environment);
  if (is_english(language)) return false;
  for (const std::string& prefix :
       {std::string("/usr"), std::string("/usr/local"), prefix_of(decision, environment)})
    for (const std::size_t end :
         {language.size(), language.find('.'), language.find('@'), language.find('_')})
      if (end != std::string_view::npos &&
          holds_catalog(os::format("{}/share/locale/{}/LC_MESSAGES", prefix, language.substr(0, end))))
        return true;
  return false;
}

// The terminal.

std::size_t terminal_columns(const os::Environment& environment) {
  const std::string_view text = environment.get_or("COLUMNS", "");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  if (columns > 0) return columns;
  // gcc asks standard input, clang standard error. The smaller width is the safe one.
  for (const int fd : {STDIN_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) continue;
    columns = columns == 0 ? size.ws_col : std::min<std::size_t>(columns, size.ws_col);
  }
  return columns;
}

bool has_long_line(std::string_view text, std::size_t columns, bool only_quoted) {
  if (columns == 0) return false;
  bool found = false;
  os::for_each_line(text, [&](std::string_view line) {
    found = found || (line.size() + 1 >= columns && (!only_quoted || line.starts_with(' ')));
  });
  return found;
}

/// Whether clang colours messages for this terminal: it asks terminfo, or knows names. Nothing: not certain.
std::optional<bool> clang_colours(const os::Environment& environment) {
  for (const char* variable : {"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"})
    if (environment.get(variable)) return {};
  const std::string_view term = environment.get_or("TERM", "");
  if (term.empty() || term == "dumb") return false;
  for (const std::string_view known : {"xterm", "screen", "tmux", "rxvt", "linux"})
    if (term.starts_with(known)) return true;
  return {};
}

/// True if gcc colours messages for a terminal.
bool gcc_colours_terminal(const os::Environment& environment) {
  const auto term = environment.get("TERM");
  return term && *term != "dumb";
}

/// True if gcc writes links for a terminal: auto_enable_urls() and parse_env_vars_for_urls() in gcc/diagnostic-color.cc.
bool gcc_writes_links(const os::Environment& environment) {
  if (!gcc_colours_terminal(environment)) return false;
  const auto colours = environment.get("COLORTERM");
  if (colours && (*colours == "xfce4-terminal" || *colours == "gnome-terminal")) return false;
  for (const char* variable : {"GCC_URLS", "TERM_URLS"})
    if (const auto value = environment.get(variable)) return !value->empty() && *value != "no";
  const std::string_view term = environment.get_or("TERM", "");
  return colours || (term != "xterm" && term != "linux");
}

// The files that gcc reads again.

enum class OnHost { Sent, SentWithLine, Missing };

/// `name`: as in the messages, or absolute.
OnHost file_on_host(const std::string& name, const std::vector<std::string>& sent) {
  char* const resolved = ::realpath(name.c_str(), nullptr);
  // What is not here cannot be quoted here. A server does not have it below the job's directory either.
  if (resolved == nullptr) return name.starts_with('/') ? OnHost::Missing : OnHost::Sent;
  const std::string real(resolved);
  std::free(resolved);
  for (const std::string& file : sent)
    if (distcc::without_copy_suffix(file) == real)
      return file.ends_with(distcc::kLineCopySuffix) ? OnHost::SentWithLine : OnHost::Sent;
  return OnHost::Missing;
}

/// True for files of the compiler and the system, which a host has, too.
bool is_system_file(std::string_view name, const Decision& decision, const os::Environment& environment) {
  for (const std::string_view directory : {"/usr/include/", "/usr/lib/", "/usr/local/include/"})
    if (name.starts_with(directory)) return true;
  const std::string prefix = prefix_of(decision, environment);
  return prefix.size() > 1 && (name.starts_with(prefix + "/lib") || name.starts_with(prefix + "/include/"));
}

/// Why gcc may quote other lines of `name` here. `as_given`: the host's messages have this name, too.
std::string quoted_otherwise(const std::string& name, bool as_given, const Decision& decision,
                             const os::Environment& environment, const std::vector<std::string>& sent) {
  if (name.starts_with('<')) return {};  // <command-line>, <built-in>
  switch (file_on_host(name, sent)) {
    case OnHost::Sent:
      // A #line of the user gives an absolute name.
      if (!as_given || !name.starts_with('/')) return {};
      [[fallthrough]];
    case OnHost::SentWithLine:
      return name + " has another name on a host, so that gcc cannot quote it there";
    case OnHost::Missing:
      break;
  }
  if (name.starts_with('/') && is_system_file(name, decision, environment)) return {};
  return name + " is named in a message, but was not sent";
}

/// Lines that begin with the compiler's name on the host get its name here.
std::string with_program(std::string_view text, const Decision& decision) {
  const std::string there = std::string(os::basename(decision.compiler_there)) + ":";
  std::string result;
  std::size_t line = 0;
  while (line < text.size()) {
    const std::size_t end = std::min(text.find('\n', line), text.size() - 1) + 1;
    std::string_view rest = text.substr(line, end - line);
    constexpr std::string_view kBold = "\033[01m\033[K";
    if (rest.starts_with(kBold)) {
      result += kBold;
      rest.remove_prefix(kBold.size());
    }
    if (rest.starts_with(there)) {
      result += decision.program;
      rest.remove_prefix(there.size() - 1);
    }
    result += rest;
    line = end;
  }
  return result;
}

std::string restored(std::string_view text, const Decision& decision) {
  return decision.relative ? decision.relative->names.restored(text) : std::string(text);
}

tl::expected<std::string, UnlikeMessages> from_gcc(std::string_view messages, const Decision& decision,
                                                   const os::Environment& environment,
                                                   const std::vector<std::string>& sent,
                                                   const MessagePlace& place) {
  if (decision.messages.records_words) return unlike("-frecord-gcc-switches");
  if (place.translated) return unlike_here("gcc's messages are translated here");
  if (environment.get("GCC_EXTRA_DIAGNOSTIC_OUTPUT"))
    return unlike_here("GCC_EXTRA_DIAGNOSTIC_OUTPUT is set");
  const auto read = read_gcc_messages(restored(messages, decision), place.utf8);
  if (!read) return unlike(read.error().message);
  const auto on_host = read_gcc_messages(messages, place.utf8);
  if (!on_host) return unlike(on_host.error().message);
  for (const std::string& name : read->located_files) {
    const auto& given = on_host->located_files;
    const bool as_given = std::find(given.begin(), given.end(), name) != given.end();
    if (std::string why = quoted_otherwise(name, as_given, decision, environment, sent); !why.empty())
      return unlike(std::move(why));
  }
  const auto colours = environment.get("GCC_COLORS");
  const bool wanted =
      decision.messages.colours == Colours::Always ||
      (decision.messages.colours == Colours::Auto && place.terminal && gcc_colours_terminal(environment));
  const bool coloured = wanted && !(colours && colours->empty());
  if (coloured && colours) return unlike_here("GCC_COLORS is set");
  if (place.terminal) {
    if (decision.messages.urls && gcc_writes_links(environment))
      return unlike_here("gcc writes links to its manual for this terminal");
    if (has_long_line(read->plain, place.columns, true))
      return unlike_here("a quoted line is wider than the terminal");
  }
  return with_program(coloured ? read->coloured : read->plain, decision);
}

/// True for messages of clang's optimizer. Where they are in a line, clang finds by opening the file that the debug information
/// names, and a host has none of that name.
bool has_optimizer_message(std::string_view messages) {
  constexpr std::array<std::string_view, 3> kMarks{"[-Rpass", "[-Wpass-failed",
                                                   "note: could not determine the original source location"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return messages.find(mark) != std::string_view::npos; });
}

tl::expected<std::string, UnlikeMessages> from_clang(std::string_view messages, const Decision& decision,
                                                     const os::Environment& environment,
                                                     const std::vector<std::string>& sent,
                                                     const MessagePlace& place) {
  const bool renamed = decision.relative || first_line_copy(sent);
  if (renamed && has_optimizer_message(messages))
    return unlike("clang's optimizer names lines of files that have other names on a host");
  std::string text = restored(messages, decision);
  if (!place.terminal) return text;
  if (decision.messages.colours == Colours::Auto && !clang_colours(environment))
    return unlike_here("it is not known whether clang colours messages for this terminal");
  if (has_long_line(text, place.columns, false)) return unlike_here("a line is wider than the terminal");
  return text;
}

/// True if a message may quote, or give a column of, a line with an #include that the include server edits
/// (absolute_include_rewriter.h). A name over the working directory in quotes is in such a line; elsewhere it is that of a file.
bool may_show_edited_line(std::string_view messages) {
  const std::string over_cwd = '"' + std::string(compilation::kCwdLink);
  return compilation::may_have_name_over_root(messages) ||
         messages.find(over_cwd) != std::string_view::npos ||
         messages.find("#include") != std::string_view::npos ||
         messages.find("#import") != std::string_view::npos;
}

}  // namespace

MessagePlace MessagePlace::current(const Decision& decision, const CommandContext& context) {
  MessagePlace place;
  place.terminal = ::isatty(STDERR_FILENO) == 1;
  if (place.terminal) place.columns = terminal_columns(context.environment);
  place.utf8 = locale_has_utf8();
  place.translated = has_translation(decision, context.environment);
  return place;
}

std::vector<std::string> message_words(const Decision& decision, const os::Environment& environment,
                                       bool terminal) {
  switch (decision.compiler) {
    case CompilerKind::Gcc:
      if (decision.messages.records_words) return {};
      return {"-fdiagnostics-color=always"};
    case CompilerKind::Clang:
      if (terminal && decision.messages.colours == Colours::Auto &&
          clang_colours(environment).value_or(false))
        return {"-fcolor-diagnostics"};
      return {};
    case CompilerKind::Other:
      break;
  }
  return {};
}

tl::expected<std::string, UnlikeMessages> local_messages(std::string_view messages, const Decision& decision,
                                                         const CommandContext& context,
                                                         const std::vector<std::string>& sent,
                                                         const MessagePlace& place) {
  if (messages.empty()) return std::string();
  if (decision.compiler == CompilerKind::Other) return restored(messages, decision);
  if (messages == "[]\n") return std::string(messages);  // no message, as JSON
  if (!decision.messages.obstacle.empty()) return unlike(decision.messages.obstacle);
  if (object::ServerDirectory::find_any(messages) != std::string_view::npos)
    return unlike("the host's messages name a directory of the host");
  if (decision.client.edited_files && (!decision.messages.quotes_lines || may_show_edited_line(messages)))
    return unlike("a message may be about an #include that was edited for the host");
  if (messages.find(": Assembler messages:") != std::string_view::npos)
    return unlike("the assembler's messages name a temporary file of the host");
  return decision.compiler == CompilerKind::Gcc
             ? from_gcc(messages, decision, context.environment, sent, place)
             : from_clang(messages, decision, context.environment, sent, place);
}

std::string readable_messages(std::string_view messages, const Decision& decision) {
  std::string text = restored(messages, decision);
  if (decision.compiler != CompilerKind::Gcc) return text;
  auto read = read_gcc_messages(text, false);
  return read ? std::move(read->plain) : text;
}

}  // namespace pump::launcher
