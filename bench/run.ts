import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runAgainst } from './against/run.ts'
import type { Benchmark, Row } from './row.ts'

/**
 * Runs the files of this folder, prints one table and, with `--json FILE`, writes the rows. `--only PREFIX` takes the rows
 * whose names begin with it; `--against COMMIT` measures both that commit and this checkout, in turn.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, against: { type: 'string' } },
})

const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .sort()

const benchmarks = await Promise.all(
  names.map(async (file) => {
    const { benchmark } = (await import(join(import.meta.dirname, file))) as { benchmark: Benchmark }
    return { file, benchmark }
  }),
)

const wanted = values.only
const chosen = benchmarks.filter(
  ({ benchmark }) => wanted === undefined || benchmark.names.some((name) => name.startsWith(wanted)),
)
if (chosen.length === 0) {
  const all = benchmarks.flatMap(({ benchmark }) => benchmark.names)
  console.error(`bench: no row begins with "${wanted}"; there are: ${all.join(', ')}`)
  process.exit(2)
}

if (values.against !== undefined) {
  const files = chosen.map(({ file }) => file)
  process.exit(await runAgainst({ against: values.against, files, only: wanted, json: values.json }))
}

const number = (value: number | null): string =>
  value === null ? '-' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)

const line = (cells: readonly string[]): string =>
  [0, 46, 11, 11, 24, 8, 16, 8]
    .map((width, index) => (index === 0 ? '' : (cells[index - 1] ?? '').padEnd(width)))
    .join(' ')
    .trim()

const describe = ({ name, what, unit, ours, peer, peer_name, ratio, target, holds }: Row): string =>
  line([
    `${name}  ${what}`.slice(0, 46),
    `${number(ours)} ${unit}`,
    peer === null ? '-' : `${number(peer)} ${unit}`,
    peer_name ?? '-',
    number(ratio),
    target,
    holds === null ? 'skipped' : holds ? 'holds' : 'MISSED',
  ])

const rows: Row[] = []
console.log(line(['what', 'ours', 'peer', 'peer', 'ratio', 'target', 'verdict']))
for (const { benchmark } of chosen) {
  const started = performance.now()
  const made = await benchmark.run(wanted)
  const seconds = Math.round((performance.now() - started) / 100) / 10
  for (const row of made) {
    rows.push({ ...row, seconds })
    console.log(describe(row))
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exit(rows.some(({ holds }) => holds === false) ? 1 : 0)
