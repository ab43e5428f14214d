#!/usr/bin/env bash
# check_ping reports the number of duplicates as the packet loss when the loss is not a whole percentage.
#
# Versions: Monitoring Plugins 2.3.3 (Debian 12: monitoring-plugins-basic 2.3.3-5+deb12u2) over iputils ping 20221126.
# Behaviour: ping's summary "7 packets transmitted, 4 received, +9 duplicates, 42.8571% packet loss" becomes
#   "Packet loss = 9%" (pl=9% in the performance data). With a whole number (50%) in the same line the figure is right,
#   and so it is with 42.8571% and no duplicates (42%, cut).
# Expected: 42 or 43 %.
# Why it matters: -w and -c compare the wrong figure. With -w 100,20% -c 500,40% a line that loses 43 % is a WARNING for
#   its duplicates instead of CRITICAL, and the graph of loss shows a line that got better.
# Source: plugins/check_ping.c, run_ping(): a row of sscanf patterns joined by "or", each with %d for the loss and %n to
#   make sure that it matched to its end. None ends at "42.8571%"; what an earlier pattern had read by then stays, and
#   "%*d received, %d%% packet loss" had read "+9".
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
  unpack monitoring-plugins-basic=2.3.3-5+deb12u2 iputils-ping=3:20221126-1+deb12u1
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

mount -t overlay overlay -o "lowerdir=$tmp/root/bin:/usr/bin" /usr/bin # the plugin calls ping by its full path
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

# With 4 asked for and half of them lost, ping sends 7 to get 4 replies; the last one's duplicates come too late to count.
answer_echo 4,0
ping -n -U -w 10 -c 4 127.0.0.1 >"$tmp/ping" || true
summary=$(grep transmitted "$tmp/ping")
kill "${pids[@]}"
pids=()
answer_echo 4,0
seen=$("$tmp/root/usr/lib/nagios/plugins/check_ping" -H 127.0.0.1 -p 4 -w 100,20% -c 500,40%) && status=0 || status=$?
echo "ping says: $summary"
echo "expected:  CRITICAL, packet loss = 42% or 43%"
echo "seen:      exit $status, $seen"
[[ $summary == *"+9 duplicates, 42.8571%"* && $status == 1 && $seen == *"Packet loss = 9%"* ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
