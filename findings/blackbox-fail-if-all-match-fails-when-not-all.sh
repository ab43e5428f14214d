#!/usr/bin/env bash
# blackbox_exporter: fail_if_all_match_regexp fails a DNS probe when the records do NOT all match.
#
# Versions: blackbox_exporter 0.23.0 (Debian 12: prometheus-blackbox-exporter 0.23.0-4+b4).
# Behaviour: a module says `validate_answer_rrs: { fail_if_all_match_regexp: ["192\\.0\\.2\\."] }`. An answer of two records that
#   both match: probe_success 1. One that matches and one that does not, or none that does: probe_success 0. With several
#   expressions every record must match every one of them. An answer without records: 1.
# Expected: what the name says, and what fail_if_matches_regexp beside it does: a failure when all match, a success else.
# Why it matters: whoever writes the rule to be woken when every address leads to a block page or a parking host is woken by
#   each healthy look, and sleeps through the hijack; a tool that reads such files by their names says the opposite.
# Source: prober/dns.go, validRRs: the branch of FailIfAllMatchRegexp returns false at the first record that does not match,
#   with the log line "Not all RRs matched regexp".
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
  all:
    prober: dns
    timeout: 3s
    dns:
      query_name: example.com
      query_type: A
      preferred_ip_protocol: ip4
      validate_answer_rrs: { fail_if_all_match_regexp: ['192\.0\.2\.'] }
EOF
cat >"$tmp/dns.pl" <<'EOF'
use IO::Socket::INET;
my %last = (all => [[192, 0, 2, 1], [192, 0, 2, 9]], some => [[192, 0, 2, 1], [198, 51, 100, 1]], none => [[198, 51, 100, 1]]);
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:5353", Proto => "udp") or die $!;
while ($server->recv(my $query, 512)) {
  open(my $file, "<", $ARGV[0]) or die $!;
  chomp(my $how = <$file>);
  my @records = map { "\xc0\x0c" . pack("nnNnC4", 1, 1, 60, 4, @$_) } @{$last{$how}};
  my $question = substr($query, 12, index($query, "\0", 12) + 5 - 12);
  $server->send(substr($query, 0, 2) . pack("n5", 0x8580, 1, scalar @records, 0, 0) . $question . join("", @records));
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
  printf 'GET /probe?module=all&target=127.0.0.1:5353 HTTP/1.0\r\n\r\n' >&7
  tr -d '\r' <&7 | awk '$1 == "probe_success" { printf "%s", $2 }'
  exec 7>&-
}
seen=
for how in all some none; do
  verdict=$(probe $how)
  echo "$how of the records match: expected probe_success $([ $how = all ] && echo 0 || echo 1); seen: $verdict"
  seen+="$verdict "
done
[ "$seen" = "1 0 0 " ] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
