// Reads the case files in cases/: small projects, commands, and the expected result.
//
//   # comment, only before the first case
//   === name of the case
//   %run CXX -c main.cc -Iinc
//   --- main.cc
//   #include "x.h"
//   --- inc/x.h
//   int x;
//
// A case begins with "===". Lines that begin with "%" before its first file are directives. "--- PATH" begins
// a file, which ends before the next "---" or "===" (blank lines at its end are dropped). With "--- PATH
// escaped" the content has C escapes (\r \f \v \0 \xNN \\), and its final newline is dropped. In directives
// and paths, words are separated by blanks; "…" has C escapes, '…' is literal; {root} is the absolute path of
// the project.
//
//   %run WORDS         the command. CC stands for gcc and for clang, CXX for g++ and for clang++ (or for the versions that
//                      the runner is given): two runs. Several %run lines are several runs. "-o OBJECT" is added.
//   %cwd DIR           its working directory (default: the top of the project)
//   %link PATH TARGET, %hardlink PATH TARGET, %dir PATH, %fifo PATH, %chmod OCTAL PATH
//   %shell COMMAND     runs sh -c COMMAND in the top of the project after all files are written
//   %expect WHAT       answered   (default) the reply has every file that the compiler opens; compiled in pump mode
//                      gives-up   n = 0; compiled in plain mode
//                      either     n = 0 or a complete reply; the object is right in both cases
//                      fails      the compiler fails; the reply is well-formed, and the server survives
//   %mode WHAT         pump | plain | local | any: how distcc compiles it, instead of what %expect implies
//   %fallback          distcc may fall back to compiling locally, for what plain mode cannot compile either
//   %surplus N, %links N, %directories N   files, links and directories sent beyond what the compiler opens (default 0)
//   %also PATH         is in the reply although the compiler does not open it; %not PATH: is not in it
//   %without PATH      may be missing although the compiler opens it (a .gch: its header replaces it)
//   %no-remote REASON  is not compiled through distcc
//   %not-root REASON   skipped for root
//   %only gcc|clang    only the run with this compiler
//   %versions gcc|clang FIRST-LAST REASON   only with these major versions; either end may be missing (17-)
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pump::oracle {

enum class Expect { Answered, GivesUp, Either, Fails };
enum class Mode { Default, Pump, Plain, Local, Any };

struct CaseFile {
  std::string path;
  std::string content;
};

/// The major versions of a compiler to which a case applies.
struct Versions {
  std::string compiler;  ///< gcc or clang
  unsigned first = 0, last = ~0U;
};

struct Case {
  std::string name;
  std::size_t line = 0;
  std::vector<std::vector<std::string>> runs;  ///< CC, CXX and {root} not yet replaced
  std::string cwd;
  std::vector<CaseFile> files;
  std::vector<std::pair<std::string, std::string>> links, hard_links;
  std::vector<std::string> directories, fifos;
  std::vector<std::pair<unsigned, std::string>> modes;
  std::vector<std::string> shell;
  Expect expect = Expect::Answered;
  Mode mode = Mode::Default;
  bool fallback = false;
  std::size_t surplus = 0, surplus_links = 0, surplus_directories = 0;
  std::vector<std::string> also, never, without;
  std::string not_root, no_remote;
  std::string only;
  std::vector<Versions> versions;
};

/// Reads one case file. Throws std::runtime_error naming file, line and mistake.
std::vector<Case> read_case_file(const std::string& path);

/// One directive's words, as described above. Throws on an unterminated quote.
std::vector<std::string> split_words(const std::string& text);

}  // namespace pump::oracle
