#include <cstdio>

int main(int argc, char** argv) {
  std::FILE* out = argc > 1 ? std::fopen(argv[1], "w") : nullptr;
  if (out == nullptr) return 1;
  std::fputs("int squares[] = {", out);
  for (int i = 0; i < 10; ++i) std::fprintf(out, "%d, ", i * i);
  std::fputs("};\n", out);
  return std::fclose(out) == 0 ? 0 : 1;
}
