#!/bin/sh
# Copies the top-level directories of the installed Boost that SOURCE includes to inc/boost, as headers of the project.
#   copy_boost.sh SOURCE
set -e
mkdir -p inc/boost
g++ -M -I. "$1" | tr -s ' \\' '\n\n' | sed -n 's,^/usr/include/boost/,,p' | cut -d/ -f1 | sort -u | while read -r part; do
  cp -rL "/usr/include/boost/$part" inc/boost/
done
