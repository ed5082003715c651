// main() for the libFuzzer targets without libFuzzer: inputs that once failed stay tests, with any compiler.
//   seeds_NAME FILE|DIRECTORY...
// Runs every file as a whole and, up to 2 KiB, truncated after each of its bytes: most defects of a reader
// are at an end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kCutUpTo = 2048;

/// Copies the input to a block of its size, so that a sanitizer detects a read past the end.
void run(const std::string& bytes, std::size_t size) {
  const auto block = std::make_unique<std::uint8_t[]>(size == 0 ? 1 : size);
  std::copy_n(bytes.begin(), size, block.get());
  LLVMFuzzerTestOneInput(block.get(), size);
}

std::size_t replay(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::fprintf(stderr, "%s\n",
               path.c_str());  // before it runs, so that the last line names the input that failed
  if (bytes.size() <= kCutUpTo)
    for (std::size_t size = 0; size < bytes.size(); ++size) run(bytes, size);
  run(bytes, bytes.size());
  return bytes.size() <= kCutUpTo ? bytes.size() + 1 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::size_t files = 0, inputs = 0;
    for (int i = 1; i < argc; ++i) {
      std::vector<fs::path> paths;
      if (fs::is_directory(argv[i])) {
        for (const auto& entry : fs::directory_iterator(argv[i])) paths.push_back(entry.path());
      } else {
        paths.emplace_back(argv[i]);
      }
      for (const fs::path& path : paths) inputs += replay(path), ++files;
    }
    std::printf("%zu files, %zu inputs\n", files, inputs);
    return files == 0 ? 2 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay_seeds: %s\n", error.what());
    return 2;
  }
}
