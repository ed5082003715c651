// The case files below cases/: small projects and what to expect of them, in text that reads without a manual.
//
//   # comment, only before the first case
//   === name of the case
//   %run CXX -c main.cc -Iinc
//   --- main.cc
//   #include "x.h"
//   --- inc/x.h
//   int x;
//
// A case begins with "===". Lines that begin with "%" and stand before its first file are directives; each "--- PATH"
// begins a file, which ends before the next "---" or "===" (blank lines at its end are dropped). "--- PATH escaped"
// takes C escapes (\r \f \v \0 \xNN \\) in the content and drops its final newline. In directives and paths, words are separated by
// blanks; "…" holds C escapes, '…' is literal; {root} is the absolute path of the project.
//
//   %run WORDS         the command; CC is replaced by gcc and by clang, CXX by g++ and by clang++ (or the pair of versions
//                      that the runner is told): two runs. Several %run lines are several runs. "-o OBJECT" is put in.
//   %cwd DIR           where it runs (default: the project's top)
//   %link PATH TARGET, %hardlink PATH TARGET, %dir PATH, %fifo PATH, %chmod OCTAL PATH
//   %shell COMMAND     runs sh -c COMMAND in the project's top once everything is written: for generated files
//   %expect WHAT       answered   (default) the reply holds every file the compiler opens, and it compiles in pump mode
//                      gives-up   n = 0, and it compiles in plain mode
//                      either     n = 0 or a complete reply; the object is right in both cases
//                      fails      the compiler fails: the server must answer something well-formed, and live
//   %mode WHAT         pump | plain | local | any: how distcc must have compiled it, where %expect does not say
//   %fallback          distcc may fall back to compiling locally (what plain mode cannot do either)
//   %surplus N, %links N, %directories N   files, links and directories sent beyond what the compiler opens (default 0)
//   %also PATH         in the reply though the compiler does not open it; %not PATH: must not be
//   %without PATH      may be left out though the compiler opens it (a .gch: its header's text does)
//   %no-remote REASON  is not compiled through distcc
//   %not-root REASON   skipped for root
//   %only gcc|clang    the run for the other compiler is left out
//   %versions gcc|clang FIRST-LAST REASON   the run is left out for other major versions; either end may be missing (17-)
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

/// The major versions of a compiler that a case is for.
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
