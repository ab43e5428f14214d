#!/usr/bin/env bash
# rrdtool: ten known seconds make a five-minute average if they stand first, and nothing if they stand last.
#
# Versions: RRDtool 1.7.2 (Debian 12: rrdtool 1.7.2-4+b8).
# Behaviour: step 300, heartbeat 600, GAUGE. In one step the value is known for the first ten seconds and U (unknown) for
#   the other 290: the step is stored as known, with the value of those ten seconds. In another it is U for 290 seconds
#   and known for the last ten: the step is unknown. The same happens with a device that is silent for longer than the
#   heartbeat: the step in which the silence begins is stored as if measured in full.
# Expected: the same answer for the same share of known seconds (a step is thrown away when more than half is unknown).
# Why it matters: the last value before an outage is stretched over the step in which the outage began, the mirror image
#   at its end is lost. Availability, volume and 95th percentile drawn from the file are wrong on one side only, by up to
#   a whole step for each outage.
# Source: src/rrd_update.c, process_pdp_st(): an unknown stretch that ends at or beyond the step's edge goes into
#   pre_unknown, which is left out of the sum that is compared with half a step. rrdcreate(1) promises the half without such a case.
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
  unpack rrdtool=1.7.2-4+b8 librrd8=1.7.2-4+b8
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs
rrdtool=$tmp/root/usr/bin/rrdtool
t=1700000100 # on the edge of a step

# stored NAME UPDATE…: the averages of the steps that end 300, 600, 900… seconds after t, on one line.
stored() {
  local file=$tmp/$1.rrd update
  shift
  "$rrdtool" create "$file" --start $t --step 300 DS:v:GAUGE:600:U:U RRA:AVERAGE:0.5:1:20
  for update; do "$rrdtool" update "$file" "$((t + ${update%%:*})):${update##*:}"; done
  "$rrdtool" fetch "$file" AVERAGE -s $t -e $((t + ${update%%:*} - 1)) |
    awk '/^[0-9]+:/ { printf "%s ", ($2 ~ /nan/ ? "unknown" : $2 + 0) }'
}
first=$(stored first 300:5 310:9 600:U 900:5)
last=$(stored last 300:5 590:U 600:9 900:5)
silent=$(stored silent 300:5 600:5 610:9 1510:5 1800:5)
echo "expected: the second step is unknown in both of the first two lines"
echo "seen:     9 known for 10 s, then 290 s U:   $first"
echo "seen:     290 s U, then 9 known for 10 s:   $last"
echo "seen:     9 known for 10 s, then 900 s silence (heartbeat 600): $silent"
[[ $first == "5 9 5 " && $last == "5 unknown 5 " && $silent == "5 5 9 unknown unknown 5 " ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
