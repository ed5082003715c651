// libFuzzer target: the command-line parser. Words are separated by newlines. For any input, the parsed
// arguments cover the words in order, without a gap and without reading past the end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "pump/compilation/command.h"
#include "pump/compilation/language.h"

using namespace pump::compilation;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == '\n') {
      words.emplace_back();
    } else if (data[i] != 0) {
      words.back() += static_cast<char>(data[i]);
    }
  }
  // The content of "@x" is the text after the last colon of its name, so that the fuzzer controls it.
  const auto read = [](const std::string& path) -> std::optional<std::string> {
    const std::size_t colon = path.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    return path.substr(colon + 1);
  };
  const auto command = parse(words, read);
  if (!command) return 0;
  require(!command->words.empty());
  std::size_t next = 1;
  for (const Argument& argument : command->arguments) {
    require(argument.first == next);
    require(argument.words >= 1);
    next = argument.first + argument.words;
  }
  require(next == command->words.size());
  for (const Argument& argument : command->arguments) (void)language_of(argument.value, "");
  (void)split_response_file(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
