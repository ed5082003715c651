#!/bin/sh
# Copies the parts of the installed Boost that SOURCE uses, whole top-level parts of it, to inc/boost: project headers.
#   copy_boost.sh SOURCE
set -e
mkdir -p inc/boost
g++ -M -I. "$1" | tr -s ' \\' '\n\n' | sed -n 's,^/usr/include/boost/,,p' | cut -d/ -f1 | sort -u | while read -r part; do
  cp -rL "/usr/include/boost/$part" inc/boost/
done
