# find_package with Ninja: no launcher and no server at configure time, every unit in pump mode; a second configure and other hosts
# rebuild nothing.
source "$(dirname "$0")/package_lib.sh"
generator_round Ninja minimal
