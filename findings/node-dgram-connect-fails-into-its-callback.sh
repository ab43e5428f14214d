#!/usr/bin/env bash
# Node's dgram: a connect() that failed calls the callback of its success, and no "error" is emitted.
#
# Versions: Node 26.10.0; @types/node 26.6.6.
# Behaviour: where the kernel has no way to an address (no route, a blackhole route), socket.connect(port, address, callback)
#   calls the callback with the error as its argument and emits nothing, although the socket has an "error" listener. The
#   types say that the callback has no argument, so what is written as `() => socket.send(...)` goes on as if connected.
# Expected: what net.Socket does under the same name: the callback hears of "connect" alone, and "error" tells of a failure.
# Why it matters: a connected UDP socket is how a DNS check, a syslog or a statsd sender learns of "port unreachable". On a
#   host that has lost its default route the error handler, where the alarm is raised, is never called.
# Source: lib/dgram.js, doConnect: with a callback the error is handed to it, without one it is emitted; @types/node declares
#   `callback?: () => void`.
set -euo pipefail

command -v node >/dev/null || { echo "node is missing"; exit 2; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" @types/node@26.6.6 >"$tmp/log" || { echo "npm could not fetch the package"; exit 2; }
echo "version: node $(node --version)"
echo "types: $(grep -m1 -o 'connect(port: number, address?: string, callback?: [^;]*' "$tmp/node_modules/@types/node/dgram.d.ts")"
cat >"$tmp/show.mjs" <<'EOF'
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
const heard = { udp: [], tcp: [] };
const udp = createSocket('udp4');
udp.on('error', ({ code }) => heard.udp.push(`event ${code}`));
udp.connect(53, '192.0.2.1', (...given) => heard.udp.push(`callback with ${given[0]?.code ?? 'nothing'}`));
const tcp = connect(53, '192.0.2.1', () => heard.tcp.push('callback'));
tcp.on('error', ({ code }) => heard.tcp.push(`event ${code}`));
setTimeout(() => {
  udp.close();
  console.log(`net: ${heard.tcp}`);
  console.log(`dgram: expected event ENETUNREACH; seen: ${heard.udp}`);
  const same = String(heard.udp) === 'callback with ENETUNREACH' && String(heard.tcp) === 'event ENETUNREACH';
  console.log(same ? 'still so' : 'the behaviour has changed');
  process.exit(same ? 0 : 1);
}, 200);
EOF
# In a network without any route.
unshare --map-root-user --net node "$tmp/show.mjs"
