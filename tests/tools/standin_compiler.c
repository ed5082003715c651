/* A compiler that compiles nothing: writes a small object file to -o and an empty rule to -MF, so that a benchmark of the
 * client's side does not measure the servers'. Put on distccd's PATH under the compilers' names. */
#include <stdio.h>
#include <string.h>

static int write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  return file == NULL || fputs(text, file) < 0 || fclose(file) != 0;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i + 1 < argc; ++i) {
    if (strcmp(argv[i], "-o") == 0) failed |= write_file(argv[i + 1], "object\n");
    if (strcmp(argv[i], "-MF") == 0) failed |= write_file(argv[i + 1], "object:\n");
  }
  return failed;
}
