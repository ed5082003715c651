# distcc-pump.conf is written only if its content changes, and removed with the hosts; one that another program wrote is kept.
# Launchers below it use it without environment variables.
source "$(dirname "$0")/package_lib.sh"
start_cluster
example minimal
configure "$work/build"
conf=$work/build/distcc-pump.conf
touch -d 2020-01-01 "$conf"
before=$(stat -c %y "$conf")
configure "$work/build"
expect_equal "time of an unchanged file" "$before" "$(stat -c %y "$conf")"
configure "$work/build" "-DDISTCC_PUMP_HOSTS=127.0.0.1:1/2,cpp,lzo;127.0.0.1:2/3,cpp,lzo"
expect_contains "a list" "DISTCC_HOSTS=127.0.0.1:1/2,cpp,lzo 127.0.0.1:2/3,cpp,lzo" "$(cat "$conf")"
expect_contains "status" "hosts: 2 from DISTCC_PUMP_HOSTS (5 jobs)" "$(status_line)"
configure "$work/build" "-DDISTCC_PUMP_HOSTS=@alpha/2,cpp,lzo me@beta/3,cpp,lzo"
expect_contains "hosts by ssh" "DISTCC_HOSTS=@alpha/2,cpp,lzo me@beta/3,cpp,lzo" "$(cat "$conf")"
configure "$work/build" -DDISTCC_PUMP_HOSTS=
[ ! -e "$conf" ] || fail "the file stays without hosts"
printf 'DISTCC_HOSTS=%s\n' "$cluster" >"$conf"
configure "$work/build" -DDISTCC_PUMP_HOSTS=
expect_contains "somebody else's" "hosts: 1 from distcc-pump.conf (4 jobs)" "$(status_line)"
configure "$work/build"
expect_output "was not written by this package and is kept"
build "$work/build"
expect_pump_mode 2
