#include "pump/include_server/unit/unit_cache.h"

#include <algorithm>
#include <array>

#include "pump/distcc/distcc_arguments.h"

namespace pump::include_server {
namespace {

using compilation::Argument;
using compilation::CommandLine;
using compilation::Option;

constexpr std::size_t kMostUnits = 1000;

// A key is a sequence of these letters, each followed by the word and a NUL, which no word contains.
constexpr char kWord = 'w', kSource = 's', kAbsoluteSource = 'a', kOutput = 'o';

bool is_plain_name(std::string_view word) {
  return !word.empty() && word.front() != '-' && word.front() != '@';
}

bool precedes_output(std::string_view word) {
  return word == "-o" || word == "-MF" || word == "-MT" || word == "-MQ";
}

std::string_view suffix(std::string_view file) {
  const std::size_t end = file.find_last_of("./");
  return end == std::string_view::npos || file[end] == '/' ? std::string_view() : file.substr(end + 1);
}

bool names_output(const Argument& argument) {
  const bool written = argument.option == Option::Output || argument.option == Option::DependencyFileName ||
                       argument.option == Option::DependencyTarget;
  return written && argument.separate && argument.words == 2;
}

}  // namespace

CommandShape::CommandShape(const std::vector<std::string>& argv,
                           std::initializer_list<std::string_view> context) {
  std::size_t size = 0;
  for (const std::string& word : argv) size += word.size() + 2;
  for (const std::string_view part : context) size += part.size() + 1;
  key.reserve(size);
  for (const std::string_view part : context) (key += part) += '\0';
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (i > 0 && is_plain_name(word)) {
      const std::string& before = argv[i - 1];
      if (precedes_output(before) && !distcc::is_source(word)) {
        outputs.push_back(i);
        (key += kOutput) += '\0';
        continue;
      }
      if (source == 0 && (before == "-c" || i + 1 == argv.size() || distcc::is_source(word))) {
        source = i;
        key += word.front() == '/' ? kAbsoluteSource : kSource;
        (key += suffix(word)) += '\0';
        continue;
      }
    }
    ((key += kWord) += word) += '\0';
  }
}

bool CommandShape::fits(const std::vector<std::string>& argv, const CommandLine& command,
                        const Argument& source_argument) const {
  if (source == 0 || !command.response_files.empty() || command.words != argv) return false;
  if (source_argument.option != Option::Input || source_argument.value_word != source) return false;
  return std::all_of(outputs.begin(), outputs.end(), [&](std::size_t word) {
    return std::any_of(command.arguments.begin(), command.arguments.end(), [&](const Argument& argument) {
      return names_output(argument) && argument.value_word == word;
    });
  });
}

std::shared_ptr<const CachedUnit> UnitCache::find(const CommandShape& shape) {
  const std::lock_guard lock(mutex_);
  const auto found = units_.find(shape.key);
  return found == units_.end() ? nullptr : found->second;
}

void UnitCache::store(CommandShape shape, std::shared_ptr<const CachedUnit> unit) {
  const std::lock_guard lock(mutex_);
  if (units_.size() >= kMostUnits) units_.clear();
  units_[std::move(shape.key)] = std::move(unit);
}

}  // namespace pump::include_server
