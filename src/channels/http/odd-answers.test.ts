import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { SendContext } from '#core/channel.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { deliver } from './http.ts'

/** Whoever says a status has the message: it must not come twice, however odd the rest of the answer is. */

const OK = 'HTTP/1.1 200 OK\r\n'
const ANSWERS: Readonly<Record<string, string>> = {
  'more than was announced': `${OK}Content-Length: 5\r\n\r\nhello world`,
  'a body where none may be': 'HTTP/1.1 204 No Content\r\n\r\nhello',
  'lines without CR': 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello',
  'one length twice': `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  'two lengths': `${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`,
  'length and chunks': `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  'no chunks': `${OK}Transfer-Encoding: chunked\r\n\r\nhello`,
  'a blank in a name': `${OK}X Y: z\r\nContent-Length: 5\r\n\r\nhello`,
  'a line that is no header': `${OK}nonsense\r\nContent-Length: 5\r\n\r\nhello`,
  'a control character': `${OK}X: a\x01b\r\nContent-Length: 5\r\n\r\nhello`,
  'a NUL': `${OK}X: a\0b\r\nContent-Length: 5\r\n\r\nhello`,
  'long headers': `${OK}X: ${'x'.repeat(20_000)}\r\nContent-Length: 5\r\n\r\nhello`,
  'headers without end': `${OK}X: ${'x'.repeat(300_000)}`,
  'headers that break off': `${OK}Content-Le`,
  'half a body': `${OK}Content-Length: 50\r\n\r\nhello`,
  'the end of the connection': `${OK}\r\nhello`,
}

const start = async (t: TestContext, answer: (path: string) => string | Buffer, ends = true) => {
  const paths: string[] = []
  let connections = 0
  const server = createServer((socket: Socket) => {
    connections++
    socket.on('error', () => {})
    socket.on('data', (part) => {
      const path = / (\/\S*)/.exec(part.toString('latin1'))?.[1]
      if (path === undefined) return
      paths.push(path)
      const bytes = answer(path)
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
      if (ends) socket.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => void server.close())
  const { port } = server.address() as AddressInfo
  const context: SendContext = {
    signal: new AbortController().signal,
    timeoutMs: 5000,
    now: Date.now,
    timers: systemTimers,
    environment: {},
    references: [],
  }
  const send = (path: string) =>
    deliver({ url: `http://127.0.0.1:${port}${path}`, method: 'POST', headers: {}, body: 'hi', secrets: [] }, context)
  return { send, paths, connections: () => connections }
}

describe('a message is delivered by an answer with', () => {
  for (const [name, answer] of Object.entries(ANSWERS))
    it(name, async (t) => {
      const { send, paths } = await start(t, () => answer)
      const outcome = await send('/')
      assert.deepEqual([outcome.ok, outcome.code, paths.length], [true, Number(answer.slice(9, 12)), 1])
    })

  it('a body that is packed unasked, which can be read', async (t) => {
    const packed = gzipSync('señal recibida')
    const head = `${OK}Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`
    const { send } = await start(t, () => Buffer.concat([Buffer.from(head), packed]))
    const outcome = await send('/')
    assert.deepEqual([outcome.ok, outcome.response], [true, 'señal recibida'])
  })
})

describe('a message is not delivered where', () => {
  for (const [name, answer] of Object.entries({
    'nobody answers in HTTP': 'SSH-2.0-OpenSSH_9\r\n',
    'the answer ends before its status': 'HTTP/1.1 20',
    'only something else was said so far': 'HTTP/1.1 100 Continue\r\n\r\n',
    'the answer is empty': '',
    'the status says so': 'HTTP/1.1 503 Busy\nnonsense\n\n',
  }))
    it(name, async (t) => {
      const { send } = await start(t, () => answer)
      const outcome = await send('/')
      assert.ok(!outcome.ok && outcome.kind === 'transient')
    })
})

it('what is left of an odd answer is never taken for the next one', async (t) => {
  const surplus = 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'
  const answers: Readonly<Record<string, string>> = {
    '/plain': `${OK}Content-Length: 2\r\n\r\nok`,
    '/chunks': `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    '/longer': `${OK}Content-Length: 2\r\n\r\nok${surplus}`,
    '/trailing': `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${surplus}`,
    '/both': `${OK}Content-Length: 90\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    '/close': `${OK}Connection: close\r\nContent-Length: 2\r\n\r\nok`,
    '/old': 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
  }
  const { send, connections } = await start(t, (path) => answers[path]!, false)
  const opened: number[] = []
  for (const path of ['/plain', '/chunks', '/plain', '/longer', '/trailing', '/both', '/close', '/old', '/plain']) {
    const outcome = await send(path)
    assert.deepEqual([outcome.ok, outcome.response], [true, 'ok'], path)
    opened.push(connections())
  }
  assert.deepEqual(opened, [1, 1, 1, 1, 2, 3, 4, 5, 6])
})
