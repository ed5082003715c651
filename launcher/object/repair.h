// Puts the client's directory into the debug information of an object that distccd made in pump mode.
//
// Without this, DW_AT_comp_dir and the line table name a directory of the server (/tmp/distccd_XXXXXX/…) that
// no longer exists when somebody debugs, and no two builds give the same object. Sections that hold names are
// rewritten, and all references to them are updated (offset_map.h). If anything is uncertain, an Error is
// returned and the caller compiles on this machine. The last check searches the bytes of all sections: an
// object that still names the server's directory is an Error.
//
// Not supported, so an Error: names inside .debug_info (compilers put them there only if they are shorter
// than a reference), names in assembler text (-S), bytecode of link-time optimisation, MIPS. Main thread of
// the launcher.
#pragma once

#include <string>

#include "launcher/object/server_directory.h"
#include "pump/os/error.h"

namespace pump::launcher::object {

enum class Repair {
  NotNeeded,  ///< the object does not name the server's directory
  Done,
};

/// Repairs the object's bytes in place. Error with code ENOTSUP: the compiler recorded its command line, and
/// will do so for each unit.
Expected<Repair> repair(std::string& object, const ClientDirectory& client);

/// Repairs the file `path`: writes a temporary file beside it, with the file's mode less the umask, and
/// renames it. A link stays, and the file that it points to is repaired. On an Error the file is unchanged.
Expected<Repair> repair_file(const std::string& path, const ClientDirectory& client);

}  // namespace pump::launcher::object
