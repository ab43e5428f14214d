#!/usr/bin/env bash
# snmpd answers a GETBULK of 101 columns with nothing at all: no value, no error, exit 0.
#
# Versions: Net-SNMP 5.9.3 (Debian 12: snmpd 5.9.3+dfsg-2+deb12u1).
# Behaviour: a GETBULK with 100 repeating columns and one repetition is answered with 100 values. With 101 columns the
#   answer has error-status noError and an empty list. snmpbulkget prints no line and exits 0.
# Expected: the values that fit (a GETBULK may always be answered with fewer than asked for), or tooBig.
# Why it matters: a poller that groups the columns of many tables in one request works until one more column is added;
#   from then on every value of that request is missing, and "no values, no error" reads as the end of the table.
# Source: maxGetbulkResponses in snmpd.conf(5), 100 by default, said to limit the responses; an agent that cannot give one
#   whole repetition within it gives none (agent/snmp_agent.c, where the bulk repetitions are cut).
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
  unpack snmpd=5.9.3+dfsg-2+deb12u1 snmp=5.9.3+dfsg-2+deb12u1 libsnmp40=5.9.3+dfsg-2+deb12u1
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs MIBS= SNMPCONFPATH=$tmp SNMP_PERSISTENT_DIR=$tmp
printf 'rocommunity public\nagentaddress udp:127.0.0.1:1161\n' >"$tmp/agent.conf"
"$tmp/root/usr/sbin/snmpd" -f -Lf "$tmp/log" -C -c "$tmp/agent.conf" &
pids+=($!)
sleep 2

# values COLUMNS: how many values come back for so many columns, with the exit status.
values() {
  local columns
  mapfile -t columns < <(yes .1.3.6.1.2.1.1 | head -"$1")
  local out status=0
  out=$("$tmp/root/usr/bin/snmpbulkget" -v2c -c public -Cn0 -Cr1 127.0.0.1:1161 "${columns[@]}" 2>&1) || status=$?
  echo "$(grep -c . <<<"$out") values, exit $status"
}
hundred=$(values 100)
more=$(values 101)
echo "100 columns: $hundred"
echo "101 columns: expected 100 or 101 values, or an error; seen: $more"
[[ $hundred == "100 values, exit 0" && $more == "0 values, exit 0" ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
