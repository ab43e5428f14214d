#!/usr/bin/env bash
# check_icmp counts duplicate replies as replies to the lost requests: 75 % loss reads as "OK, lost 0%".
#
# Versions: Monitoring Plugins 2.3.3 (Debian 12: monitoring-plugins-basic 2.3.3-5+deb12u2), Linux.
# Behaviour: for every packet sent, the plugin counts every reply that carries its id. It does not remember which
#   sequence number has been answered already. Four requests of which one is answered four times (a loop, a bridge with
#   two paths, two hosts with one address) give 4 of 4: loss 0 %, state OK. It then stops waiting.
# Expected: what ping, fping and mtr do with the same packets: three of four are lost (75 %), and three replies are
#   duplicates.
# Why it matters: the fault that makes duplicates is often the fault that loses packets, and the alarm for loss is
#   silent exactly then. Exit status, text and performance data all say a healthy line.
# Source: plugins-root/check_icmp.c, wait_for_reply(): icmp_recv is counted up for each reply; nothing marks a sequence
#   number as seen. No word of duplicates in its --help.
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

# Answers each echo request that arrives on loopback as told by RULE: for the Nth request, how many replies.
answer_echo() {
  echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all
  perl -MSocket -e '
    my @replies = split /,/, shift;
    socket(my $s, PF_INET, SOCK_RAW, 1) or die $!;
    bind($s, sockaddr_in(0, inet_aton("127.0.0.1"))) or die $!;
    my $n = 0;
    while (my $from = recv($s, my $packet, 65536, 0)) {
      my $icmp = substr($packet, (ord($packet) & 15) * 4);
      next unless ord($icmp) == 8;
      my $reply = "\0\0\0\0" . substr($icmp, 4);
      my $sum = unpack("%32n*", length($reply) % 2 ? "$reply\0" : $reply);
      $sum = ($sum & 65535) + ($sum >> 16) while $sum >> 16;
      substr($reply, 2, 2) = pack("n", ~$sum & 65535);
      my $times = $replies[$n++ % @replies];
      send($s, $reply, 0, $from) for 1 .. $times;
    }' "$1" &
  pids+=($!)
  sleep 1
}

answer_echo 4,0,0,0
seen=$("$tmp/root/usr/lib/nagios/plugins/check_icmp" -H 127.0.0.1 -n 4 -w 500,20% -c 1000,60%) && status=0 || status=$?
echo "expected: CRITICAL, lost 75% (the first of four requests is answered four times, the others never)"
echo "seen:     exit $status, $seen"
[[ $status == 0 && $seen == *"lost 0%"* ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
