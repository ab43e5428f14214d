#!/usr/bin/env bash
# Linux: a connection of MPTCP that the far end has closed is ESTABLISHED in the table of TCP, and in every count made of it.
#
# Versions: Linux 5.6 or newer with net.mptcp.enabled (tried on 6.18); iproute2 6.1.0 (Debian 12: iproute2 6.1.0-3).
# Behaviour: three clients of a server that speaks MPTCP close their connections, the server does not. `ss -M` says CLOSE-WAIT
#   three times. /proc/net/tcp, `ss -t` and sock_diag's dump of TCP say ESTAB: the end of a connection of MPTCP travels in
#   its data (DATA_FIN), and its subflows, which are what that table holds, stay as they are for a minute or longer. A plain
#   client of the same server, that closes as well, is CLOSE-WAIT there.
# Expected: a table of connections tells their state, or says that it holds something else.
# Why it matters: a program that forgets to close what its clients have closed is found by the growth of CLOSE-WAIT; one that
#   speaks MPTCP leaks unseen, and its graph shows busy connections. Services get it without asking: by mptcpize, by systemd's
#   SocketProtocol=mptcp, or by a runtime that listens so by itself.
# Source: RFC 8684, 3.3.3 (the data-level FIN is apart from that of a subflow); net/mptcp/protocol.c; ss(8) has -M and does not
#   say that -t shows its subflows as connections.
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
[ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ] || { echo "this kernel has no MPTCP"; exit 2; }
echo "version: Linux $(uname -r)"
perl -MSocket -e '
  my $at = sockaddr_in(7002, INADDR_LOOPBACK);
  my $server; socket($server, AF_INET, SOCK_STREAM, 262) && bind($server, $at) && listen($server, 8) or die $!;
  my (@clients, @held);
  for my $protocol (262, 262, 262, 0) {
    my $client; socket($client, AF_INET, SOCK_STREAM, $protocol) && connect($client, $at) or die $!;
    syswrite $client, "x";
    accept(my $connection, $server) or die $!;
    push @clients, $client; push @held, $connection;
  }
  sleep 1;
  close $_ for @clients;
  sleep 60' &
pids+=($!)
sleep 3
states() { "$ss" -Han "$1" sport = :7002 | awk '$1 != "LISTEN" && $2 != "LISTEN" { print ($1 ~ /tcp/ ? $2 : $1) }' | sort | uniq -c | xargs; }
tcp=$(states -t)
echo "one plain client and three of MPTCP have closed, the server has not"
echo "  the table of TCP: expected 4 CLOSE-WAIT; seen: $tcp"
echo "  ss -M, of the three: $(states -M)"
[[ $tcp == "1 CLOSE-WAIT 3 ESTAB" && $(states -M) == "3 CLOSE-WAIT" ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
