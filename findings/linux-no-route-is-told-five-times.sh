#!/usr/bin/env bash
# A Linux router with its ICMP limit switched off still says "no route" to a monitor only five times, then once a second.
#
# Versions: Linux (seen on 6.18; the lines are the same since 2.6), shown with fping 5.1 (Debian 12: fping 5.1-1).
# Behaviour: net.ipv4.icmp_ratelimit=0 is documented as "no limit", and holds for what is refused by a firewall: each of
#   20 refused pings is answered. For an address that the router has no route to, a second limit stands before the first,
#   an allowance of each asking address for all that it asks: five answers, then one a second
#   (net.ipv4.route.error_burst and error_cost, in jiffies, of the whole machine, not of a network namespace).
# Expected: with the limit at 0, one "unreachable" for each ping.
# Why it matters: when routes of a site vanish, the first five hosts of a round are "unreachable" by name of the router,
#   which tells where the fault is, and the rest of the same outage is "timeout". A parent found by who says "unreachable"
#   is found for five hosts of twenty, and which five depends on the order of the round.
# Source: net/ipv4/route.c, ip_error() and ip_rt_error_burst; ip-sysctl.rst names icmp_ratelimit only.
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

# Everything below runs in network namespaces of its own: nothing reaches another machine.
if [ "${1-}" != inside ]; then
  tmp=$(mktemp -d)
  trap 'rm -rf "$tmp"' EXIT
  unpack fping=5.1-1 nftables=1.0.6-2+deb12u2
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
router=
trap '[ -z "$router" ] || kill "$router"; wait' EXIT
echo "version: Linux $(uname -r)"

unshare --net sleep 60 &
router=$!
until [ "$(readlink "/proc/$router/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
on_router() { nsenter --target "$router" --net "$@"; }
ip link add monitor type veth peer name lan netns "$router"
ip addr add 198.18.0.1/30 dev monitor && ip link set monitor up && ip link set lo up
on_router ip addr add 198.18.0.2/30 dev lan
on_router ip link set lan up
on_router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/icmp_ratelimit'
ip route add default via 198.18.0.2
until ping -c1 -W1 198.18.0.2 >/dev/null 2>&1; do sleep 0.2; done

# 20 hosts, one ping each, a hundredth of a second apart.
hosts=()
for last in $(seq 1 20); do hosts+=("198.18.7.$last"); done
told() { "$tmp/root/usr/bin/fping" -i10 -r0 -t500 "${hosts[@]}" 2>&1 | grep -c 'ICMP .* Unreachable from 198.18.0.2' || true; }
without=$(told)

# The same hosts behind a route, refused by the router's firewall.
libraries=$(dirname "$(find "$tmp/root" -name 'libnftables.so*' -print -quit)" 2>/dev/null || true)
on_router ip link add far type veth peer name end
on_router ip link set far up
on_router ip link set end up
on_router ip route add 198.18.7.0/24 dev far
on_router env LD_LIBRARY_PATH="$libraries" "$tmp/root/usr/sbin/nft" \
  'table ip t { chain f { type filter hook forward priority 0; reject with icmp type host-unreachable; }; }'
refused=$(told)

echo "icmp_ratelimit: $(on_router cat /proc/sys/net/ipv4/icmp_ratelimit)"
echo "expected: 20 of 20 told unreachable, whatever the reason"
echo "seen: refused by the firewall $refused, without a route $without"
((refused == 20 && without >= 4 && without <= 7)) || { echo "the behaviour has changed"; exit 1; }
echo "still so"
