#!/usr/bin/env bash
# check_http: an empty page passes "at least 100 bytes", and a page cut off after 12 of 1000 bytes is OK.
#
# Versions: Monitoring Plugins 2.3.3 (Debian 12: monitoring-plugins-basic 2.3.3-5+deb12u2).
# Behaviour: -m 100 ("minimum page size required") is held against status line, headers and body together, so an answer
#   with Content-Length: 0 and some headers passes; size= in the performance data is that sum too. And a body that ends
#   long before its Content-Length (the server died in the middle) is "HTTP OK", with nothing said.
# Expected: the size of the page, as the option's words say; and an error for an answer that is not whole (curl exits 18).
# Why it matters: -m is there to notice the white page of a broken application, and such a page comes with more headers
#   than ever (cookies, security policies). The graph of size= moves when a header is added.
# Source: plugins/check_http.c, check_http(): page_len = pagesize, with get_content_length() in a comment beside it.
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

cat >"$tmp/http.pl" <<'EOF'
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8080", Listen => 5, ReuseAddr => 1) or die $!;
my $head = "HTTP/1.1 200 OK\r\nConnection: close\r\nSet-Cookie: session=" . "x" x 60 . "\r\n";
while (my $c = $server->accept) {
  my $request = <$c>;
  while (my $line = <$c>) { last if $line =~ /^\r?\n/ }
  print $c $head, $request =~ /empty/ ? "Content-Length: 0\r\n\r\n" : "Content-Length: 1000\r\n\r\nstatus: fine";
  close $c;
}
EOF
perl "$tmp/http.pl" &
pids+=($!)
sleep 1
check() { "$tmp/root/usr/lib/nagios/plugins/check_http" -I 127.0.0.1 -p 8080 "$@"; }
empty=$(check -u /empty -m 100) && empty_status=0 || empty_status=$?
short=$(check -u /short) && short_status=0 || short_status=$?
echo "body of 0 bytes, at least 100 wanted: expected WARNING; seen: exit $empty_status, $empty"
echo "body of 12 bytes, 1000 announced:     expected CRITICAL; seen: exit $short_status, $short"
[[ $empty_status == 0 && $empty == "HTTP OK"* && $short_status == 0 && $short == "HTTP OK"* ]] ||
  { echo "the behaviour has changed"; exit 1; }
echo "still so"
