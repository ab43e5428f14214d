import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { systemClock } from '#lib/time/clock.ts'
import { icmp } from '#probes/icmp.ts'
import { probeTypes } from '#probes/index.ts'
import { tcp } from '#probes/tcp.ts'
import { inEnglish, problemSaid } from '#templates/said.ts'
import { createScheduler } from './schedule/scheduler.ts'
import { tcpConnect } from './tcp/tcp.ts'
import { createProbeTools } from './tools.ts'

const tools = createProbeTools()
const never = new AbortController().signal
const noSocket = tools.pingMethod === 'command' && 'this user may not open an ICMP socket'
/** Of the documentation range (RFC 5737): nobody has it. */
const FOREIGN = '192.0.2.254'
const NOT_OURS = 'source: 192.0.2.254 is no address of this machine at present; ip addr shows those that are'

after(() => tools.close())

/** The first results of monitors, by the name of the monitor's source. */
const lookedAt = async (
  type: 'icmp' | 'tcp',
  options: Readonly<Record<string, unknown>>,
  sources: readonly string[],
) => {
  const found = new Map<string, string>()
  const { promise, resolve } = Promise.withResolvers<void>()
  const scheduler = createScheduler({
    clock: systemClock,
    tools,
    probeTypes,
    onTransition: () => {},
    results: {
      add: (id, _at, _state, code) => {
        found.set(sources[id]!, code)
        if (found.size === sources.length) resolve()
      },
    },
  })
  const policy = { failures: { count: 3, of: 3 }, successes: { count: 1, of: 1 }, resetFailures: 'never' } as const
  const intervals = { intervalMs: 60_000, retryIntervalMs: 60_000, recoveryIntervalMs: 60_000 }
  const upsert = sources.map((source, id) => {
    const given = { ...options, source }
    return { monitor: { id, type, options: given, timeoutMs: 1000, paused: false, ...policy, ...intervals } }
  })
  scheduler.configure({ upsert: upsert as never, remove: [] })
  await promise
  scheduler.close()
  return found
}

describe('an address to send from', () => {
  it('is that of the connections that a server sees', async () => {
    const seen = new Set<string>()
    const server = createServer((socket) => {
      seen.add(socket.remoteAddress!)
      socket.on('error', () => {}).resume()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const found = await lookedAt('tcp', { host: '127.0.0.1', port }, ['127.0.0.2', '127.0.0.3', FOREIGN])
    assert.deepEqual([...found.values()].toSorted(), ['local_network_down', 'ok', 'ok'])
    assert.equal(found.get(FOREIGN), 'local_network_down')
    for (let turn = 0; turn < 200 && seen.size < 2; turn++) await new Promise((later) => setTimeout(later, 5))
    assert.deepEqual([...seen].toSorted(), ['127.0.0.2', '127.0.0.3'])
    server.close()
  })

  it('serves pings, one at a time and in bulk', { skip: noSocket }, async () => {
    const request = { address: '127.0.0.9', packets: 2, gapMs: 5, timeoutMs: 500 }
    const { rtts } = await tools.ping({ ...request, source: '127.0.0.2' }, never)
    assert.ok(rtts.length === 2 && rtts.every((rtt) => rtt > 0))
    assert.equal(tools.sockets[4]!.counters.sent, 0, 'it left by a socket of its own')
    const found = await lookedAt('icmp', { host: '127.0.0.1', packets: 1 }, ['127.0.0.2', '127.0.0.3', FOREIGN])
    assert.deepEqual([...found.values()].toSorted(), ['local_network_down', 'ok', 'ok'])
  })

  it('that is not ours is our own fault, in words that say so', async () => {
    for (const connect of [tools.connect, tcpConnect]) {
      const reply = await connect('127.0.0.1', 1, { timeoutMs: 500, signal: never, source: FOREIGN })
      assert.ok(!reply.ok)
      assert.deepEqual([reply.code, inEnglish(reply.cause)], ['local_network_down', NOT_OURS])
      const ours = await connect('127.0.0.1', 1, { timeoutMs: 500, signal: never, source: '127.0.0.2' })
      assert.equal(!ours.ok && ours.code, 'refused')
    }
    if (noSocket) return
    const { ownFault } = await tools.ping(
      { address: '127.0.0.1', packets: 1, gapMs: 0, timeoutMs: 100, source: FOREIGN },
      never,
    )
    assert.deepEqual([ownFault!.code, inEnglish(ownFault!.cause)], ['local_network_down', NOT_OURS])
  })

  it('of the other IP version, or none at all, is refused when it is written', () => {
    for (const { check } of [icmp, tcp]) {
      assert.equal(check!({ host: 'a.example', port: 1, source: '192.0.2.1' } as never), undefined)
      assert.match(
        problemSaid(check!({ host: 'a.example', port: 1, source: '1.2.3' } as never)!).message,
        /^source: 1.2.3 is no IP address/,
      )
      assert.equal(
        problemSaid(check!({ host: 'a.example', port: 1, source: '::1', family: '4' } as never)!).message,
        'source: ::1 is an address of IPv6, so family must be 6 or be left out',
      )
    }
  })

  it('says which version of a name is looked at', { skip: noSocket }, async () => {
    const context = { timeoutMs: 500, signal: never, tools, trace: false }
    const reply = await icmp.run!({ host: '127.0.0.1', source: '::1' } as never, context)
    assert.equal(reply.error?.code, 'bad_address')
    const direct = await tools.ping(
      { address: '127.0.0.1', packets: 1, gapMs: 0, timeoutMs: 100, source: '::1' },
      never,
    )
    assert.equal(direct.icmpError?.code, 'bad_address')
  })
})
