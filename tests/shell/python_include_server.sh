# Sourced: distcc's Python include server (Debian package distcc-pump), repaired, for comparisons.
#
# python_include_server_tree DIRECTORY: a copy of the package in DIRECTORY, in the layout of an installation below a prefix
#   (DIRECTORY/lib/python3/dist-packages/include_server), with a working replacement of its C extension.
# python_include_server_start DIRECTORY [ARGUMENT...]: starts it on DIRECTORY/socket; sets python_server_pid.
python_include_server_tree() {
  local directory=$1 installed=/usr/lib/python3/dist-packages/include_server
  [ -f "$installed/include_server.py" ] || {
    echo "distcc's Python include server is not installed (package distcc-pump)" >&2
    return 1
  }
  local package=$directory/lib/python3/dist-packages/include_server
  mkdir -p "$package"
  cp "$installed"/*.py "$package/"
  cp "$(dirname "${BASH_SOURCE[0]}")/../tools/distcc_pump_c_extensions.py" "$package/"
}

python_include_server_start() {
  local directory=$1 package=$1/lib/python3/dist-packages/include_server
  shift
  python_include_server_tree "$directory" || return 1
  (cd "$package" && PYTHONOPTIMIZE=1 PYTHONPATH=$package /usr/bin/python3 include_server.py --port "$directory/socket" \
    --pid_file "$directory/pid" -d1 "$@" </dev/null >"$directory/log" 2>&1) || { cat "$directory/log" >&2; return 1; }
  python_server_pid=$(cat "$directory/pid")
}
