#!/usr/bin/env bash
# blackbox_exporter's DNS probe: a cut-off answer without one record, or with another name's record, is a success.
#
# Versions: blackbox_exporter 0.23.0 (Debian 12: prometheus-blackbox-exporter 0.23.0-4+b4).
# Behaviour: asked for the A record of example.com over UDP, a server answers with the TC bit ("cut off, ask again over
#   TCP") and no record: probe_success 1. It answers with a record of other.example instead: probe_success 1 and
#   probe_dns_answer_rrs 1. The same for an empty answer. Only the rcode and that it is an answer are looked at.
# Expected: what every resolver does: ask again over TCP, and take no record of a name it did not ask for.
# Why it matters: a firewall that lets UDP 53 through and blocks TCP 53 breaks exactly the long answers (TXT, DNSSEC, many
#   addresses); users get nothing, and the probe of that very name is green. So it is for a zone whose records are gone.
#   A rule on probe_dns_answer_rrs helps against the empty answers alone.
# Source: prober/dns.go: one exchange, then the rcode; truncated is not looked at. The configuration's page says that
#   validate_answer_rrs exists, not what success means without it.
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
  unpack prometheus-blackbox-exporter=0.23.0-4+b4
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up

cat >"$tmp/blackbox.yml" <<'EOF'
modules:
  name:
    prober: dns
    timeout: 3s
    dns: { query_name: example.com, query_type: A, preferred_ip_protocol: ip4 }
EOF
cat >"$tmp/dns.pl" <<'EOF'
use IO::Socket::INET;
my %record = (right => "\xc0\x0c", other => "\5other\7example\0");
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:5353", Proto => "udp") or die $!;
while ($server->recv(my $query, 512)) {
  open(my $file, "<", $ARGV[0]) or die $!;
  chomp(my $how = <$file>);
  my $owner = $record{$how};
  my $question = substr($query, 12, index($query, "\0", 12) + 5 - 12);
  my $answer = defined $owner ? $owner . pack("nnNnC4", 1, 1, 60, 4, 192, 0, 2, 1) : "";
  my $flags = $how eq "cut" ? 0x8780 : 0x8580;
  $server->send(substr($query, 0, 2) . pack("n5", $flags, 1, length $answer ? 1 : 0, 0, 0) . $question . $answer);
}
EOF
perl "$tmp/dns.pl" "$tmp/how" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-blackbox-exporter" --config.file="$tmp/blackbox.yml" --web.listen-address=127.0.0.1:2775 2>"$tmp/log" &
pids+=($!)
sleep 2

# probe HOW: success and number of records, when the server answers so.
probe() {
  echo "$1" >"$tmp/how"
  exec 7<>/dev/tcp/127.0.0.1/2775
  printf 'GET /probe?module=name&target=127.0.0.1:5353 HTTP/1.0\r\n\r\n' >&7
  tr -d '\r' <&7 | awk '$1 == "probe_success" || $1 == "probe_dns_answer_rrs" { printf "%s %s  ", $1, $2 }'
  exec 7>&-
}
seen=
for how in right cut other; do
  line=$(probe $how)
  echo "$how: expected probe_success $([ $how = right ] && echo 1 || echo 0); seen: $line"
  seen+="$line;"
done
[[ $seen == "probe_dns_answer_rrs 1  probe_success 1  ;probe_dns_answer_rrs 0  probe_success 1  ;probe_dns_answer_rrs 1  probe_success 1  ;" ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
