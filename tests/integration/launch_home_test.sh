# HOME is missing, empty, unset, not writable or another user's: units are compiled in pump mode, nothing is printed, and nothing
# is created there or in place of it.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
unset DISTCC_DIR XDG_STATE_HOME
export PUMP_LINGER=1
mkdir "$work/src" "$work/bin" && cd "$work/src"
chmod 777 "$work/src"
printf 'int f() { return 1; }\n' >a.cc
g++ -c a.cc -o local.o
before=$(ls -A "$work" /)
jobs=0
in_pump_mode() { # in_pump_mode WHAT PREFIX...
  compiles "$@"
  jobs=$((jobs + 1))
  expect_count "$1: jobs in pump mode" $jobs pump_mode_jobs
}
in_pump_mode "HOME is missing" env HOME="$work/missing"
[ ! -e "$work/missing" ] || fail "HOME was created: $(find "$work/missing")"
in_pump_mode "no HOME" env -u HOME
in_pump_mode "HOME is empty" env HOME=
in_pump_mode "HOME is a file" env HOME="$work/src/a.cc"
in_pump_mode "DISTCC_DIR is a file" env DISTCC_DIR="$work/src/a.cc"
in_pump_mode "DISTCC_DIR is missing, below a file" env DISTCC_DIR="$work/src/a.cc/x"
expect_equal "files besides the object" "$before" "$(ls -A "$work" /)"
expect_equal "files in the working directory" "a.cc a.o local.o" "$(ls -A | tr '\n' ' ' | sed 's/ $//')"

[ "$(id -u)" = 0 ] || exit 0 # a user without privileges has shown all of the above that needs none
need setpriv
cp -L "$PUMP_BIN/pump" "$work/bin/pump" && ln -s pump "$work/bin/pump-launch" # other users may not be able to read the build directory
chmod 755 "$work/bin" "$work/bin/pump"
launch=$work/bin/pump-launch
rm -f a.o
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env "PUMP_RUNTIME_DIR=$work/run.nobody")
install -d -o 65534 -g 65534 -m 700 "$work/run.nobody" "$work/home.nobody"
install -d -m 755 "$work/home.root"
in_pump_mode "nobody, HOME is missing" "${as_nobody[@]}" HOME=/nonexistent
[ ! -e /nonexistent ] || fail "/nonexistent was created"
rm -f a.o
in_pump_mode "nobody, HOME is root's" "${as_nobody[@]}" HOME="$work/home.root"
expect_equal "in root's HOME" "" "$(ls -A "$work/home.root")"
in_pump_mode "root, HOME is nobody's, as with sudo" env HOME="$work/home.nobody"
expect_equal "root's files in nobody's HOME" "" "$(find "$work/home.nobody" -uid 0)"
in_pump_mode "nobody, HOME is fine" "${as_nobody[@]}" HOME="$work/home.nobody"
