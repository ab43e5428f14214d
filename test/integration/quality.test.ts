import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { lacksNamespaces, lacksPacketFilter } from '../fixtures/machine.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

/** A way that loses packets: a host in a network namespace that drops some of what comes, by chance (nftables). */
const HOST = `vigia-quality-${process.pid}`
const NEAR = `vq${process.pid % 100_000}`
const ADDRESS = '198.18.77.2'

const run = (command: string, input?: string) =>
  execFileSync('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'], ...(input !== undefined && { input }) })
const lose = (percent: number) =>
  run(
    `ip netns exec ${HOST} nft -f -`,
    `flush chain inet vigia way\n${percent > 0 ? `add rule inet vigia way icmp type echo-request numgen random mod 100 < ${percent} drop\n` : ''}`,
  )

const skip = lacksNamespaces() || lacksPacketFilter()

/** Long enough for one wait of a window, the next round and the way through the server. */
const TRIES = 4

describe('a way that loses packets', { skip }, () => {
  let api: TestServer
  let receiver: Server
  const received: Json[] = []

  /** The wait of `until` is shorter than a window may take to decide on a busy machine. */
  const patiently = async <T>(ask: () => Promise<T | undefined | false>, what: string): Promise<T> => {
    for (let tries = 1; tries < TRIES; tries++)
      try {
        return await until(ask, what)
      } catch {
        // Once more.
      }
    return until(ask, what)
  }
  const change = (to: string, from: string) =>
    patiently(async () => {
      const { items } = await api.get('events?limit=100')
      return items.find((event: Json) => event.state === to && event.previous_state === from)
    }, `${from} to ${to}`)
  const message = (reason: string) =>
    patiently(async () => received.find((one) => one.reason === reason), `a message: ${reason}`)

  before(async () => {
    run(`ip netns add ${HOST} && ip link add ${NEAR} type veth peer name h0 netns ${HOST}`)
    run(`ip addr add 198.18.77.1/30 dev ${NEAR} && ip link set ${NEAR} up`)
    run(`ip -n ${HOST} addr add ${ADDRESS}/30 dev h0 && ip -n ${HOST} link set h0 up`)
    run(
      `ip netns exec ${HOST} nft -f -`,
      'table inet vigia {\n  chain way {\n    type filter hook input priority 0;\n  }\n}\n',
    )
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        received.push(JSON.parse(body))
        response.end()
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    const way = fileMonitor('POP-07', {
      type: 'icmp',
      options: { host: ADDRESS, packets: 5, gap: '5ms' },
      intervalMs: 1000,
      timeoutMs: 300,
      failures: { count: 5, of: 5 },
      retryIntervalMs: 200,
      channels: ['ops'],
      labels: { site: 'POP-07' },
      degraded: { window: { overMs: 6000, begin: { loss: 0.05 }, clear: { loss: 0.04 } } },
    })
    api = await startTestServer({
      wanted: { channels: [fileChannel('ops', `http://127.0.0.1:${port}/`)], monitors: [way] },
    })
    await api.post('rules', {
      name: 'poor way',
      type: 'monitor_state',
      conditions: { loss: { operator: '>=', value: 0.05 }, 'labels.site': { operator: '==', value: 'POP-07' } },
    })
  })

  after(async () => {
    await api?.stop()
    receiver?.close()
    for (const command of [`ip netns del ${HOST}`, `ip link del ${NEAR}`])
      try {
        run(command)
      } catch {
        // It was not made, or went with the namespace.
      }
  })

  it('is degraded with its figures, once, and ends when it is good again', async () => {
    await patiently(async () => (await api.get('monitors')).items[0]?.state === 'up', 'the state up')
    lose(30)
    const began = await change('degraded', 'up')
    assert.equal(began.code, 'packet_loss')
    assert.match(began.cause, /^\d+(\.\d)? % loss over 6 s \(\d+ of \d+ packets\)$/)
    assert.ok(began.loss >= 0.05 && began.loss === Number((began.packets_lost / began.packets_sent).toFixed(4)))
    assert.ok(typeof began.rtt_p95 === 'number' && typeof began.jitter === 'number')
    assert.deepEqual([began.severity, began.over_ms], ['MEDIUM', 6000])

    const first = await message('first')
    assert.deepEqual([first.state, first.cause, first.severity], ['degraded', began.cause, 'MEDIUM'])
    assert.equal(first.quality.loss, began.loss)
    assert.ok(Date.parse(first.since) <= Date.parse(began.at))
    const { items: alerts } = await api.get('alerts?limit=10')
    assert.equal(alerts.length, 2, 'the monitor’s own and that of the rule whose conditions look at loss and label')

    lose(0)
    const ended = await change('up', 'degraded')
    assert.ok(ended.loss < 0.04, String(ended.loss))
    const resolved = await message('resolved')
    assert.ok(resolved.duration_ms >= 0)
    const { items } = await api.get('events?limit=100')
    assert.equal(items.filter((event: Json) => event.state === 'degraded').length, 1)
    assert.equal(items.filter((event: Json) => event.state === 'down').length, 0)
  })
})
