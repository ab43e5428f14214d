#!/usr/bin/env bash
# collectd: the global Interval counts only for plugins that are loaded below it; above it they keep 10 seconds.
#
# Versions: collectd 5.12.0 (Debian 12: collectd-core 5.12.0-14).
# Behaviour: "Interval 1" above "LoadPlugin uptime" gives a value each second. The same two lines in the other order give
#   one each ten seconds, without a warning.
# Expected: a global option holds for the whole file wherever it stands.
# Why it matters: a file put together from pieces (conf.d, configuration management) sets Interval in one of them, and the
#   plugins of the pieces that are read before it run at another rate. RRD files are created with the wrong step and
#   keep it for good; a rule that counts missing values by the interval told in the main file sees gaps, or none.
# Source: src/daemon/plugin.c takes the default interval when a plugin registers its read callback, which is while
#   LoadPlugin is read. collectd.conf(5) says that plugins are loaded in the order of the file, and under "Interval",
#   which stands among the global options, nothing of what must stand below it.
set -euo pipefail

# Unpacks Debian packages, and what they need and this system lacks, below $tmp/root. Installs nothing.
unpack() {
  local lists=() wanted=() pin name
  chmod 755 "$tmp"
  if ! apt-cache show "${1%%=*}" >/dev/null 2>&1; then
    mkdir -p "$tmp/lists/partial"
    lists=(-o "Dir::State::lists=$tmp/lists")
    apt-get -qq "${lists[@]}" update
  fi
  for pin; do
    name=${pin%%=*}
    if ! (cd "$tmp" && apt-get -qq "${lists[@]}" download "$pin") >/dev/null 2>&1; then
      echo "$pin is not offered here; taking the version there is"
      (cd "$tmp" && apt-get -qq "${lists[@]}" download "$name") 2>/dev/null
    fi
    wanted+=("$name")
  done
  for name in $(apt-get -s "${lists[@]}" --no-install-recommends install "${wanted[@]}" |
    awk '$1 == "Inst" && $3 ~ /^\(/ { print $2 }'); do
    (cd "$tmp" && ls "${name}"_*.deb >/dev/null 2>&1) ||
      (cd "$tmp" && apt-get -qq "${lists[@]}" download "$name") 2>/dev/null
  done
  for name in "$tmp"/*.deb; do dpkg-deb -x "$name" "$tmp/root"; done
  for name in "${wanted[@]}"; do
    echo "version: $(dpkg-deb -f "$tmp/${name}"_*.deb Package Version | paste -sd' ')"
  done
}

# Everything below runs in a network namespace of its own: nothing reaches another machine.
if [ "${1-}" != inside ]; then
  tmp=$(mktemp -d)
  trap 'rm -rf "$tmp"' EXIT
  unpack collectd-core=5.12.0-14
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs
# config NAME FIRST LAST: a file with one line above the plugins and one below them.
config() {
  mkdir "$tmp/$1"
  cat >"$tmp/$1.conf" <<EOF
BaseDir "$tmp/$1"
PIDFile "$tmp/$1/pid"
PluginDir "$tmp/root/usr/lib/collectd"
TypesDB "$tmp/root/usr/share/collectd/types.db"
Hostname "h"
FQDNLookup false
$2
LoadPlugin csv
LoadPlugin uptime
$3
<Plugin csv>
  DataDir "$tmp/$1/csv"
</Plugin>
EOF
}
config above "Interval 1" ""
config below "" "Interval 1"
for name in above below; do
  "$tmp/root/usr/sbin/collectd" -f -C "$tmp/$name.conf" >"$tmp/$name.log" 2>&1 &
  pids+=($!)
done
sleep 9
kill "${pids[@]}"
wait
pids=()
values() { find "$tmp/$1/csv" -type f -exec cat {} + | grep -vc epoch; }
above=$(values above)
below=$(values below)
echo "Interval 1 above LoadPlugin: $above values in 9 s"
echo "Interval 1 below LoadPlugin: expected as many; seen: $below"
echo "lines of its log that speak of the interval: $(grep -ci interval "$tmp/below.log" || true)"
((above >= 5 && below == 1)) || { echo "the behaviour has changed"; exit 1; }
echo "still so"
