import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'

const SRC = resolve(import.meta.dirname, '../src')

/**
 * What makes an emitter of errors, by the module that it comes from. An `error` that nobody hears ends the process: whoever
 * makes one listens, in the same file and for as long as it lives. (`execFile` and `lookup` have their callbacks.)
 */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['connect', 'createConnection', 'createServer', 'Socket', 'Server'],
  'node:tls': ['connect', 'createServer', 'TLSSocket'],
  'node:dgram': ['createSocket'],
  'node:http': ['request', 'get', 'createServer'],
  'node:https': ['request', 'get', 'createServer'],
  'node:http2': ['connect', 'createServer', 'createSecureServer'],
  'node:child_process': ['spawn', 'fork'],
  'node:worker_threads': ['Worker'],
  'node:fs': ['watch', 'createReadStream', 'createWriteStream'],
  'node:readline': ['createInterface'],
  'node:events': ['EventEmitter'],
}
/** What makes one whatever it was called on. */
const METHODS =
  /\.createReadStream\(|\.createWriteStream\(|\.hijack\(\)|\bpino\.destination\(|\bnew (?:pg\.(?:Pool|Client)|SMTPConnection)\(/g
/** Modules that are imported whole. */
const WHOLE = /\b(?:http|https|net|tls)\b[^\n]*\.(?:request|get|createServer|connect)\(/g

/** Files in which something else listens, and what. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'cli/demo.ts': 'both targets are opened by one function, which listens',
  'cli/demo/receivers.ts':
    'both servers and the sockets whose lines are read are heard by the function that opens them',
  'sources/tail/open-log.ts': '`pipeline` of node:stream listens to all that it joins',
}

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return files(path)
    return /\.[cm]?[jt]s$/.test(path) && !path.includes('.test.') ? [path] : []
  })

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** The names by which a source calls makers. */
const makersOf = (code: string): string[] =>
  [...code.matchAll(/^import ([^;]*?) from '([^']+)'/gm)].flatMap(([, what, from]) => {
    const makers = MAKERS[from!] ?? []
    const names = /\{([^}]*)\}/.exec(what!)?.[1]?.split(',') ?? []
    return names.flatMap((name) => {
      const [own, local = own] = name.trim().split(/ as /)
      return makers.includes(own!) ? [local!] : []
    })
  })

/** How many emitters a source makes, and to how many it listens. */
const counts = (text: string) => {
  const code = withoutComments(text)
  const calls = makersOf(code).map((name) => new RegExp(`(?<![.\\w])${name}\\(`, 'g'))
  const made = [...calls, METHODS, WHOLE].reduce((sum, pattern) => sum + [...code.matchAll(pattern)].length, 0)
  return { made, heard: [...code.matchAll(/\.on\(\s*'error'/g)].length }
}

const sources = files(SRC).map((path) => ({ name: relative(SRC, path), text: readFileSync(path, 'utf8') }))

describe('emitters', () => {
  it('each one that the product makes is listened to where it is made, for as long as it lives', () => {
    const wrong = sources.flatMap(({ name, text }) => {
      const { made, heard } = counts(text)
      return made <= heard || name in ELSEWHERE ? [] : [`${name} makes ${made} and listens to ${heard}`]
    })
    assert.deepEqual(wrong, [])
  })

  it('are found by this test', () => {
    const made = sources.filter(({ text }) => counts(text).made > 0).map(({ name }) => name)
    for (const name of ['lib/thread.ts', 'probes/dns.ts', 'storage/postgres-pool.ts', 'channels/email/smtp-session.ts'])
      assert.ok(made.includes(name), name)
    assert.deepEqual(counts("import { connect as open } from 'node:net'\nopen(1)\nopen(2).once('error', end)"), {
      made: 2,
      heard: 0,
    })
  })
})
