// The client's directory in the debug information of an object that distccd made in pump mode.
//
// Without this, DW_AT_comp_dir and the line table name a directory of the server's that is gone by the time
// somebody debugs (/tmp/distccd_XXXXXX/…), and no two builds give the same object. Sections that hold names
// are rewritten, and everything that refers into them follows (offset_map.h). What is not certain is not
// done: the caller compiles on this machine where an Error comes back. The last check is for bytes, whatever
// section they are in: an object that still names the server's directory is an Error.
//
// Not handled, so an Error where it occurs: names inside .debug_info (compilers put them there only where
// they are shorter than a reference), link-time optimisation's bytecode, MIPS.
// The launcher's main thread.
#pragma once

#include <string>

#include "launcher/object/server_directory.h"
#include "pump/os/error.h"

namespace pump::launcher::object {

enum class Repair {
  NotNeeded,  ///< no name of the server's in it
  Done,
};

/// Repairs the object's bytes in place. Error with ENOTSUP: the compiler recorded its command line, as it
/// always will.
Expected<Repair> repair(std::string& object, const ClientDirectory& client);

/// Repairs the file `path`: written beside it under another name and renamed, with the same mode. Error: it
/// is as the server sent it.
Expected<Repair> repair_file(const std::string& path, const ClientDirectory& client);

}  // namespace pump::launcher::object
