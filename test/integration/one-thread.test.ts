import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { startInCaller } from '../fixtures/in-caller.ts'
import { createManualTime } from '../fixtures/manual-time.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const START = Date.UTC(2030, 0, 1)
const SECOND = 1000

describe('a whole server in one thread, by a clock that only the test moves', () => {
  const time = createManualTime(START)
  const started: string[] = []
  let sink: HttpSink
  let api: TestServer
  let target = createServer()
  let port: number

  const listen = async (on: number) => {
    target = createServer((socket) => socket.end())
    await once(target.listen(on, '127.0.0.1'), 'listening')
  }

  before(async () => {
    await listen(0)
    port = (target.address() as { port: number }).port
    sink = await createHttpSink()
    const inCaller = startInCaller(time.clock, time.timers)
    api = await startTestServer({
      systems: {
        clock: time.clock,
        timers: time.timers,
        startPart: (part, options) => {
          started.push(part)
          return inCaller(part, options)
        },
      },
      wanted: {
        channels: [fileChannel('hook', sink.url)],
        monitors: [
          fileMonitor('port', {
            type: 'tcp',
            options: { host: '127.0.0.1', port },
            intervalMs: 60 * SECOND,
            retryIntervalMs: 20 * SECOND,
            recoveryIntervalMs: 30 * SECOND,
            failures: { count: 3, of: 3 },
            successes: { count: 2, of: 2 },
            channels: ['hook'],
          }),
        ],
      },
    })
  })
  after(async () => {
    await api?.stop()
    await sink?.close()
    target.close()
  })

  /** Lets time pass until it is so; what sockets bring comes in real time meanwhile. */
  const passUntil = <T>(ask: () => Promise<T | undefined | false>, what: string): Promise<T> =>
    until(async () => {
      await time.pass(SECOND)
      return ask()
    }, what)
  const state = async () => (await api.get('monitors')).items[0].state
  const told = async (): Promise<readonly Json[]> => sink.requests.map(({ body }) => JSON.parse(body.toString()))

  it('starts no thread', () => {
    assert.deepEqual(started.toSorted(), ['engine/worker', 'storage/history/worker'])
  })

  it('tells by a real channel that a monitor is down, and that it has recovered', async () => {
    await passUntil(async () => (await state()) === 'up', 'the port is up')
    target.close()
    const closedAt = time.clock.now()
    const [down] = await passUntil(async () => {
      const messages = await told()
      return messages.length > 0 && messages
    }, 'that it is down')
    assert.deepEqual([down.monitor, down.state], ['port', 'down'])

    await listen(port)
    const messages = await passUntil(async () => {
      const all = await told()
      return all.length > 1 && all
    }, 'that it has recovered')
    assert.deepEqual(
      messages.map((one) => one.state),
      ['down', 'up'],
    )
    // All of it in the time of the test: the first failure within a minute, two more 20 s apart.
    const downSince = Date.parse(down.since)
    assert.ok(downSince >= closedAt && downSince <= closedAt + 60 * SECOND, `${down.since}`)
    assert.ok(Math.abs(time.clock.now() - START) < 86_400 * SECOND)
  })

  it('keeps the results under the times at which they came', async () => {
    const { items } = await passUntil(async () => {
      const answer = await api.get('monitors/1/results')
      return answer.items.length >= 6 && answer
    }, 'six results')
    for (const { at } of items) assert.ok(Date.parse(at) >= START && Date.parse(at) <= time.clock.now(), at)
  })
})
