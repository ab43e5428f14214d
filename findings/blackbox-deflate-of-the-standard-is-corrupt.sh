#!/usr/bin/env bash
# blackbox_exporter: a page that is compressed as HTTP's "deflate" says fails the probe; bare DEFLATE, which is not that, passes.
#
# Versions: blackbox_exporter 0.23.0 (Debian 12: prometheus-blackbox-exporter 0.23.0-4+b4).
# Behaviour: a module says `compression: deflate` and looks for a word of the page. A server that sends the body in zlib's
#   format: probe_success 0, "flate: corrupt input". One that sends the bare stream without zlib's head and checksum: 1.
# Expected: RFC 9110, 8.4.1.2: the "deflate" coding is zlib's format (RFC 1950) around the stream; browsers and curl take both.
# Why it matters: a server that follows the standard (zlib's compress() behind a PHP or Python page, a load balancer) is told
#   as down from the moment when somebody measures it compressed, and the cause says that its data are corrupt.
# Source: prober/http.go: the reader for "deflate" is flate.NewReader, Go's bare DEFLATE; zlib's is in another package.
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
  packed:
    prober: http
    timeout: 3s
    http:
      compression: deflate
      headers: { Accept-Encoding: deflate }
      fail_if_body_not_matches_regexp: [healthy]
EOF
cat >"$tmp/web.pl" <<'EOF'
use IO::Socket::INET;
use Compress::Raw::Zlib;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8081", Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
  my $first = <$client>;
  my ($how) = $first =~ m{GET /(\w+)};
  while (my $line = <$client>) { last if $line =~ /^\r?$/ }
  my ($deflate) = Compress::Raw::Zlib::Deflate->new(-WindowBits => $how eq "bare" ? -15 : 15, -AppendOutput => 1);
  my $body = "";
  $deflate->deflate("service healthy " x 20, $body);
  $deflate->flush($body);
  print $client "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: ", length $body, "\r\nConnection: close\r\n\r\n", $body;
  close $client;
}
EOF
perl "$tmp/web.pl" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-blackbox-exporter" --config.file="$tmp/blackbox.yml" --web.listen-address=127.0.0.1:2776 2>"$tmp/log" &
pids+=($!)
sleep 2

# probe HOW: the verdict on a page that is packed so.
probe() {
  exec 7<>/dev/tcp/127.0.0.1/2776
  printf 'GET /probe?module=packed&target=http://127.0.0.1:8081/%s HTTP/1.0\r\n\r\n' "$1" >&7
  tr -d '\r' <&7 | awk '$1 == "probe_success" { printf "%s", $2 }'
  exec 7>&-
}
seen=
for how in zlib bare; do
  verdict=$(probe $how)
  echo "packed as $how: expected probe_success 1; seen: $verdict"
  seen+="$verdict "
done
[ "$seen" = "0 1 " ] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
