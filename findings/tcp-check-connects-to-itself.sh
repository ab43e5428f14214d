#!/usr/bin/env bash
# A TCP check of a dead local port now and then finds it open: the check has connected to itself.
#
# Versions: Linux (any), shown with check_tcp of Monitoring Plugins 2.3.3 (Debian 12: 2.3.3-5+deb12u2).
# Behaviour: nothing listens on port 40004. The check asks for a connection to it, the kernel picks a source port, and if
#   that is 40004 too, the SYN meets its own sender: TCP allows both ends to open at once, and the connection stands,
#   from the port to itself. check_tcp says "TCP OK" and exits 0; so does everything that stops at connect().
# Expected: connection refused, always, where nobody listens.
# Why it matters: services on ports of the local range (32768 to 60999 by default) that are watched from the same machine:
#   exporters, application servers, tunnels. A dead one comes back for one check in some ten thousand: a recovery and a
#   new alarm in the night, the outage split in two, and a lone "up" that nobody can explain. While such a connection
#   stands, the service itself cannot bind its port.
# Source: RFC 9293 3.5 (simultaneous open); net/ipv4/inet_hashtables.c picks source ports of the target's range without
#   leaving the target port out. The range is cut to 20 ports here, so that it takes a second instead of a day.
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

echo "40000 40019" >/proc/sys/net/ipv4/ip_local_port_range
opened=0
last=
for _ in {1..1500}; do
  if said=$("$tmp/root/usr/lib/nagios/plugins/check_tcp" -H 127.0.0.1 -p 40004 2>&1); then
    opened=$((opened + 1))
    last=$said
  fi
  ((opened < 3)) || break
done
listening=$(grep -c ' 0A ' /proc/net/tcp || true)
echo "listening sockets in this namespace: $listening"
echo "expected: refused each time; seen open: $opened times, the last one: $last"
[[ $listening == 0 && $opened -gt 0 ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
