# Sourced: finds processes by their command line, so that a script ends its own and no others.
#
# processes_of WORD PATH: the pids of processes that have WORD as an argument and PATH, a directory of the caller, in one.
processes_of() {
  local file words
  # grep's own command line matches, too, but has no PATH and is gone by then.
  for file in $(grep -slzx -e "$1" /proc/[0-9]*/cmdline); do
    { mapfile -d '' -t words <"$file"; } 2>/dev/null || continue
    case "${words[*]}" in *"$2/"*) file=${file#/proc/} && echo "${file%/cmdline}" ;; esac
  done
}

# session_servers_of PATH: the pids of session servers whose directory is below PATH.
session_servers_of() { processes_of distcc-pump-server "$1"; }
