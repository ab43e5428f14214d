#!/usr/bin/env bash
# Alertmanager: an alert that resolves while it is silenced is never told as resolved, not even when the silence ends.
#
# Versions: Alertmanager 0.25.0 (Debian 12: prometheus-alertmanager 0.25.0-1+b4).
# Behaviour: a receiver with send_resolved: true is told "firing". Somebody silences the alert while he works on it. It
#   resolves; nothing is sent, as a silence promises. Then the silence ends, and still nothing is sent, ever: the resolved
#   alert was dropped at the first flush during the silence.
# Expected: the resolution of what had been told is told when the silence ends at the latest.
# Why it matters: the usual way to work on an alert is to silence it. The incident at the receiver (on-call service,
#   ticket, chat) stays open for good, and a repeat within repeat_interval may not open a new one.
# Source: the silence stage of notify/notify.go drops firing and resolved alike, then dispatch deletes what is resolved.
#   Known upstream for years; the documents of silences and of send_resolved do not say it.
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
  unpack prometheus-alertmanager=0.25.0-1+b4
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

cat >"$tmp/hook.pl" <<'EOF'
use IO::Socket::INET;
$| = 1;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:2777", Listen => 5, ReuseAddr => 1) or die $!;
while (my $c = $server->accept) {
  my $length = 0;
  while (my $line = <$c>) { $length = $1 if $line =~ /^content-length: (\d+)/i; last if $line =~ /^\r?\n/ }
  read($c, my $body, $length);
  my ($name) = $body =~ /"alertname":"(\w+)"/;
  my ($status) = $body =~ /"status":"(\w+)"/;
  print "$name $status\n";
  print $c "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  close $c;
}
EOF
cat >"$tmp/config.yml" <<'EOF'
route: { receiver: hook, group_by: [alertname], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers:
  - name: hook
    webhook_configs: [{ url: 'http://127.0.0.1:2777/', send_resolved: true }]
EOF
perl "$tmp/hook.pl" >"$tmp/told" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-alertmanager" --config.file="$tmp/config.yml" --storage.path="$tmp/data" \
  --web.listen-address=127.0.0.1:2778 --cluster.listen-address= >"$tmp/log" 2>&1 &
pids+=($!)
tool=("$tmp/root/usr/bin/amtool" --alertmanager.url=http://127.0.0.1:2778)
for _ in {1..50}; do "${tool[@]}" cluster show >/dev/null 2>&1 && break || sleep 0.2; done

"${tool[@]}" alert add Spoken
"${tool[@]}" alert add Silenced
sleep 4
silence=$("${tool[@]}" silence add alertname=Silenced -d 1h -c work -a someone)
sleep 1
ends=$(date -u +%Y-%m-%dT%H:%M:%SZ)
"${tool[@]}" alert add Spoken --end="$ends"
"${tool[@]}" alert add Silenced --end="$ends"
sleep 6
"${tool[@]}" silence expire "$silence"
sleep 8
seen=$(sort "$tmp/told" | paste -sd,)
echo "expected: 'Silenced resolved' within 8 s of the silence's end (group_interval is 2 s)"
echo "seen:     $seen"
[[ $seen == "Silenced firing,Spoken firing,Spoken resolved" ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
