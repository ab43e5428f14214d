#!/usr/bin/env bash
# snmp_exporter gives a Counter64 as its remainder modulo 2^53: a link that moved 9 PB has moved 1 kB.
#
# Versions: snmp_exporter 0.21.0 (Debian 12: prometheus-snmp-exporter 0.21.0-1+b5), Net-SNMP 5.9.3 as the agent.
# Behaviour: the agent's counter stands at 9007199254741999; the scrape says 1007, as a counter, with no mark on it.
# Expected: 9.007199254742e+15, the nearest number that a float can say.
# Why it matters: rate() gets over it (it takes the wrap for a restart), but everything that reads the total does not:
#   volume since installation, billing by the difference of two readings, a comparison with what the router itself
#   shows, a threshold. A 100 Gbit/s port wraps every eight days at full load.
# Source: the flag --snmp.wrap-large-counters, true by default, meant to keep rates exact; the metric's help has no word
#   of it.
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
  unpack prometheus-snmp-exporter=0.21.0-1+b5 snmpd=5.9.3+dfsg-2+deb12u1 snmp=5.9.3+dfsg-2+deb12u1 libsnmp40=5.9.3+dfsg-2+deb12u1
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs MIBS= SNMPCONFPATH=$tmp SNMP_PERSISTENT_DIR=$tmp
oid=.1.3.6.1.4.1.8072.9999.1
cat >"$tmp/counter" <<EOF
[ "\$1" = -g ] && printf '%s\ncounter64\n9007199254741999\n' "\$2"
EOF
cat >"$tmp/agent.conf" <<EOF
rocommunity public
agentaddress udp:127.0.0.1:1161
pass $oid /bin/sh $tmp/counter
EOF
cat >"$tmp/snmp.yml" <<EOF
port:
  get: [${oid#.}.0]
  version: 2
  auth: { community: public }
  metrics: [{ name: octets, oid: ${oid#.}, type: counter, help: "all octets" }]
EOF
"$tmp/root/usr/sbin/snmpd" -f -Lf "$tmp/log" -C -c "$tmp/agent.conf" &
pids+=($!)
"$tmp/root/usr/bin/prometheus-snmp-exporter" --config.file="$tmp/snmp.yml" --web.listen-address=127.0.0.1:2776 2>"$tmp/log2" &
pids+=($!)
sleep 3
agent=$("$tmp/root/usr/bin/snmpget" -v2c -c public -Oqv 127.0.0.1:1161 $oid.0)
exec 7<>/dev/tcp/127.0.0.1/2776
printf 'GET /snmp?module=port&target=127.0.0.1:1161 HTTP/1.0\r\n\r\n' >&7
scraped=$(tr -d '\r' <&7 | awk '$1 == "octets" { print $2 }')
echo "the agent says:   $agent"
echo "expected of the exporter: 9.007199254742e+15; seen: $scraped"
[[ $agent == 9007199254741999 && $scraped == 1007 ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
