import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { systemTimers } from '#lib/time/timers.ts'
import { createHeartbeat } from './heartbeat.ts'

describe('the outgoing heartbeat', () => {
  let switchElsewhere: Server
  let calls = 0
  let status = 200
  let body = ''
  /** What the next call waits for. */
  let called = Promise.withResolvers<void>()
  before(async () => {
    switchElsewhere = createServer((_request, response) => {
      calls++
      response.writeHead(status).end(body)
      called.resolve()
      called = Promise.withResolvers()
    }).listen(0, '127.0.0.1')
    await once(switchElsewhere, 'listening')
  })
  after(() => switchElsewhere.close())

  /** Starts one and hands over what it says, line by line. */
  const start = (trouble: () => Promise<string | undefined>, server: TcpServer = switchElsewhere) => {
    const said: string[] = []
    let heard = Promise.withResolvers<void>()
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const warn = (line: string) => {
      said.push(line.replace(host, 'HOST'))
      heard.resolve()
      heard = Promise.withResolvers()
    }
    const heartbeat = createHeartbeat({ trouble, timers: systemTimers, log: { warn } as never })
    heartbeat.set({ url: `http://${host}/ping/secret-of-the-switch`, everyMs: 5 })
    return { said, set: heartbeat.set, stop: heartbeat.stop, next: () => heard.promise }
  }

  it('is silent while something is wrong, says so once, and comes again', async () => {
    let looks = 0
    let problem: string | undefined = 'probes begin 7 s late'
    const asked = Promise.withResolvers<void>()
    const heartbeat = start(async () => {
      if (++looks === 5) asked.resolve()
      return problem
    })
    await asked.promise
    assert.deepEqual([heartbeat.said, calls], [['heartbeat: not sent: probes begin 7 s late'], 0])
    const again = called.promise
    problem = undefined
    await again
    problem = 'notifications have waited for 11 min'
    await heartbeat.next()
    heartbeat.stop()
    assert.deepEqual(heartbeat.said.slice(1, 2), ['heartbeat: sent again'])
  })

  it('calls nobody any more when nobody is to be called', async () => {
    const heartbeat = start(async () => undefined)
    await called.promise
    heartbeat.set(undefined)
    heartbeat.stop()
    assert.deepEqual(heartbeat.said, [])
  })

  it('says that the switch refuses it, without its address, which is a secret', async () => {
    status = 404
    const heartbeat = start(async () => undefined)
    await heartbeat.next()
    heartbeat.stop()
    assert.deepEqual(heartbeat.said, ['heartbeat: not sent: HOST answered 404'])
  })

  it('does not take the answer of somebody who stands between for the one of the switch', async () => {
    status = 200
    for (const [answer, says] of [
      ['<html>Please sign in</html>', 'answered 200 with a web page: something stands between'],
      ['OK (not found)', 'does not know this check'],
      ['{"ok":false,"msg":"Monitor not found"}', 'says that it did not work'],
    ] as const) {
      body = answer
      const heartbeat = start(async () => undefined)
      await heartbeat.next()
      heartbeat.stop()
      assert.deepEqual(heartbeat.said, [`heartbeat: not sent: HOST ${says}`])
    }
  })

  it('calls again after an answer that leaves HTTP', async () => {
    const answers = ['HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n']
    const leaving = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(answers.pop() ?? 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    }).listen(0, '127.0.0.1')
    await once(leaving, 'listening')
    const heartbeat = start(async () => undefined, leaving)
    while (heartbeat.said.length < 2) await heartbeat.next()
    heartbeat.stop()
    leaving.close()
    assert.deepEqual(heartbeat.said, ['heartbeat: not sent: HOST: no answer', 'heartbeat: sent again'])
  })
})
