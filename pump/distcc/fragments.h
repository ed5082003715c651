// The include server's reply to a launcher: fragments of the job, as distccd receives them, in memory that both share.
//
// A fragment is a file of the unit: NAME and FILE or LINK with content (distccd_protocol.h). The fragments are in a file
// without a name, whose descriptor comes with the reply (SCM_RIGHTS). The launcher lets the kernel send extents of it to the
// host (sendfile(2)): one system call for a dozen files, and no copy.
//
// An addition of this project to the protocol of the include server (pump/include_server/support/protocol.h). distcc's
// client never asks for it, and distcc's server does not know it. A launcher puts kFragmentsWanted before its request. A
// server that can answer replies
//   FRAG <number of files>, for each  NAME <bytes> and its name (name_in_mirror() in distccd_protocol.h),
//   PART <number of extents>, then for each extent  OFFS <offset>  SIZE <bytes>,
//   and a prediction (prediction.h).
// The source is the first file. The extents are in the order of their offsets: distccd accepts the files in any order, and
// fragments that follow each other are one extent. A server that has no such file replies as to stock clients, with paths, and
// so does one that cannot answer, with no paths.
//
// Bytes never change once a reply has named them, and the file never becomes shorter. Any thread; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::distcc {

inline constexpr std::string_view kFragmentsWanted = "FRAG00000001";  ///< the number is the version

/// Bytes [offset, offset + size) of the file.
struct Extent {
  std::uint32_t offset = 0, size = 0;
  bool operator==(const Extent&) const = default;
};

/// Where the files of a unit are.
struct FragmentList {
  std::vector<std::string> names;  ///< one for each file
  std::vector<Extent> extents;
};

/// The list of these fragments, one for each name, in any order.
FragmentList make_fragment_list(std::vector<std::string> names, std::vector<Extent> fragments);

std::string encode_fragment_list(const FragmentList& list);
/// Takes a list from the front of `reply`. Nothing if it does not begin with one.
std::optional<FragmentList> take_fragment_list(std::string_view& reply);

}  // namespace pump::distcc
