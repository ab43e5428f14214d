import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import { lacksIpv6 } from '../fixtures/machine.ts'
import { chainSkip, createRouterChain } from '../fixtures/router-chain.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const pinged = (name: string, host: string, changes: Partial<MonitorSpec> = {}): MonitorSpec =>
  fileMonitor(name, {
    type: 'icmp',
    options: { host, packets: 1 },
    intervalMs: 1000,
    timeoutMs: 400,
    // Long enough for the way to be seen before the verdict.
    failures: { count: 4, of: 4 },
    retryIntervalMs: 1000,
    recoveryIntervalMs: 500,
    channels: ['hook'],
    ...changes,
  })

describe('a server behind which a link breaks', { skip: chainSkip }, () => {
  const chain = createRouterChain()
  const { r1, r2, r3, host } = chain.hops
  let sink: HttpSink
  let api: TestServer
  let ids: Map<string, number>
  /** The message about the host over IPv6. */
  let six: Json
  before(async () => {
    chain.build()
    sink = await createHttpSink()
    const monitors = [
      pinged('edge', r1, { channels: [] }),
      pinged('core-2', r2, { channels: [] }),
      pinged('POP-07', host),
      ...(lacksIpv6 ? [] : [pinged('POP-07 v6', chain.hops6.host)]),
    ]
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors } })
    const list: Json = await api.get('monitors')
    ids = new Map(list.items.map(({ id, name }: Json) => [name, id]))
  })
  after(async () => {
    await api?.stop()
    await sink?.close()
    chain.close()
  })

  const path = (name: string): Promise<Json> => api.get(`monitors/${ids.get(name)}/path`)
  const told = (monitor: string, reason: string): Promise<Json> =>
    until(async () => {
      const messages = sink.requests.map(({ body }) => JSON.parse(body.toString()))
      return messages.findLast((one: Json) => one.monitor === monitor && one.reason === reason)
    }, `${reason} of ${monitor}`)

  it('sees the ways while all is well', async () => {
    const { well, failing, last_hop } = await until(async () => {
      const ways = await Promise.all([...ids.keys()].map(path))
      return ways.every(({ well }) => well) && path('POP-07')
    }, 'the ways')
    assert.deepEqual([failing, last_hop], [null, null])
    assert.deepEqual([well.address, well.reached], [host, true])
    assert.deepEqual(
      well.hops.map(({ distance, address, monitor }: Json) => [distance, address, monitor]),
      [
        [1, r1, 'edge'],
        [2, r2, 'core-2'],
        [3, r3, null],
      ],
    )
  })

  it('names the last hop that answers in the message, and tells the ways', async () => {
    chain.cut('r2')
    const message = await told('POP-07', 'first')
    if (!lacksIpv6) six = await told('POP-07 v6', 'first')
    chain.mend('r2')
    assert.deepEqual(
      [message.last_hop, message.last_hop_monitor, message.path_changed],
      [`core-2 (${r2})`, 'core-2', false],
    )
    const way = await path('POP-07')
    assert.deepEqual([way.last_hop, way.path_changed, way.answers_ping], [`core-2 (${r2})`, false, false])
    assert.deepEqual(
      way.failing.hops.map(({ address }: Json) => address),
      [r1, r2],
    )
    const { items }: Json = await api.get(`events?monitor=${ids.get('POP-07')}`)
    const { path: explained }: Json = await api.explain(items.find(({ state }: Json) => state === 'down').id)
    assert.deepEqual([explained.well.hops.length, explained.failing.hops.length], [3, 2])
    const recovered = await told('POP-07', 'resolved')
    assert.equal(recovered.last_hop, undefined)
  })

  it('names the last hop of a way of IPv6', { skip: lacksIpv6 }, () => {
    assert.deepEqual([six.last_hop, six.last_hop_monitor, six.path_changed], [chain.hops6.r2, undefined, false])
  })

  it('says so when the way is not the usual one', async () => {
    const before = (await told('POP-07', 'first')).id
    // The second router takes another address on the same link, and the third swallows what is for the host.
    const other = chain.onLink(1, 4)
    chain.on('r2', `addr add ${other}/28 dev near`)
    chain.on('r2', `route replace ${chain.onLink(0, 0)}/28 via ${chain.onLink(1, 1)} src ${other}`)
    chain.on('r3', `route add blackhole ${host}/32`)
    const { last_hop, path_changed } = await until(async () => {
      const message = await told('POP-07', 'first')
      return message.id !== before && message
    }, 'the second message')
    assert.deepEqual([last_hop, path_changed], [other, true])
    chain.on('r3', `route del blackhole ${host}/32`)
  })

  it('proposes parents from the ways, and changes nothing', async () => {
    const command = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url))
    const run = (...flags: readonly string[]) =>
      execFileSync(process.execPath, [command, 'suggest-parents', '--data', api.folder, ...flags]).toString()
    const { proposals } = JSON.parse(run('--json'))
    assert.deepEqual(
      proposals.map(({ monitor, parents, evidence }: Json) => [monitor, parents, evidence.kind]),
      [
        ['core-2', ['edge'], 'path'],
        ['POP-07', ['core-2'], 'path'],
      ],
    )
    assert.ok(run().includes('# "POP-07"\nparents: ["core-2"]  # hop 2 on the way seen at '))
    assert.ok(run().includes(`: "core-2" ${r2} > ${r3} > ${host}`))
  })
})
