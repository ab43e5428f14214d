import { createHash } from 'node:crypto'
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
  'operations/import/reader-worker',
  'pipeline/backtest-worker',
  'pipeline/replay-worker',
  'server/load-worker',
  'storage/history/worker',
  'templates/jinja/worker',
] as const

/** Packages with a compiled part, and one that the driver of PostgreSQL tries and does without. */
const OUTSIDE = /^(koffi|pg-native)(\/|$)/

/**
 * The web framework loads Node's HTTP/2 for servers that speak it; ours does not, and it is as large as all else of Node's
 * that a start loads. It is there when something of it is asked for.
 */
const withoutHttp2 = {
  name: 'without-http2',
  resolveId: (id: string, importer: string | undefined) =>
    id === 'node:http2' && importer?.includes('/node_modules/fastify/') ? '\0http2-when-asked-for.cjs' : undefined,
  load: (id: string) =>
    id === '\0http2-when-asked-for.cjs'
      ? "module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('node:http2')[name] })"
      : undefined,
}

/** What packages ask for and a server here never uses, each with what it would be for. */
const UNUSED: ReadonlySet<string> = new Set([
  // Compilers of schemas: ours are handed to Fastify (`api/errors.ts`).
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  // Requests without a network, for tests.
  'light-my-request',
  // A list of the files to serve: ours are looked for when they are asked for.
  'glob',
  // Logs that another thread writes.
  'thread-stream',
])

const withoutUnused = {
  name: 'without-unused',
  resolveId: (id: string, importer: string | undefined) =>
    UNUSED.has(id) && importer?.includes('/node_modules/') ? `\0unused/${id}.cjs` : undefined,
  load: (id: string) =>
    id.startsWith('\0unused/')
      ? `const none = () => { throw new Error(${JSON.stringify(`${id.slice(8, -4)} is not part of this program`)}) }
         module.exports = new Proxy(function () {}, { get: (_, name, it) => it, apply: none, construct: none })`
      : undefined,
}

/** A package that is read when it is first asked for is a file of its own; what is beside it is no part of the program. */
const LATE = 're2js'
const late = {
  name: 'late',
  resolveId: (id: string) => (id === `./${LATE}.cjs` ? { id, external: true } : undefined),
  load: (id: string) =>
    id.endsWith('/lib/text/load-re2.ts')
      ? readFileSync(id, 'utf8').replace(`createRequire(import.meta.url)('${LATE}')`, `require('./${LATE}.cjs')`)
      : undefined,
}

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

/** A text of one byte a letter takes half the memory in each thread, and need not be decoded. */
const inAscii = (code: string): string => {
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw text beyond ASCII would become another')
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const identityOf = (chunks: readonly OutputChunk[]): string => {
  const hash = createHash('sha256')
  for (const { fileName, code } of chunks) hash.update(`${fileName} ${code}`)
  return hash.digest('hex').slice(0, 16)
}

const build = async (): Promise<void> => {
  rmSync(HALF, { recursive: true, force: true })
  const bundle = await rolldown({
    cwd: ROOT,
    platform: 'node',
    input: {
      ...Object.fromEntries(PARTS.map((part) => [part.replaceAll('/', '-'), join(ROOT, `src/${part}.ts`)])),
      [LATE]: LATE,
    },
    external: (id, importer) =>
      OUTSIDE.test(id) ||
      (id.startsWith('node:') && !(id === 'node:http2' && importer?.includes('/node_modules/fastify/'))),
    plugins: [
      withoutHttp2,
      withoutUnused,
      late,
      { name: 'imports', resolveId: (id) => (id.startsWith('#') ? join(ROOT, 'src', id.slice(1)) : undefined) },
    ],
    onLog: (level, log, handle) => {
      if (level === 'warn' && log.code !== 'UNRESOLVED_IMPORT' && !log.id?.includes('/src/')) return
      handle(level, log)
    },
  })
  const { output } = await bundle.write({
    dir: HALF,
    format: 'cjs',
    exports: 'named',
    sourcemap: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  })
  await bundle.close()
  const chunks = output.filter((one) => one.type === 'chunk')
  for (const { fileName, code } of chunks) writeFileSync(join(HALF, fileName), inAscii(code))
  copyFileSync(join(ROOT, 'src/lib/thread.mjs'), join(HALF, 'thread.mjs'))
  const program = readFileSync(join(ROOT, 'src/lib/program.mjs'), 'utf8')
  writeFileSync(join(HALF, 'program.mjs'), program.replace('%BUILD%', identityOf(chunks)))
  writeFileSync(join(HALF, 'THIRD-PARTY-LICENSES.txt'), notices(chunks))
  rmSync(OUT, { recursive: true, force: true })
  renameSync(HALF, OUT)
}

await build()
