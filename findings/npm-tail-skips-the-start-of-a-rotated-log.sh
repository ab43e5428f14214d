#!/usr/bin/env bash
# npm tail: when a log is rotated, all that is written to the new one during the next second is skipped.
#
# Versions: tail 2.2.6 (npm), with its defaults (follow: true); Linux, Node 20 or newer.
# Behaviour: a program writes a line every 50 ms; the log is renamed and begun anew (logrotate's "create"). The module
#   notices, waits a second, and goes on in the new file at the byte where it was in the old one; a new file that is
#   shorter than that (the usual case) is taken up at its present end. The first lines are gone. No error event.
# Expected: as `tail -F` does: the new file from its beginning.
# Why it matters: whoever watches a log for attacks or errors misses the same moment each night, just when the rotated
#   daemon starts anew and says what is wrong with it. On a busy log a second is thousands of lines.
# Source: lib/tail.js: rename() sets a timer of 1000 ms that calls watch(this.currentCursorPos); change() moves the cursor
#   to the end of a file that is shorter. The README names the delay, and compares the option with `tail -F`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" tail@2.2.6 >"$tmp/log" || { echo "npm could not fetch the package"; exit 2; }
echo "version: tail $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$tmp/node_modules/tail/package.json")"
cat >"$tmp/show.mjs" <<'EOF'
import fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Tail } from 'tail';

const file = `${process.argv[2]}/app.log`;
fs.writeFileSync(file, 'the day before\n'.repeat(1000));
const seen = new Set();
const errors = [];
const tail = new Tail(file, { follow: true });
tail.on('line', (line) => seen.add(line));
tail.on('error', (error) => errors.push(error));
await wait(500);
let written = 0;
for (let step = 0; step < 80; step++) {
  if (step === 20) fs.renameSync(file, `${file}.1`);
  fs.appendFileSync(file, `line ${written++}\n`); // makes the new file after the rename
  await wait(50);
}
await wait(1500);
tail.unwatch();
const lost = [];
for (let number = 0; number < written; number++) if (!seen.has(`line ${number}`)) lost.push(number);
const before = lost.length === 0 ? 'none' : `${lost[0]} to ${lost.at(-1)}`;
console.log(`${written} lines written, the log rotated before line 20`);
console.log(`expected: none lost; seen: ${lost.length} lost (${before}), ${errors.length} errors told`);
const same = lost.length >= 10 && lost.includes(20) && errors.length === 0;
console.log(same ? 'still so' : 'the behaviour has changed');
process.exitCode = same ? 0 : 1;
EOF
timeout 60 node "$tmp/show.mjs" "$tmp"
