// What the include server predicts about the compilation of a unit on a host: the files that the compiler reads, and which
// compiler it is. A launcher compares it with the dependency rule and the object that the host returns.
//
// An addition of this project to the protocol of the include server (pump/include_server/support/protocol.h). A reply with
// fragments ends with a prediction:
//   PRED <flags>, DGST four times for `all`, DGST four times for `user`, COMP <bytes> and the compiler,
//   PREC <bytes> and the precompiled header, SHOW <bytes> and shows_names,
//   then for each of `shortened`  FOUN <bytes> and a name  REPO <bytes> and a name
// A launcher that finds a difference puts kPredictedFilesWanted before the same request. The server replies
//   FILE <1: exact, 0: not>, then for each file  READ <flags>  NAME <bytes> and the file's real path
// or, if it cannot tell, as to stock clients, with no paths.
//
// Names are as the compiler writes them into a dependency rule, without quoting. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::distcc {

inline constexpr std::string_view kPredictedFilesWanted = "PRED00000001";  ///< the number is the version

/// A set of names, as a number that does not depend on their order: the sum of their hashes (XXH3, 128 bits).
class NameDigest {
 public:
  /// Not twice. Compilers leave out "./" at the beginning, and so does this function.
  void add(std::string_view name);
  bool operator==(const NameDigest&) const = default;

 private:
  friend void append_digest(std::string& out, const NameDigest& digest);
  friend std::optional<NameDigest> take_digest(std::string_view& text);

  std::uint64_t low_ = 0, high_ = 0;
};

/// A header that gcc on this machine reports by its real path, because that is shorter. On a host it is not.
struct ShortenedName {
  std::string on_host, here;
};

struct Prediction {
  bool exact = false;    ///< false: the compiler may read fewer files, and the digests do not count
  NameDigest all;        ///< of the names in a rule of -MD
  NameDigest user;       ///< of those in a rule of -MMD, which leaves out system headers
  std::string compiler;  ///< as compilers write it into .comment; empty: not known
  /// The file that gcc on this machine may use instead of the unit's first header: "inc/x.h.gch". Empty: there is none.
  std::string precompiled_header;
  /// What would show that names are relative on a host, with its place: "a.h:7: __PRETTY_FUNCTION__". Empty: nothing.
  std::string shows_names = {};
  bool edited = false;  ///< a copy on the host differs from its file here
  bool uses_date =
      false;  ///< the files may use __DATE__ or __TIME__, which depend on the machine's clock and time zone
  bool changes_builtin = false;  ///< they define or undefine a macro that compilers compute, like __FILE__
  std::vector<ShortenedName> shortened = {};
};

struct PredictedFile {
  std::string path;      ///< real and absolute
  bool entered = false;  ///< false: it may be looked for only, and need not be in a rule
  bool system = false;   ///< a rule of -MMD need not have it
};
struct PredictedFiles {
  bool exact = false;
  std::vector<PredictedFile> files;
};

std::string encode(const Prediction& prediction);
std::string encode(const PredictedFiles& files);
/// Takes one from the front of `reply`. Nothing if it does not begin with one.
std::optional<Prediction> take_prediction(std::string_view& reply);
std::optional<PredictedFiles> take_predicted_files(std::string_view& reply);

}  // namespace pump::distcc
