#!/usr/bin/env bash
# ss -s counts the sockets of other network namespaces: "closed 40" in a namespace that never had a socket.
#
# Versions: iproute2 6.1.0 (Debian 12: iproute2 6.1.0-3), Linux (/proc/net/sockstat).
# Behaviour: of the line "TCP: inuse 0 orphan 0 tw 0 alloc 40 mem 3" in /proc/net/sockstat, inuse and tw are of the reader's
#   namespace, alloc, orphan and mem of the whole machine. `ss -s` subtracts the one from the other and prints the rest
#   as "closed": in an empty namespace, twenty listening sockets of another one are twenty closed sockets.
# Expected: all figures of one line, and of one tool's summary, are of the same namespace.
# Why it matters: in a container, "closed", node_sockstat_TCP_alloc and node_sockstat_TCP_mem are the whole machine's, so a
#   leak in one container raises the alarm in all of them, and each looks like the one that leaks: closed sockets that
#   are not freed are what a leak of descriptors looks like.
# Source: net/ipv4/proc.c, sockstat_seq_show(): sock_prot_inuse_get(net, …) beside sockets_allocated of the protocol;
#   misc/ss.c, print_summary(). Neither proc(5) nor ss(8) says it.
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
  unpack iproute2=6.1.0-3
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

ss=$(find "$tmp/root" -name ss -type f)
closed() { unshare --net "$ss" -s | sed -n 's/^TCP:.*closed \([0-9]*\).*/\1/p'; }
before=$(closed)
perl -MIO::Socket::INET -e '
  my @open = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1:" . (3000 + $_), Listen => 1) or die $! } 1 .. 200;
  sleep 60' &
pids+=($!)
sleep 2
after=$(closed)
echo "closed TCP sockets, in a new namespace that has none: $before"
echo "the same, when another namespace listens on 200 ports: expected $before; seen: $after"
echo "its sockstat: $(unshare --net grep ^TCP: /proc/net/sockstat)"
((after >= before + 150)) || { echo "the behaviour has changed"; exit 1; }
echo "still so"
