# TMPDIR, HOME and the runtime directory with names of 150 bytes, longer than a socket's address: still pump mode.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
long=$(printf 'x%.0s' $(seq 150))
mkdir -p "$work/src" "$work/t/$long" "$work/h/$long" "$work/r/$long" && chmod 700 "$work/r/$long" && cd "$work/src"
printf '#include "a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h
g++ -c a.cc -o local.o
export PUMP_SESSION=$work PUMP_LINGER=0
jobs=0
compiles_in_pump_mode() { # compiles_in_pump_mode WHAT ENV-ARGUMENT...
  compiles "$1" env "${@:2}"
  jobs=$((jobs + 1))
  expect_count "$1: jobs in pump mode" $jobs pump_mode_jobs
}
compiles_in_pump_mode "TMPDIR" TMPDIR="$work/t/$long"
compiles_in_pump_mode "HOME" -u DISTCC_DIR HOME="$work/h/$long"
compiles_in_pump_mode "all" -u PUMP_RUNTIME_DIR TMPDIR="$work/t/$long" HOME="$work/h/$long" XDG_RUNTIME_DIR="$work/r/$long" DISTCC_DIR="$work/t/$long"
compiles_in_pump_mode "PUMP_RUNTIME_DIR" PUMP_RUNTIME_DIR="$work/r/$long"
# The short directories in /tmp that replace the long ones.
for variables in "-u PUMP_RUNTIME_DIR XDG_RUNTIME_DIR=$work/r/$long" "PUMP_RUNTIME_DIR=$work/r/$long"; do
  # shellcheck disable=SC2086
  place=$(session_directory env $variables)
  expect_contains "the directory for $variables" "/tmp/distcc-pump-$(id -u)/" "$place"
  retired() { grep -q retired "$place/log"; }
  wait_until 20 "its server goes" retired
  rm -rf "$place"
done
