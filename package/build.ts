import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type OutputChunk, rolldown } from 'rolldown'

/**
 * Makes `dist/server`: the program as JavaScript for Node 26, with what it needs of other packages, in one folder. Only
 * what brings a compiled part of its own stays a dependency that is installed.
 */

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'dist/server')
/** A build that was ended leaves this behind, and never half of the other. */
const HALF = `${OUT}.partial`

/** What runs by itself (`src/lib/part-url.ts`): the command line, the first modules of threads and of a process. */
export const PARTS = [
  'cli/index',
  'engine/worker',
  'names/system-child',
  'pipeline/backtest-worker',
  'storage/history/worker',
  'templates/jinja/worker',
] as const

/** Packages with a compiled part, and one that the driver of PostgreSQL tries and does without. */
const OUTSIDE = /^(koffi|pg-native)(\/|$)/

const packageOf = (file: string): string | undefined => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]

/** The licences of what is within, by package. */
const notices = (chunks: readonly OutputChunk[]): string => {
  const folders = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => packageOf(id) ?? [])))
  return [...folders]
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >
      const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one))
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `(${license})`
      return `${name} ${version}\n\n${text}\n`
    })
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`)
}

const build = async (): Promise<void> => {
  rmSync(HALF, { recursive: true, force: true })
  const bundle = await rolldown({
    cwd: ROOT,
    platform: 'node',
    input: Object.fromEntries(PARTS.map((part) => [part.replaceAll('/', '-'), join(ROOT, `src/${part}.ts`)])),
    external: (id) => id.startsWith('node:') || OUTSIDE.test(id),
    plugins: [
      { name: 'imports', resolveId: (id) => (id.startsWith('#') ? join(ROOT, 'src', id.slice(1)) : undefined) },
    ],
    onLog: (level, log, handle) => {
      if (level === 'warn' && log.code !== 'UNRESOLVED_IMPORT' && !log.id?.includes('/src/')) return
      handle(level, log)
    },
  })
  const { output } = await bundle.write({
    dir: HALF,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  })
  await bundle.close()
  const chunks = output.filter((one) => one.type === 'chunk')
  copyFileSync(join(ROOT, 'src/lib/thread.mjs'), join(HALF, 'thread.mjs'))
  writeFileSync(join(HALF, 'THIRD-PARTY-LICENSES.txt'), notices(chunks))
  rmSync(OUT, { recursive: true, force: true })
  renameSync(HALF, OUT)
}

await build()
