// Runs the built program, and each of its threads. V8's code for it is kept from one start to the next: Node's own compile
// cache keeps a module as it is before it runs, without the functions that a start then calls, and compiling those again is
// a third of a start. What is kept here was taken from a program that ran.
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { Script } from 'node:vm'

// As an import, this one would bring in all that it can give, in every thread: promises, and a reader of lines for them.
const {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = process.getBuiltinModule('node:fs')
const module = process.getBuiltinModule('node:module')

/** Which build this is: code of another one is never taken. */
const BUILD = '%BUILD%'
/** By then a start has called what it calls. */
const KEEP_AFTER_MS = 5000
/** Compiled since then, beside what was kept: so much more is worth keeping anew. */
const GROWN = 1.05
/** Where V8 reads without copying. */
const aligned = (at) => Math.ceil(at / 8) * 8

const require = createRequire(import.meta.url)
const compiledBytes = () => process.getBuiltinModule('node:v8').getHeapCodeStatistics().bytecode_and_metadata_size
/** So much is summed up here: what would do it faster is larger than that, and a server has it anyway. */
const FEW_BYTES = 600_000
/** Of bytes that begin where `aligned` says. */
const sumOf = (bytes) => {
  if (bytes.length > FEW_BYTES) return process.getBuiltinModule('node:crypto').hash('sha1', bytes)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
  let [sum, order] = [0, 0]
  for (let index = 0; index < words.length; index++) {
    sum = (sum + words[index]) | 0
    order = (order + sum) | 0
  }
  return `${sum} ${order} ${bytes.length}`
}
/** Some of the build is not there: there is nothing to run, and nobody to tell it better. */
const endUnwhole = (file) => {
  console.error(
    `vigia: ${file} is missing: this package is not whole. Install it again, or run "npm run build" in a checkout.`,
  )
  process.exit(2)
}
const stampOf = (file) => {
  const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? endUnwhole(file)
  return `${basename(file)} ${size} ${mtimeMs}`
}

/** Code is run as it is found: only what nobody else can have written is read. */
const readOwn = (path) => {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { uid, mode } = fstatSync(file)
    return process.getuid && (uid !== process.getuid() || mode & 0o022) ? undefined : readFileSync(file)
  } finally {
    closeSync(file)
  }
}

const NOTHING_KEPT = { compiled: 0, parts: new Map(), code: Buffer.alloc(0) }

/** What was kept: `code`, and where in it that of each file begins and ends, by the file's stamp. */
const readKept = (path) => {
  try {
    const bytes = readOwn(path)
    const begin = bytes.indexOf('\n') + 1
    const { build, sum, compiled, parts } = JSON.parse(bytes.toString('latin1', 0, begin))
    const code = bytes.subarray(aligned(begin))
    // V8 itself believes what it is given.
    if (build === BUILD && sum === sumOf(code)) return { compiled, parts: new Map(parts), code }
  } catch {
    // There is none yet, or no whole one.
  }
  return NOTHING_KEPT
}

/** Written beside and moved, so that who starts meanwhile reads the one or the other. */
const writeKept = (path, scripts, grows) => {
  const codes = scripts.map(({ stamp, script }) => ({ stamp, code: script.createCachedData() }))
  let at = 0
  const parts = codes.map(({ stamp, code }) => {
    const from = at
    at = aligned(from + code.length)
    return [stamp, [from, from + code.length]]
  })
  const body = Buffer.alloc(at)
  for (const [index, { code }] of codes.entries()) code.copy(body, parts[index][1][0])
  const head = `${JSON.stringify({ build: BUILD, sum: sumOf(body), compiled: grows ? compiledBytes() : 0, parts })}\n`
  const begin = Buffer.alloc(aligned(head.length))
  begin.write(head, 'latin1')
  mkdirSync(dirname(path), { recursive: true })
  const partial = `${path}.${process.pid}`
  rmSync(partial, { force: true })
  writeFileSync(partial, Buffer.concat([begin, body]), { mode: 0o600, flag: 'wx' })
  renameSync(partial, path)
}

/** Letters for a text: two installations keep apart what is theirs. */
const lettersOf = (text) => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash.toString(36)
}

/**
 * Runs a file of the build and what it requires. `role`: what is run, for it calls functions of its own. `grows`: whether
 * what a later run compiles beside is kept too.
 */
export const start = (entry, role, grows = true) => {
  const folder = module.getCompileCacheDir?.()
  const path = folder && join(folder, `vigia-${lettersOf(`${BUILD} ${entry}`)}-${role.replaceAll(/[^\w-]/g, '')}`)
  let kept = path ? readKept(path) : NOTHING_KEPT
  const modules = new Map()
  let scripts = []
  let isNew = false

  const load = (file) => {
    const known = modules.get(file)
    if (known) return known.exports
    const made = { exports: {} }
    modules.set(file, made)
    const stamp = stampOf(file)
    const range = kept.parts.get(stamp)
    // The build writes ASCII alone.
    const script = new Script(
      `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`,
      {
        filename: file,
        ...(range && { cachedData: kept.code.subarray(...range) }),
      },
    )
    isNew ||= script.cachedDataRejected !== false
    scripts?.push({ stamp, script })
    const here = dirname(file)
    const requireFrom = (name) => (name.startsWith('.') ? load(resolve(here, name)) : require(name))
    script.runInThisContext()(made.exports, requireFrom, made, file, here)
    return made.exports
  }

  const keep = () => {
    clearTimeout(timer)
    process.removeListener('exit', keep)
    try {
      if (path && (isNew || (grows && compiledBytes() > kept.compiled * GROWN))) writeKept(path, scripts, grows)
    } catch {
      // Then the next start is as slow as this one.
    }
    kept = NOTHING_KEPT
    scripts = undefined
  }
  const timer = setTimeout(keep, KEEP_AFTER_MS).unref()
  process.on('exit', keep)
  return load(entry)
}
