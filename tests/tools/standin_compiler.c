/* Stands in for a compiler in benchmarks of the client: writes a small object file to -o and an empty rule to -MF, so that
 * the compiler's time is not measured. Put it on distccd's PATH under the compilers' names.
 *   -DSTANDIN_SECONDS=2.5   in a command: waits so long first, times STANDIN_FACTOR in the environment. It sleeps, because one
 *                           machine that plays many servers has not the processors of all
 *   STANDIN_FULL            in the environment: while this file exists, it fails like a compiler whose disk is full */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int write_file(const char* path, const void* content, size_t size) {
  FILE* file = fopen(path, "w");
  return file == NULL || fwrite(content, 1, size, file) != size || fclose(file) != 0;
}

/* A relocatable ELF file without code: the launcher parses the objects that it receives. */
static int write_object(const char* path) {
  static const char names[] = "\0.shstrtab";
  struct {
    Elf64_Ehdr header;
    Elf64_Shdr sections[2];
    char names[sizeof names];
  } object;
  memset(&object, 0, sizeof object);
  memcpy(object.header.e_ident, ELFMAG, SELFMAG);
  object.header.e_ident[EI_CLASS] = ELFCLASS64;
  object.header.e_ident[EI_DATA] = ELFDATA2LSB;
  object.header.e_ident[EI_VERSION] = EV_CURRENT;
  object.header.e_type = ET_REL;
  object.header.e_machine = EM_X86_64;
  object.header.e_version = EV_CURRENT;
  object.header.e_shoff = sizeof object.header;
  object.header.e_ehsize = sizeof object.header;
  object.header.e_shentsize = sizeof object.sections[0];
  object.header.e_shnum = 2;
  object.header.e_shstrndx = 1;
  object.sections[1].sh_name = 1;
  object.sections[1].sh_type = SHT_STRTAB;
  object.sections[1].sh_offset = (char*)object.names - (char*)&object;
  object.sections[1].sh_size = sizeof names;
  object.sections[1].sh_addralign = 1;
  memcpy(object.names, names, sizeof names);
  return write_file(path, &object, sizeof object);
}

static void wait_seconds(double seconds) {
  struct timespec rest;
  rest.tv_sec = (time_t)seconds;
  rest.tv_nsec = (long)((seconds - (double)rest.tv_sec) * 1e9);
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
}

int main(int argc, char** argv) {
  static const char seconds[] = "-DSTANDIN_SECONDS=";
  const char *factor = getenv("STANDIN_FACTOR"), *full = getenv("STANDIN_FULL");
  int failed = 0;
  if (full != NULL && access(full, F_OK) == 0) {
    fprintf(stderr, "fatal error: error writing to /tmp/cc.s: No space left on device\n");
    return 1;
  }
  for (int i = 1; i < argc; ++i)
    if (strncmp(argv[i], seconds, sizeof seconds - 1) == 0)
      wait_seconds(atof(argv[i] + sizeof seconds - 1) * (factor != NULL ? atof(factor) : 1));
  for (int i = 1; i + 1 < argc; ++i) {
    if (strcmp(argv[i], "-o") == 0) failed |= write_object(argv[i + 1]);
    if (strcmp(argv[i], "-MF") == 0) failed |= write_file(argv[i + 1], "object:\n", 8);
  }
  return failed;
}
