import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { startTestServer, type TestServer } from '../fixtures/server.ts'

const PIECE = Buffer.alloc(65_536, ' ')
const CHUNK = Buffer.concat([Buffer.from('10000\r\n'), PIECE, Buffer.from('\r\n')])
/** Buffers of the kernel on both sides of a loopback connection. */
const IN_THE_KERNEL = 8 * 1024 * 1024
const MB = 1024 * 1024

/** Sends a body without an end for as long as it is taken; the answer, and how many bytes left this side. */
const sendWithoutEnd = async (url: string, head: string, body: Buffer) => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  let open = true
  socket.on('data', (data) => {
    answer += data
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    open = false
  })
  await once(socket, 'connect')
  socket.write(`${head}\r\nHost: here\r\nContent-Type: application/json\r\n`)
  socket.write(body === CHUNK ? 'Transfer-Encoding: chunked\r\n\r\n' : 'Content-Length: 9000000000\r\n\r\n')
  const closed = new Promise((resolve) => socket.on('close', resolve))
  const drained = () => new Promise((resolve) => socket.once('drain', resolve))
  while (open && socket.bytesWritten < 200 * MB) if (!socket.write(body)) await Promise.race([drained(), closed])
  socket.destroy()
  return { answer, sent: socket.bytesWritten }
}

describe('a body that nobody reads', { concurrency: 7 }, () => {
  let api: TestServer
  before(async () => {
    api = await startTestServer()
  })
  after(async () => api?.stop())

  const as = (role: 'viewer' | 'operator') => `\r\nAuthorization: Bearer ${api.tokens[role]}`
  const CASES: readonly [what: string, head: () => string, status: number][] = [
    ['without a token', () => 'POST /api/v1/events HTTP/1.1', 401],
    ['with a role that may not', () => `POST /api/v1/events HTTP/1.1${as('viewer')}`, 403],
    ['to what is not there', () => `POST /api/v1/nothing HTTP/1.1${as('operator')}`, 404],
    ['to an address that is none', () => 'POST /%zz HTTP/1.1', 400],
    ['to a public address that takes none', () => 'GET /healthz HTTP/1.1', 200],
    ['longer than a body may be', () => `POST /api/v1/events HTTP/1.1${as('operator')}`, 413],
    ['that is packed', () => `POST /api/v1/events HTTP/1.1${as('operator')}\r\nContent-Encoding: gzip`, 415],
  ]
  for (const [what, head, status] of CASES)
    for (const [body, name] of [
      [CHUNK, 'in pieces'],
      [PIECE, 'of 9 GB'],
    ] as const)
      it(`${what}, ${name}: is answered, and taken no further`, async () => {
        const { answer, sent } = await sendWithoutEnd(api.url, head(), body)
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
        assert.match(answer, /\r\nconnection: close\r\n/i)
        assert.ok(sent < IN_THE_KERNEL + 2 * MB, `${sent} bytes were taken`)
      })

  it('a short one leaves the connection as it is', async () => {
    const { hostname, port } = new URL(api.url)
    const socket = connect(Number(port), hostname)
    const request = (body: string) =>
      `POST /api/v1/events HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    socket.write(request('{"type":"a"}'))
    const [first] = await once(socket, 'data')
    socket.write(request('{"type":"b"}'))
    const [second] = await once(socket, 'data')
    socket.destroy()
    for (const answer of [first, second]) assert.match(String(answer), /^HTTP\/1\.1 401 /)
  })
})
