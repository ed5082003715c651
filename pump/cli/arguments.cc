#include "pump/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "pump/cli/verbs.h"
#include "pump/os/format.h"

namespace pump::cli {
namespace {

/// The words after pump's options. CLI11 also leaves unknown options there, and the "--" that ended pump's
/// own.
Expected<std::vector<std::string>> words_of(std::vector<std::string> rest) {
  if (rest.empty()) return rest;
  if (rest.front() == "--") {
    rest.erase(rest.begin());
    if (rest.empty()) return fail("no COMMAND after --");
    return rest;
  }
  if (rest.front().size() > 1 && rest.front().front() == '-')
    return fail(os::format(
        "unknown option {} (options of COMMAND go after COMMAND; `pump --help` lists pump's)", rest.front()));
  return rest;
}

const Verb* verb_named(std::string_view option) {
  const auto table = verbs();
  return &*std::find_if(table.begin(), table.end(), [&](const Verb& verb) { return verb.option == option; });
}

/// --help wins over all others. Without a verb, words are COMMAND; without words, pump shows its help.
Expected<const Verb*> choose_verb(const std::vector<const Verb*>& given, bool has_words) {
  const Verb* const help_verb = verb_named("--help");
  if (std::find(given.begin(), given.end(), help_verb) != given.end()) return help_verb;
  if (given.size() > 1)
    return fail(os::format("{} and {}: give no more than one of them", given[0]->option, given[1]->option));
  if (given.size() == 1) return given.front();
  return has_words ? verb_named("") : help_verb;
}

/// Names the verbs that allow --json.
std::string json_error() {
  std::string allowed;
  for (const Verb& verb : verbs())
    if (verb.takes_json) allowed += os::format("{}{}", allowed.empty() ? "" : " and ", verb.option);
  return os::format("--json goes with {} only", allowed);
}

Status check(const Arguments& arguments) {
  const Verb& verb = *arguments.verb;
  if (verb.run == help) return {};
  if (arguments.words.size() > verb.most_operands) {
    if (verb.most_operands == 0)
      return fail(
          os::format("{} takes no COMMAND (to run a COMMAND of that name, write -- before it)", verb.option));
    return fail(os::format("{} takes one {}, not also {}", verb.option, verb.operand,
                           arguments.words[verb.most_operands]));
  }
  if (arguments.json && !verb.takes_json) return fail(json_error());
  return {};
}

}  // namespace

Expected<Arguments> parse_arguments(int argc, const char* const* argv) {
  CLI::App app;
  app.prefix_command();
  app.set_help_flag();  // --help is in the table of verbs
  const auto table = verbs();
  const auto flags = std::make_unique<bool[]>(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].option.empty()) continue;
    const std::string names = table[i].short_option.empty()
                                  ? std::string(table[i].option)
                                  : os::format("{},{}", table[i].short_option, table[i].option);
    app.add_flag(names, flags[i]);
  }
  Arguments arguments;
  app.add_flag("--no-record", arguments.no_record);
  app.add_flag("--json", arguments.json);
  app.add_option("--include-server", arguments.include_server)->check(CLI::IsMember({"native", "python"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return fail(error.what());
  }
  PUMP_TRY(arguments.words, words_of(app.remaining()));
  std::vector<const Verb*> given;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (flags[i]) given.push_back(&table[i]);
  PUMP_TRY(arguments.verb, choose_verb(given, !arguments.words.empty()));
  PUMP_CHECK(check(arguments));
  return arguments;
}

}  // namespace pump::cli
