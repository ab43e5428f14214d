import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { type Change, createLiveReader, frameOf, type LiveReader } from './live-reader.ts'

const SUBJECT = 'x'.repeat(1000)
const REMEMBERED = 5000
const PER_FRAME = 100

describe('a reader of live changes', () => {
  const sockets: Socket[] = []
  const servers: ReturnType<typeof createServer>[] = []
  after(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers) server.close()
  })

  /** A connection that reads nothing until it is told to, and what the server holds for it. */
  const listen = async (recent: readonly Change[], now?: () => number) => {
    const opened = Promise.withResolvers<{ raw: ServerResponse; reader: LiveReader }>()
    const server = createServer((_, raw) => {
      raw.writeHead(200, { 'content-type': 'text/event-stream' })
      opened.resolve({ raw, reader: createLiveReader(raw, recent, 0, now) })
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    sockets.push(socket.pause())
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    return { socket, ...(await opened.promise) }
  }

  const happen = (recent: Change[], reader: LiveReader) => {
    const first = (recent.at(-1)?.id ?? 0) + 1
    const changes = Array.from({ length: PER_FRAME }, (_, index) => ({
      id: first + index,
      kind: 'event',
      data: { number: first + index, subject: SUBJECT },
    }))
    recent.push(...changes)
    reader.take(frameOf(changes), first, recent.at(-1)!.id)
  }

  it('that does not read is sent no more than it has room for, and nothing is missing when it reads on', async () => {
    const recent: Change[] = []
    const { socket, raw, reader } = await listen(recent)
    let most = 0
    for (let frame = 0; frame < REMEMBERED / PER_FRAME; frame++) {
      happen(recent, reader)
      await new Promise(setImmediate)
      most = Math.max(most, raw.writableLength)
      // A part of it is read already.
      if (frame === 2) socket.read(1000)
    }
    assert.ok(most < 1_000_000, `${most} bytes wait in the server`)
    let text = ''
    const numbers = () => [...text.matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number))
    socket.setEncoding('latin1').on('data', (part) => {
      text += part
    })
    socket.resume()
    while (!text.includes(`"number":${REMEMBERED},`)) await once(socket, 'data')
    assert.deepEqual(
      numbers(),
      Array.from({ length: REMEMBERED }, (_, index) => index + 1),
    )
  })

  it('that reads nothing for long is ended', async () => {
    const recent: Change[] = []
    let now = 0
    const { raw, reader } = await listen(recent, () => now)
    reader.beat()
    while (!raw.writableNeedDrain) {
      happen(recent, reader)
      await new Promise(setImmediate)
    }
    reader.beat()
    assert.equal(raw.destroyed, false)
    now = 31_000
    reader.beat()
    assert.equal(raw.destroyed, true)
  })
})
