#!/usr/bin/env bash
# blackbox_exporter: a DNS probe takes its own question, sent back to it, for a good answer, and one about another name too.
#
# Versions: blackbox_exporter 0.23.0 (Debian 12: prometheus-blackbox-exporter 0.23.0-4+b4), with miekg/dns 1.1.50.
# Behaviour: whatever listens on the port sends each datagram back as it came. The probe says probe_success 1 and
#   probe_dns_query_succeeded 1: the message has the right id, its code is 0, which is NOERROR, and nobody looks at the bit
#   that tells a response from a query. An answer about example.net to a question about example.com is a success as well.
# Expected: 0 in both cases. dig warns of them: "query response not set", "Question section mismatch".
# Why it matters: a module without rules about records is the usual one to see that a name server answers. A load balancer
#   whose backends are gone, an address that was given to another service, or a loop that reflects packets looks like it.
# Source: prober/dns.go checks the code alone; client.go of miekg/dns (exchangeContext) compares ids alone.
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
  up: { prober: dns, timeout: 3s, dns: { query_name: example.com, query_type: A, preferred_ip_protocol: ip4 } }
EOF
cat >"$tmp/dns.pl" <<'EOF'
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:5353", Proto => "udp") or die $!;
my $record = "\xc0\x0c" . pack("nnNnC4", 1, 1, 60, 4, 192, 0, 2, 1);
while ($server->recv(my $query, 512)) {
  open(my $file, "<", $ARGV[0]) or die $!;
  chomp(my $how = <$file>);
  my $question = substr($query, 12);
  if ($how eq "echo") { $server->send($query); next; }
  if ($how eq "refused") { $server->send(substr($query, 0, 2) . pack("n5", 0x8585, 1, 0, 0, 0) . $question); next; }
  $question =~ s/\x03com/\x03net/ if $how eq "other";
  $server->send(substr($query, 0, 2) . pack("n5", 0x8580, 1, 1, 0, 0) . $question . $record);
}
EOF
perl "$tmp/dns.pl" "$tmp/how" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-blackbox-exporter" --config.file="$tmp/blackbox.yml" --web.listen-address=127.0.0.1:2775 2>"$tmp/log" &
pids+=($!)
sleep 2

# probe HOW: the verdict, when the server answers so.
probe() {
  echo "$1" >"$tmp/how"
  exec 7<>/dev/tcp/127.0.0.1/2775
  printf 'GET /probe?module=up&target=127.0.0.1:5353 HTTP/1.0\r\n\r\n' >&7
  tr -d '\r' <&7 | awk '$1 == "probe_success" { printf "%s", $2 }'
  exec 7>&-
}
seen=
for how in answer refused echo other; do
  verdict=$(probe $how)
  echo "$how: expected probe_success $([ $how = answer ] && echo 1 || echo 0); seen: $verdict"
  seen+="$verdict "
done
[ "$seen" = "1 0 1 1 " ] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
