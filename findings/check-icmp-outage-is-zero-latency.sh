#!/usr/bin/env bash
# check_icmp draws a latency of 0 ms for a host that does not answer.
#
# Versions: Monitoring Plugins 2.3.3 (Debian 12: monitoring-plugins-basic 2.3.3-5+deb12u2).
# Behaviour: with all packets lost the text says "rta nan", and the performance data behind it says rta=0.000ms,
#   rtmax=0.000ms and rtmin=0.000ms: valid numbers, the best that a line can have. check_host and check_rta_multi are
#   the same program.
# Expected: "rta=U", as the guidelines of these very plugins have for "could not be measured" (and as check_ping of the
#   same package writes since 2.3), or no rta at all.
# Why it matters: every tool that stores performance data draws an outage as zero latency; the mean of the hour in which
#   a line was down for half the time is half the true one, and a rule on latency sees a recovery.
# Source: plugins-root/check_icmp.c, the perfdata loop at the end: (pl == 100) prints host->rta, which is still 0.
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
  unpack monitoring-plugins-basic=2.3.3-5+deb12u2
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all
plugins=$tmp/root/usr/lib/nagios/plugins
seen=$("$plugins/check_icmp" -H 127.0.0.1 -n 3 -w 100,20% -c 500,60%) && status=0 || status=$?
echo "expected: rta=U, or no rta (nothing was measured; check_ping says what follows)"
"$plugins/check_ping" -H 127.0.0.1 -p 2 -w 100,20% -c 500,60% -t 3 || true
echo "seen:     exit $status, $seen"
[[ $status == 2 && $seen == *"rta nan, lost 100%|rta=0.000ms;"*" rtmax=0.000ms;"* ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
