#!/usr/bin/env bash
# prom-client: of all collections of garbage within one turn of the event loop, its histogram counts one.
#
# Versions: prom-client 15.1.3 (npm), collectDefaultMetrics; Node 20 or newer.
# Behaviour: a program is stopped by dozens of collections while it works without a pause. nodejs_gc_duration_seconds_count
#   grows by one, and _sum by the time of the first: Node hands all entries of a turn to the observer in one list.
# Expected: every collection counts: the count and the sum are what dashboards divide to show the time lost to the collector.
# Why it matters: the busier a server is, the more collections share a turn, and the healthier the graph looks: the figure
#   falls just when the pauses become the trouble.
# Source: lib/metrics/gc.js: the observer reads list.getEntries()[0] and nothing else of the list.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" prom-client@15.1.3 >"$tmp/log" || { echo "npm could not fetch the package"; exit 2; }
echo "version: prom-client $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$tmp/node_modules/prom-client/package.json"), node $(node --version)"
cat >"$tmp/show.mjs" <<'EOF'
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import client from 'prom-client';

client.collectDefaultMetrics();
let collections = 0;
new PerformanceObserver((list) => { collections += list.getEntries().length; }).observe({ entryTypes: ['gc'] });
await wait(200);
const counted = async () => {
  const { values } = await client.register.getSingleMetric('nodejs_gc_duration_seconds').get();
  return values.filter(({ metricName }) => metricName.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
};
const [before, ownBefore] = [await counted(), collections];
const kept = [];
for (let round = 0; round < 300; round++) kept.push(new Array(100_000).fill({}));
await wait(500);
const [seen, own] = [(await counted()) - before, collections - ownBefore];
console.log(`expected: ${own} collections counted; seen: ${seen}`);
process.exit(own >= 10 && seen < own / 4 ? 0 : 1);
EOF
node "$tmp/show.mjs" || { echo "the behaviour has changed"; exit 1; }
echo "still so"
