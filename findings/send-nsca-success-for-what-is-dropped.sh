#!/usr/bin/env bash
# send_nsca says "sent to host successfully" and exits 0 when the server throws the result away.
#
# Versions: NSCA 2.10.2 (Debian 12: nsca and nsca-client 2.10.2-2).
# Behaviour: with another password than the server's, or another encryption method, the client prints "1 data packet(s)
#   sent to host successfully." and exits 0. The server decodes garbage and drops it. The same words follow a result
#   that it did take.
# Expected: an exit status that tells a result that arrived from one that did not; at least no "successfully".
# Why it matters: passive checks (backups, jobs behind a firewall) are exactly those that nobody asks for. After a change
#   of password on one side every job goes on reporting success to nobody, and its sender's log agrees.
# Source: the protocol has no answer: the client writes its packet and closes (src/send_nsca.c); the README does not
#   say what "successfully" means.
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
  unpack nsca=2.10.2-2 nsca-client=2.10.2-2 libmcrypt4=2.5.8-7
  unshare --map-root-user --mount --net bash "$0" inside "$tmp"
  exit
fi
tmp=$2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
ip link set lo up
libs=$(find "$tmp/root" -type d -path "*/lib/*-linux-gnu" | paste -sd:)

export LD_LIBRARY_PATH=$libs
mkfifo "$tmp/commands"
exec 8<>"$tmp/commands"
cat >"$tmp/nsca.cfg" <<EOF
server_address=127.0.0.1
server_port=5667
nsca_user=root
nsca_group=root
command_file=$tmp/commands
alternate_dump_file=$tmp/dump
password=of-the-server
decryption_method=1
EOF
printf 'password=of-the-server\nencryption_method=1\n' >"$tmp/right.cfg"
printf 'password=of-last-year\nencryption_method=1\n' >"$tmp/wrong.cfg"
"$tmp/root/usr/sbin/nsca" -f -c "$tmp/nsca.cfg" >/dev/null 2>&1 &
pids+=($!)
sleep 1
for which in right wrong; do
  said=$(printf 'web1\tbackup\t2\tfailed (%s password)\n' "$which" |
    "$tmp/root/usr/sbin/send_nsca" -H 127.0.0.1 -c "$tmp/$which.cfg") && status=0 || status=$?
  echo "$which password: exit $status, $said"
  printf -v "said_$which" '%s' "$status $said"
done
sleep 1
arrived=$(timeout 1 cat <&8 || true)
echo "expected: two different answers"
echo "arrived:  $arrived"
[[ $said_right == "0 "*successfully* && $said_wrong == "$said_right" ]] || { echo "the behaviour has changed"; exit 1; }
[[ $arrived == *"right password"* && $arrived != *"wrong password"* ]] || { echo "the behaviour has changed"; exit 1; }
echo "still so"
