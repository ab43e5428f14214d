import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { buildMetrics } from '#config/metrics.ts'
import { DEFAULT_PORT_LIMITS } from '#core/port/port-state.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { selfSigned } from '../fixtures/servers/certificates.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const listen = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}
const close = (server: Pick<Server, 'close'>) => new Promise((done) => server.close(done))

describe('what the server shows to Prometheus', () => {
  let api: TestServer
  let sink: HttpSink
  let watched: Awaited<ReturnType<typeof listen>>
  let exporterPort: number
  let folder: string
  const limits = { ...DEFAULT_PORT_LIMITS, confirm: 1 }
  const wantedWith = (ports: readonly number[], url = sink.url) => ({
    channels: [fileChannel('hook', url)],
    monitors: [fileMonitor('calls', { labels: { site: 'POP-3', secret: 'no' }, channels: ['hook'] })],
    ports: { watch: ports, everyMs: 1000, remote: false, limits, perPort: {} },
    metrics: buildMetrics({
      labels: ['site'],
      legacy: true,
      monitor_histograms: true,
      modules: join(folder, 'modules.yml'),
    }),
  })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-observing-'))
    writeFileSync(
      join(folder, 'modules.yml'),
      'modules: { mine: { prober: tcp, timeout: 2s }, other: { prober: grpc } }',
    )
    sink = await createHttpSink()
    watched = await listen()
    const free = await listen()
    exporterPort = free.port
    await close(free.server)
    api = await startTestServer({
      wanted: wantedWith([watched.port, 9]),
      environment: { PROMETHEUS_PORT: String(exporterPort), HOST: '127.0.0.1', PUERTOS_A_MONITOREAR: ' 4, web,,4' },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    await close(watched.server)
    rmSync(folder, { recursive: true, force: true })
  })

  const metrics = async () => (await api.request('GET', '/metrics')).text
  const value = (text: string, start: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${start} `))
        ?.slice(start.length + 1) ?? Number.NaN,
    )

  it('serves the metrics to who has a token', async () => {
    assert.equal((await fetch(`${api.url}/metrics`)).status, 401)
    assert.equal((await fetch(`${api.url}/probe?target=127.0.0.1`)).status, 401)
    const answer = await api.request('GET', '/metrics', undefined, { authorization: `Bearer ${api.tokens.viewer}` })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
    const open = await api.request('GET', '/metrics', undefined, { accept: 'application/openmetrics-text' })
    assert.match(open.text, /# EOF\n$/)
  })

  it('counts results, events and notifications, and carries the chosen labels', async () => {
    await api.push('calls')
    await api.push('calls', true)
    await until(async () => /vigia_monitor_up\{[^}]*\} 0/.test(await metrics()), 'a monitor that is down')
    await api.delivered()
    const text = await metrics()
    assert.match(text, /vigia_monitor_up\{monitor="calls",type="push",site="POP-3"\} 0/)
    assert.doesNotMatch(text, /secret=/)
    assert.equal(value(text, 'vigia_probe_results_total{type="push",code="push_reported_down"}'), 1)
    assert.ok(value(text, 'vigia_events_total{type="monitor_state",severity="HIGH"}') >= 1)
    assert.equal(value(text, 'vigia_notifications_total{channel_type="webhook",outcome="delivered"}'), 1)
  })

  it('tells how the server does', async () => {
    const text = await metrics()
    assert.equal(value(text, 'vigia_ready'), 1)
    assert.ok(value(text, 'vigia_store_commit_seconds_count') > 0)
    assert.equal(value(text, 'vigia_outbox_notifications{status="pending"}'), 0)
    assert.ok(value(text, 'vigia_data_disk_free_bytes') > 0)
    assert.ok(value(text, 'vigia_probe_lateness_p99_seconds') >= 0)
    assert.ok(value(text, 'process_resident_memory_bytes') > 0)
  })

  it('counts the connections of ports, by both names, and by the older listener without a token', async () => {
    const text = await metrics()
    assert.equal(value(text, `vigia_tcp_listeners{port="${watched.port}"}`), 1)
    assert.equal(value(text, 'vigia_tcp_listeners{port="9"}'), 0)
    assert.equal(value(text, `conexiones_total_${watched.port}`), 0)
    const older = await (await fetch(`http://127.0.0.1:${exporterPort}/anything`)).text()
    assert.equal(value(older, `conexiones_total_${watched.port}`), 0)
    assert.equal(value(older, `vigia_tcp_listeners{port="${watched.port}"}`), 1)
    assert.doesNotMatch(older, /vigia_monitor|vigia_ready|process_/)
  })

  it('probes on demand, with the modules of a file', async () => {
    const probe = async (query: string) => api.request('GET', `/probe?${query}`)
    const mine = await probe(`module=mine&target=127.0.0.1:${watched.port}`)
    assert.equal(value(mine.text, 'probe_success'), 1)
    assert.equal((await probe('module=other&target=127.0.0.1:1')).status, 400)
    assert.match(api.log(), /modules\.yml:\d+:\d+: .*grpc/)
  })

  it('shows the ports and their history', async () => {
    const { items, at } = await api.get('ports')
    assert.ok(Date.parse(at) > 0)
    const one = items.find(({ port }: Json) => port === watched.port)
    assert.deepEqual([one.states, one.listeners, one.accept_queue], [{ LISTEN: 1 }, 1, 0])
    const series = await api.get(`ports/${watched.port}/series`)
    assert.deepEqual(series.items.at(-1).states, { LISTEN: 1 })
    assert.equal((await api.request('GET', 'ports/1/series')).status, 404)
    assert.equal((await api.request('GET', 'ports/70000/series')).status, 400)
    assert.equal((await api.request('GET', `ports/${watched.port}/series?from=x`)).status, 400)
  })

  it('has rules ready that tell nothing until they are chosen, then the loss of a listener and its return', async () => {
    const rules: Json[] = (await api.get('rules?limit=100')).items.filter(({ type }: Json) => type === 'port_state')
    assert.deepEqual([rules.length, rules.some(({ enabled }) => enabled)], [5, false])
    const rule = rules.find(({ conditions }) => JSON.stringify(conditions).includes('listener_gone'))
    await api.patch(`rules/${rule.id}`, { enabled: true, channels: ['hook'] })
    const said = () =>
      sink.requests.map(({ body }) => JSON.parse(body)).filter(({ event }) => event?.type === 'port_state')
    const { server, port } = watched
    await close(server)
    await until(async () => said().length === 1, 'that the listener is gone')
    assert.deepEqual(
      [said()[0].subject, said()[0].event.problem, said()[0].reason],
      [`port ${port}`, 'listener_gone', 'first'],
    )
    assert.match(said()[0].message, new RegExp(`^HIGH nothing listens on port ${port}`))
    server.listen(port, '127.0.0.1')
    await until(async () => said().length === 2, 'that the listener is back')
    assert.equal(said()[1].reason, 'resolved')
  })

  it('watches other ports after a reload, and ends what was wrong with those that went', async () => {
    await close(watched.server)
    const firing = async () =>
      (await api.get('events?type=port_state')).items.map(({ port, state }: Json) => `${port} ${state}`)
    await until(async () => (await firing())[0] === `${watched.port} firing`, 'that the listener is gone')
    await api.server.reload(wantedWith([9]))
    await until(async () => (await firing())[0] === `${watched.port} resolved`, 'the end of what nobody watches')
    assert.deepEqual(
      (await api.get('ports')).items.map(({ port }: Json) => port),
      [9],
    )
    const older = await (await fetch(`http://127.0.0.1:${exporterPort}`)).text()
    assert.equal(value(older, 'conexiones_total_9'), 0)
    assert.doesNotMatch(older, new RegExp(`_${watched.port}\\b`))
    watched.server.listen(watched.port, '127.0.0.1')
    await once(watched.server, 'listening')
  })

  it('names the ports of the environment that are none, and goes on without them', async () => {
    await api.server.reload({ channels: [], monitors: [] })
    assert.match(api.log(), /PUERTOS_A_MONITOREAR: \\"web\\" is not a port/)
    assert.deepEqual(
      (await api.get('ports')).items.map(({ port }: Json) => port),
      [4],
    )
    const older = await (await fetch(`http://127.0.0.1:${exporterPort}`)).text()
    assert.match(older, /^conexiones_total_4 0\.0$/m)
  })
})

describe('the end of a certificate', () => {
  const SERIES = 'vigia_monitor_certificate_expiry_timestamp_seconds'

  it('is a series of the monitors that saw one, until they see none', async () => {
    const ends = Date.parse(new X509Certificate(selfSigned.cert).validTo) / 1000
    const web = createHttp((_request, response) => response.end()).listen(0, '127.0.0.1')
    const secure = createHttps(selfSigned, (_request, response) => response.end()).listen(0, '127.0.0.1')
    await Promise.all([once(web, 'listening'), once(secure, 'listening')])
    const portOf = (server: Pick<Server, 'address'>) => (server.address() as AddressInfo).port
    const port = portOf(secure)
    const monitors = (url: string) => [
      fileMonitor('page', { type: 'http', intervalMs: 1000, options: { url, verify: false } }),
      fileMonitor('handshake', { type: 'tls', intervalMs: 1000, options: { host: '127.0.0.1', port } }),
    ]
    const api = await startTestServer({ wanted: { channels: [], monitors: monitors(`https://127.0.0.1:${port}/`) } })
    const seen = async () =>
      (await api.request('GET', '/metrics')).text.split('\n').filter((line) => line.startsWith(`${SERIES}{`))
    try {
      await until(async () => (await seen()).length === 2, 'both certificates')
      assert.deepEqual((await seen()).toSorted(), [
        // It does not verify, and its end is known all the same.
        `${SERIES}{monitor="handshake",type="tls"} ${ends}`,
        `${SERIES}{monitor="page",type="http"} ${ends}`,
      ])
      await api.server.reload({ channels: [], monitors: monitors(`http://127.0.0.1:${portOf(web)}/`) })
      await until(async () => (await seen()).length === 1, 'the end of the series without a certificate')
    } finally {
      await api.stop()
      await Promise.all([close(web), close(secure)])
    }
  })
})

describe('a port of the older exporter that is taken', () => {
  it('keeps the server neither from starting nor from saying so', async () => {
    const taken = await listen()
    const api = await startTestServer({ environment: { PROMETHEUS_PORT: String(taken.port), HOST: '127.0.0.1' } })
    try {
      assert.equal((await fetch(`${api.url}/readyz`)).status, 200)
      assert.match(api.log(), new RegExp(`PROMETHEUS_PORT ${taken.port} cannot be served \\(EADDRINUSE\\)`))
      assert.match(await (await api.request('GET', '/metrics')).text, /vigia_tcp_connections\{port="3000"/)
    } finally {
      await api.stop()
      await close(taken.server)
    }
  })
})
