# With 16 descriptors or closed standard descriptors, the object is right, and compiled in pump mode.
source "$(dirname "$0")/launch_lib.sh"
start_distccd
export PUMP_LINGER=0
mkdir "$work/src" && cd "$work/src"
printf '#include "a.h"\nint f() { return A; }\n' >a.cc
printf '#define A 4\n' >a.h
g++ -c a.cc -o local.o
compiles() { # compiles WHAT FUNCTION
  rm -f a.o
  "$2" || fail "$1: exit status $?"
  cmp local.o a.o || fail "$1: objects differ"
}
# Close descriptors that this test inherited.
for fd in $(ls /proc/$$/fd); do [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"; done
few() (ulimit -n 16 && exec "$launch" g++ -c a.cc -o a.o)
closed() (exec <&- >&- 2>&- && exec "$launch" g++ -c a.cc -o a.o)
both() (ulimit -n 16 && exec <&- >&- 2>&- && exec "$launch" g++ -c a.cc -o a.o)
unset DISTCC_FALLBACK # distcc itself may fail without standard descriptors
# A server would keep this limit and be of no use, so none is started.
compiles "16 descriptors" few
compiles "both" both
here() (ulimit -n 16 && exec <&- >&- 2>&- && exec "$launch" g++ -c a.cc -save-temps=obj -o a.o)
compiles "both, compiled here" here
expect_equal "servers" "" "$(server_pids)"

# The server raises the soft limit that it inherits from its first client. Then these clients use it:
export PUMP_LINGER=60
soft() (ulimit -S -n 24 && exec "$launch" g++ -c a.cc -o a.o)
before=$(pump_mode_jobs)
compiles "a low soft limit" soft
limits=$(awk '/Max open files/ { print $4, $5 }' "/proc/$(server_pids)/limits")
expect_equal "the server's limits, soft and hard" "${limits#* } ${limits#* }" "$limits"
compiles "16 descriptors, with a server" few
expect_count "jobs in pump mode" $((before + 2)) pump_mode_jobs
compiles "standard descriptors closed, with a server" closed
compiles "both, with a server" both
