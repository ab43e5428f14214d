#!/usr/bin/env bash
# blackbox_exporter: of a redirect that is not followed no body is ever read, so every rule about bodies fails the probe.
#
# Versions: blackbox_exporter 0.23.0 (Debian 12: prometheus-blackbox-exporter 0.23.0-4+b4).
# Behaviour: a module with `follow_redirects: false` and `valid_status_codes: [302]` looks at a 302 whose body says "moved".
#   Without rules: probe_success 1. With `fail_if_body_not_matches_regexp: ["moved"]`: 0. With
#   `fail_if_body_matches_regexp: ["error"]`, which is not in it: 0 as well, and probe_failed_due_to_regex 1. Rules about
#   headers hold as they should, and so does a body rule about the same body under status 200.
# Expected: 1 in all three cases: the body is there, and it says what the rules want.
# Why it matters: login pages, portals and shorteners are watched by exactly such modules. The rule that was meant to catch
#   an error page makes the probe fail for ever, and the metric blames the page.
# Source: the HTTP client closes the body of a response whose redirect CheckRedirect refuses with an error, before it hands
#   it over (net/http, Client.do); prober/http.go then reads that body, and an error of reading counts as a failed rule.
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
  plain: { prober: http, timeout: 3s, http: { follow_redirects: false, valid_status_codes: [200, 302] } }
  has: { prober: http, timeout: 3s, http: { follow_redirects: false, valid_status_codes: [200, 302], fail_if_body_not_matches_regexp: [moved] } }
  has_not: { prober: http, timeout: 3s, http: { follow_redirects: false, valid_status_codes: [200, 302], fail_if_body_matches_regexp: [error] } }
EOF
cat >"$tmp/http.pl" <<'EOF'
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8080", Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
  my $asked = <$client>;
  while (my $line = <$client>) { last if $line eq "\r\n"; }
  my $status = $asked =~ m{/moved} ? "302 Found\r\nLocation: /login" : "200 OK";
  print $client "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nmoved";
  close $client;
}
EOF
perl "$tmp/http.pl" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-blackbox-exporter" --config.file="$tmp/blackbox.yml" --web.listen-address=127.0.0.1:2775 2>"$tmp/log" &
pids+=($!)
sleep 2

# probe MODULE PATH: the verdict.
probe() {
  exec 7<>/dev/tcp/127.0.0.1/2775
  printf 'GET /probe?module=%s&target=http://127.0.0.1:8080/%s HTTP/1.0\r\n\r\n' "$1" "$2" >&7
  tr -d '\r' <&7 | awk '$1 == "probe_success" { printf "%s", $2 }'
  exec 7>&-
}
seen=
for path in page moved; do
  for module in plain has has_not; do
    verdict=$(probe $module $path)
    echo "$([ $path = page ] && echo 200 || echo 302), module $module: expected probe_success 1; seen: $verdict"
    seen+="$verdict "
  done
done
[ "$seen" = "1 1 1 1 0 0 " ] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
