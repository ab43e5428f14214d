import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createProbeHandler } from '#api/probe.ts'
import { loadBlackboxModules } from '#config/blackbox.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { lacksPrograms } from '../fixtures/machine.ts'

/** Answers of every kind, each looked at by every module by ours and by the original: the metrics are the same. */

const PROGRAM = 'prometheus-blackbox-exporter'
const skip = lacksPrograms(PROGRAM)

const http = (options: object = {}) => ({ prober: 'http', timeout: '2s', http: options })
const MODULES = {
  plain: http(),
  head: http({ method: 'HEAD' }),
  post: http({ method: 'POST', body: 'ping' }),
  still: http({ follow_redirects: false }),
  stillHas: http({ follow_redirects: false, valid_status_codes: [301, 302], fail_if_body_matches_regexp: ['nothing'] }),
  still3xx: http({ follow_redirects: false, valid_status_codes: [301, 302] }),
  has: http({ fail_if_body_not_matches_regexp: ['operación.*hello'] }),
  hasNot: http({ fail_if_body_matches_regexp: ['hello'] }),
  header: http({ fail_if_header_not_matches: [{ header: 'X-Word', regexp: '^ñandú$' }] }),
  noHeader: http({ fail_if_header_matches: [{ header: 'X-Word', regexp: 'ñ', allow_missing: true }] }),
  gzip: http({ compression: 'gzip', fail_if_body_not_matches_regexp: ['hello'] }),
  br: http({ compression: 'br', headers: { 'Accept-Encoding': 'br' }, fail_if_body_not_matches_regexp: ['hello'] }),
  deflate: http({ compression: 'deflate', fail_if_body_not_matches_regexp: ['hello'] }),
  small: http({ body_size_limit: '8B' }),
  cookie: http({ headers: { Cookie: 'own=1' } }),
  old: http({ valid_http_versions: ['HTTP/1.0'] }),
}

const OK = 'HTTP/1.1 200 OK\r\n'
const TEXT = 'está en operación: hello'
const utf8 = Buffer.from(TEXT).toString('latin1')
const packed = (encoding: string, bytes: Buffer) =>
  `${OK}Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`

/** Answers as bytes, or as what a request gets. */
const ANSWERS: Readonly<Record<string, string | ((request: string) => string)>> = {
  plain: `${OK}Content-Length: ${utf8.length}\r\n\r\n${utf8}`,
  latin1: `${OK}Content-Type: text/html; charset=iso-8859-1\r\n\r\n${TEXT}`,
  chunks: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  longer: `${OK}Content-Length: 5\r\n\r\nhello world`,
  longerClosed: `${OK}Connection: close\r\nContent-Length: 5\r\n\r\nhello world`,
  short: `${OK}Content-Length: 50\r\n\r\nhello`,
  halfChunk: `${OK}Transfer-Encoding: chunked\r\n\r\n50\r\nhello`,
  noContent: 'HTTP/1.1 204 No Content\r\n\r\nhello',
  bareLf: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello',
  lengthTwice: `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  twoLengths: `${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`,
  both: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  control: `${OK}X: a\x01b\r\nContent-Length: 5\r\n\r\nhello`,
  blankName: `${OK}X Y: z\r\nContent-Length: 5\r\n\r\nhello`,
  noColon: `${OK}nonsense\r\nContent-Length: 5\r\n\r\nhello`,
  large: `${OK}X: ${'x'.repeat(20_000)}\r\nContent-Length: 5\r\n\r\nhello`,
  word: `${OK}X-Word: ${Buffer.from('ñandú').toString('latin1')}\r\nContent-Length: 0\r\n\r\n`,
  interim: `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
  old: 'HTTP/1.0 200 OK\r\n\r\nhello',
  greeting: 'SSH-2.0-OpenSSH_9\r\n',
  nothing: '',
  gzip: packed('gzip', gzipSync(TEXT)),
  br: packed('br', brotliCompressSync(TEXT)),
  deflate: packed('deflate', deflateSync(TEXT)),
  cookie: (request) =>
    /cookie: (own=1; )?seen=1/i.test(request)
      ? `${OK}Content-Length: 5\r\n\r\nhello`
      : 'HTTP/1.1 302 Found\r\nSet-Cookie: seen=1; Path=/\r\nLocation: /cookie\r\nContent-Length: 0\r\n\r\n',
  moved: 'HTTP/1.1 301 Moved\r\nLocation: /plain\r\nContent-Length: 2\r\n\r\nlonger',
  kept: 'HTTP/1.1 307 Moved\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n',
  echo: (request) => `${OK}\r\n${request.split(' ')[0]} hello`,
}

type Metrics = ReadonlyMap<string, number>
const parse = (text: string): Metrics =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
/** What an unpacker makes of the beginning of bytes that are no such pack is its own. */
const OTHER_PACK = 'deflate: probe_http_uncompressed_body_length'
const isTime = (name: string) => /_duration_seconds|_lookup_time_seconds/.test(name)

const listening = async (server: ReturnType<typeof createServer>): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('answers of every kind, beside blackbox_exporter', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-blackbox-http-'))
  const file = join(folder, 'blackbox.yml')
  writeFileSync(file, JSON.stringify({ modules: MODULES }))
  const { modules } = loadBlackboxModules(file)
  const tools = createProbeTools()
  const handle = createProbeHandler({ tools, timers: systemTimers, modules: () => modules })
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    let request = ''
    socket.on('data', (part) => {
      request += part.toString('latin1')
      if (!/\r\n\r\n/.test(request) || socket.writableEnded) return
      const answer = ANSWERS[/^\w+ \/(\w+)/.exec(request)?.[1] ?? ''] ?? ''
      socket.end(Buffer.from(typeof answer === 'string' ? answer : answer(request), 'latin1'))
    })
  })
  let base = ''
  let peer: ChildProcess
  let peerUrl = ''

  before(async () => {
    base = `http://127.0.0.1:${await listening(server)}`
    const free = createServer()
    const port = await listening(free)
    await new Promise((done) => free.close(done))
    peerUrl = `http://127.0.0.1:${port}`
    peer = spawn(PROGRAM, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    for (let attempt = 0; attempt < 400; attempt++) {
      const up = await fetch(`${peerUrl}/-/healthy`).then(
        () => true,
        () => false,
      )
      if (up) return
      await new Promise((later) => setTimeout(later, 25))
    }
    throw new Error(`${PROGRAM} did not start`)
  })
  after(() => {
    peer?.kill()
    server.close()
    tools.close()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const [answer] of Object.entries(ANSWERS))
    it(`the same metrics, by every module: ${answer}`, async () => {
      const differences: string[] = []
      for (const module of Object.keys(MODULES)) {
        const target = `${base}/${answer}`
        const theirs = parse(await (await fetch(`${peerUrl}/probe?${new URLSearchParams({ module, target })}`)).text())
        const ours = parse((await handle({ module, target })).body)
        for (const name of new Set([...theirs.keys(), ...ours.keys()])) {
          const differs = isTime(name) ? ours.has(name) !== theirs.has(name) : ours.get(name) !== theirs.get(name)
          if (differs && !(answer === 'br' && `${module}: ${name}` === OTHER_PACK))
            differences.push(`${module}: ${name} is ${ours.get(name)}, theirs ${theirs.get(name)}`)
        }
      }
      assert.deepEqual(differences, [])
    })
})
