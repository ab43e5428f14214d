#!/usr/bin/env bash
# A blackhole route makes every probe say "Invalid argument", as if the address in its configuration were no address.
#
# Versions: Linux (any), shown with fping 5.1 (Debian 12: fping 5.1-1) and check_tcp 2.3.3 (2.3.3-5+deb12u2).
# Behaviour: for an address under a blackhole route, sendto() and connect() fail at once with EINVAL, the errno of a call
#   that makes no sense. The two sister kinds of route answer as one would think: unreachable with EHOSTUNREACH ("No
#   route to host"), prohibit with EACCES ("Permission denied").
# Expected: no error at all (a blackhole drops silently: packets that are forwarded do vanish so), or "unreachable".
# Why it matters: blackhole is what routing daemons and DDoS scripts install for an attacked address. The monitor on that
#   very router then reports a mistake in its own configuration, and a prober that treats EINVAL as a bug in its caller
#   gives up for good instead of trying again.
# Source: net/ipv4/fib_semantics.c, fib_props: RTN_BLACKHOLE has .error = -EINVAL. ip-route(8) does say "the local senders
#   get an EINVAL error"; the tools print strerror of it.
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
  unpack fping=5.1-1 monitoring-plugins-basic=2.3.3-5+deb12u2
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

for kind in blackhole unreachable prohibit; do ip route add "$kind" "198.18.0.$((${#kind}))/32"; done
seen=
for kind in blackhole unreachable prohibit; do
  address=198.18.0.${#kind}
  ping=$("$tmp/root/usr/bin/fping" -r0 "$address" 2>&1 | sed -n '1s/.*: //p' || true)
  tcp=$("$tmp/root/usr/lib/nagios/plugins/check_tcp" -H "$address" -p 80 2>&1 | sed -n '1s/.*: //p' || true)
  echo "$kind: fping: $ping; check_tcp: $tcp"
  seen+="$tcp;"
done
echo "expected: silence until a timeout, or a word of the route, for blackhole"
[[ $seen == "Invalid argument;No route to host;Permission denied;" ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
