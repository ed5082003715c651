#!/usr/bin/env bash
# Runs COMMAND with a cluster of servers on this machine, and shows what each server has done.
#   tests/cluster/run.sh 'NAME OPTION...'... -- COMMAND...
# for example, with pump-launch on PATH:
#   tests/cluster/run.sh 'near --slots 8' 'far --slots 8 --delay 50 --loss 1' -- ninja -j16
# The options are those of cluster_start (cluster.sh). COMMAND gets DISTCC_HOSTS, and a DISTCC_DIR and PUMP_RUNTIME_DIR of its own:
# what it learns about these servers must not reach later builds.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
source "$top/tests/cluster/cluster.sh"
servers=()
for word in "$@"; do
  [ "$word" != -- ] || break
  servers+=("$word")
done
if [ ${#servers[@]} -eq 0 ] || [ $# -lt $((${#servers[@]} + 2)) ]; then
  sed -n '2,/^set/{/^set/d;s/^# \?//;p}' "$0" >&2
  exit 2
fi
cluster_enter "$@"
shift $((${#servers[@]} + 1))
work=$(mktemp -d "${TMPDIR:-/tmp}/pump-cluster.XXXXXX")
chmod 755 "$work"
cleanup() {
  cluster_cleanup
  kill $(processes_of distcc-pump-server "$work") 2>/dev/null || true
  remove_tree "$work" || true
}
source "$top/tests/shell/processes.sh"
trap cleanup EXIT
trap 'exit 130' INT TERM
# The servers must not see the build: it is below the working directory, or COMMAND has its own way.
DISTCCD_HIDES=$PWD
hosts=() names=()
for server in "${servers[@]}"; do
  read -ra words <<<"$server"
  cluster_start "${words[@]}" || exit
  names+=("${words[0]}") hosts+=("$(cluster_host "${words[0]}")")
done
mkdir "$work/distcc" "$work/run"
export DISTCC_HOSTS="${hosts[*]}" DISTCC_DIR=$work/distcc PUMP_RUNTIME_DIR=$work/run
status=0
"$@" || status=$?
for name in "${names[@]}"; do
  read -r pump plain failed < <(cluster_jobs "$name")
  echo "== $name ($(cluster_host "$name")): $pump jobs in pump mode, $plain plain, $failed failed" >&2
done
exit $status
