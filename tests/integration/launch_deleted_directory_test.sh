# A cleaner deletes the session's directory again and again during a build: no compilation fails, every object is right,
# servers without their directory end, and the last server works.
source "$(dirname "$0")/launch_lib.sh"
need ninja
start_distccd
unset DISTCC_FALLBACK # if the server ends during a request, distcc falls back
export PUMP_LINGER=1
mkdir "$work/src" && cd "$work/src"
printf 'rule cc\n  command = %s g++ -c $in -o $out\n' "$launch" >build.ninja
for i in $(seq 16); do
  printf '#include <cstddef>\nstd::size_t f%d() { return %d; }\n' "$i" "$i" >f$i.cc
  echo "build f$i.o: cc f$i.cc" >>build.ninja
done
ninja -j4 >"$work/out" 2>&1 &
build=$!
children+=($build)
deletions=0
while kill -0 $build 2>/dev/null; do
  # Only a few times: on a slow machine the servers would have no time in between.
  if [ $deletions -lt 6 ] && [ -n "$(ls "$work/run")" ]; then
    rm -rf "$work/run"/* 2>/dev/null || true
    deletions=$((deletions + 1))
    sleep 0.25
  fi
  sleep 0.02
done
wait $build || fail "the build: $(cat "$work/out")"
[ $deletions -ge 1 ] || fail "the directory never existed"
expect_equal "the progress of ninja" "[16/16]" "$(grep -o '^\[16/16\]' "$work/out")"
for i in $(seq 16); do
  g++ -c f$i.cc -o local.o
  cmp local.o f$i.o || fail "f$i.o differs"
done
[ "$(pump_mode_jobs)" -ge 1 ] || fail "only $(pump_mode_jobs) of 16 in pump mode"
wait_until 20 "servers without a directory go" no_server
rm -rf "$work/run"/*
before=$(begun_jobs)
"$launch" g++ -c f1.cc -o f1.o
expect_equal "jobs afterwards" $((before + 1)) "$(begun_jobs)"
expect_equal "servers of the new directory" 1 "$(servers_started)"
