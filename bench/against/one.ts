import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Benchmark } from '../row.ts'

/**
 * Runs one benchmark file, of whatever checkout, and writes its rows as JSON. Arguments: the file, where to write, the
 * prefix of the rows.
 */
const [file, output, only] = process.argv.slice(2) as [string, string, string | undefined]
const { benchmark } = (await import(pathToFileURL(file).href)) as { benchmark: Benchmark }
const started = performance.now()
const rows = await benchmark.run(only)
const seconds = (performance.now() - started) / 1000
writeFileSync(
  output,
  JSON.stringify({ seconds, rows: only === undefined ? rows : rows.filter(({ name }) => name.startsWith(only)) }),
)
process.exit(0)
