#!/bin/bash
# Without distcc: exit status 1, and a message with every directory that was searched. A masquerade link is not distcc.
source "$(dirname "$0")/lib.sh"
export DISTCC_HOSTS=127.0.0.1/1,cpp,lzo
mkdir -p "$work/empty" "$work/links"

expect_refused "DISTCC_LOCATION without distcc" "$work/empty" env DISTCC_LOCATION="$work/empty" "$pump" touch "$work/ran"
expect_refused "--startup, the same" DISTCC_LOCATION env DISTCC_LOCATION="$work/empty" "$pump" --startup
[ ! -s "$work/out" ] || fail "--startup exports something: $(cat "$work/out")"
expect_refused "PATH without distcc" "$work/empty" env PATH="$work/empty" "$pump" /usr/bin/touch "$work/ran"

printf '#!/bin/sh\nexit 0\n' >"$work/ccache" && chmod 755 "$work/ccache"
ln -s "$work/ccache" "$work/links/distcc"
expect_refused "a masquerade link only" "$work/links" env PATH="$work/links" "$pump" /usr/bin/touch "$work/ran"

need distcc
ln -sf "$(command -v distcc)" "$work/links/distcc"
real=$(dirname "$(readlink -f "$(command -v distcc)")")
path=$(PATH="$work/links" DISTCC_TESTING_INCLUDE_SERVER=1 "$pump" /bin/sh -c 'echo "$PATH"')
expect_equal "a link to distcc counts as the file it leads to" "$real:$work/links" "$path"
