import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'

const SRC = resolve(import.meta.dirname, '../src')

/** The stairs, lowest first: a room may import its own files and rooms on lower steps, never beside or above. */
const STEPS: readonly (readonly string[])[] = [
  ['lib'],
  ['core'],
  ['names', 'probes', 'channels', 'detectors', 'templates', 'storage', 'auth', 'metrics'],
  ['config', 'pipeline', 'sources', 'engine'],
  ['importers'],
  ['operations'],
  ['api'],
  ['server'],
  ['cli', 'main.ts'],
]
/** The composition root and the commands see everything, one another included. */
const TOP = STEPS.length - 1

const stepOf = (room: string): number => STEPS.findIndex((rooms) => rooms.includes(room))

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : []
  })

const roomOf = (path: string): string => relative(SRC, path).split('/')[0]!

/** Files of the product that a file imports, `import type` included: a type is a dependency too. */
const importsOf = (path: string): string[] => {
  const text = readFileSync(path, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!)
  const urls = [...text.matchAll(/new URL\(\s*['"](\.[^'"]+\.ts)['"]/g)].map((match) => match[1]!)
  return [...specifiers, ...urls].flatMap((specifier) => {
    if (specifier.startsWith('#')) return [join(SRC, specifier.slice(1))]
    return specifier.startsWith('.') ? [resolve(dirname(path), specifier)] : []
  })
}

/** Only `lib/` asks the system itself; everybody else is handed a `Clock`, `Timers` and `Random` of `lib/time/`. */
const OWN_CLOCK =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|(?<!\.)\bset(?:Timeout|Interval|Immediate)\(|\btimers\/promises\b/g
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

const product = files(SRC).filter((path) => !path.endsWith('.test.ts'))

describe('architecture', () => {
  it('every room stands on the stairs, and no other', () => {
    const rooms = new Set(product.map(roomOf))
    assert.deepEqual(
      [...rooms].filter((room) => stepOf(room) < 0),
      [],
    )
    assert.deepEqual(
      STEPS.flat().filter((room) => !rooms.has(room)),
      [],
    )
  })

  it('no import points up or across', () => {
    const wrong = product.flatMap((path) =>
      importsOf(path).flatMap((imported) => {
        const [from, to] = [roomOf(path), roomOf(imported)]
        const fine = from === to || stepOf(from) === TOP || stepOf(to) < stepOf(from)
        return fine ? [] : [`${relative(SRC, path)} -> ${relative(SRC, imported)}`]
      }),
    )
    assert.deepEqual(wrong, [])
  })

  it('waits, counts on the clock and draws lots by what is handed in', () => {
    const own = product.filter((path) => roomOf(path) !== 'lib')
    assert.deepEqual(
      own.flatMap((path) =>
        [...withoutComments(readFileSync(path, 'utf8')).matchAll(OWN_CLOCK)].map(
          ([found]) => `${relative(SRC, path)}: ${found}`,
        ),
      ),
      [],
    )
  })

  it('has no circle of files', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) {
        const circle = [...trail.slice(trail.indexOf(path)), path].map((file) => relative(SRC, file))
        circles.push(circle.join(' -> '))
        return
      }
      if (done.has(path)) return
      for (const imported of importsOf(path)) if (imported.startsWith(SRC)) visit(imported, [...trail, path])
      done.add(path)
    }
    for (const path of product) visit(path, [])
    assert.deepEqual(circles, [])
  })

  it('only one file of a room talks to native code', () => {
    const native = product.filter((path) => /['"]koffi['"]|\/load-koffi\.ts['"]/.test(readFileSync(path, 'utf8')))
    assert.deepEqual(
      native.map((path) => relative(SRC, path)),
      [
        'engine/native.ts',
        'lib/run/load-koffi.ts',
        'lib/run/notify-socket.ts',
        'lib/run/release-memory.ts',
        'sources/sockets/native.ts',
      ],
    )
  })

  it('takes no value of node:http by an import, which loads a second HTTP client in each thread', () => {
    const wrong = product.filter((path) =>
      /^import (?!type )[^;]*? from ['"]node:http['"]/m.test(readFileSync(path, 'utf8')),
    )
    assert.deepEqual(
      wrong.map((path) => relative(SRC, path)),
      [],
    )
  })

  it('the page takes nothing but types from the server', () => {
    const web = resolve(import.meta.dirname, '../web/src')
    const pages = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
    const wrong = pages.flatMap((name) =>
      [...readFileSync(join(web, name), 'utf8').matchAll(/^(import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/gm)]
        .filter(
          ([, , type, from]) => !type && (from!.startsWith('#') || resolve(web, name, '..', from!).startsWith(SRC)),
        )
        .map(([statement]) => `${name}: ${statement}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('only operations change what people set up: a face opens no transaction', () => {
    const wrong = product
      .filter((path) => roomOf(path) === 'api')
      .filter((path) => /\.transaction\(/.test(readFileSync(path, 'utf8')))
    assert.deepEqual(wrong, [])
  })

  it('the core does no input or output', () => {
    const wrong = product
      .filter((path) => roomOf(path) === 'core')
      .filter((path) =>
        /from ['"]node:(fs|net|http|https|dgram|child_process|worker_threads|dns|tls)/.test(readFileSync(path, 'utf8')),
      )
    assert.deepEqual(wrong, [])
  })
})
