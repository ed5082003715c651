#include "tests/fuzz/differential_replica.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "pump/os/file_io.h"
#include "tests/fuzz/differential_generator.h"
#include "tests/oracle/reply_check.h"
#include "tests/tools/wire_client.h"

namespace pump::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kForcing = "/forcing_technique_271828";

}  // namespace

std::set<std::string> lay_out(const std::vector<std::string>& reply, const std::string& replica) {
  std::set<std::string> files;
  for (const std::string& path : reply) {
    std::string name = tools::original_name(path);
    if (name.ends_with(kForcing)) {
      fs::create_directories(replica + name.substr(0, name.size() - kForcing.size()));
      continue;
    }
    fs::create_directories(fs::path(replica + name).parent_path());
    if (fs::is_symlink(fs::symlink_status(path))) {
      const std::string target = fs::read_symlink(path).string();
      fs::create_symlink(target.starts_with('/') ? replica + target : target, replica + name);
    } else {
      const auto written = os::write_file_atomically(replica + name, oracle::decompress(path), 0644);
      if (!written) throw std::runtime_error(written.error().message);
      files.insert(name);
    }
  }
  return files;
}

std::vector<std::string> as_client_sends(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  for (const std::string& word : argv) {
    if (!word.starts_with("-Wp,")) {
      words.push_back(word);
      continue;
    }
    std::istringstream parts(word.substr(4));
    for (std::string part; std::getline(parts, part, ',');) words.push_back(part);
  }
  return words;
}

std::vector<std::string> turned_to_replica(std::vector<std::string> words, const std::string& source,
                                           const std::string& replica) {
  constexpr std::array<std::string_view, 9> kTurned{
      "-I",           "-include",           "-imacros", "-idirafter", "-iprefix",
      "-iwithprefix", "-iwithprefixbefore", "-isystem", "-iquote"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string& word = words[i];
    if (word == source && word.starts_with('/')) word.insert(0, replica);
    const auto option = std::find_if(kTurned.begin(), kTurned.end(),
                                     [&](std::string_view one) { return word.starts_with(one); });
    if (option == kTurned.end()) continue;
    if (word == *option && i + 1 < words.size()) {
      ++i;
      if (words[i].starts_with('/')) words[i].insert(0, replica);
    } else if (word.size() > option->size() && word[option->size()] == '/') {
      word.insert(option->size(), replica);
    }
  }
  return words;
}

void write_other_project(const std::string& root) {
  std::vector<std::string> directories = possible_directories();
  directories.emplace_back();
  for (const std::string& directory : directories) {
    fs::create_directories(root + "/" + directory);
    for (std::string name : possible_names()) {
      name = root + "/" + directory + "/" + name;
      if (fs::is_directory(name)) continue;
      const auto written =
          os::write_file_atomically(name, "__asm__(\".ascii \\\"the server's own\\\"\");\n", 0644);
      if (!written) throw std::runtime_error(written.error().message);
    }
  }
}

}  // namespace pump::fuzz
