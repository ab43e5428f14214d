import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import { addMetricsRoute } from '#api/metrics.ts'
import { addProbeRoute } from '#api/probe.ts'
import { COUNTERS, type PortSamples } from '#core/port/port-sample.ts'
import { createResultCollector } from '#core/result/result-batch.ts'
import type { Actor } from '#core/who/actor.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createMetrics, type Metrics } from '#metrics/index.ts'
import { olderPortFamilies } from '#metrics/ports.ts'
import { lacksPrograms } from '../fixtures/machine.ts'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')

const local = new Uint32Array(COUNTERS)
local[0] = 7
const samples: PortSamples = {
  at: Date.now(),
  via: 'netlink',
  ports: [{ port: 443, local, listeners: { count: 1, queue: 0, limit: 128, full: 0 } }],
  complete: true,
  left: 0,
}
const monitor = { id: 1, name: 'a "quoted" name', type: 'icmp', labels: {}, paused: false }
const makeMetrics = (): Metrics => {
  const metrics = createMetrics({
    monitors: () => [{ monitor }],
    monitor: () => ({ monitor }),
    latest: new Map([[1, { at: Date.now(), state: 'up', code: 'ok', latencyMs: 12.5, loss: 0 }]]),
    certificates: new Map([[1, Date.now()]]),
    health: async () => ({
      ready: true,
      lateness: { p50: 1, p99: 2, max: 3 },
      probesStarted: 10,
      outbox: { pending: 0 },
      oldestDueMs: 0,
      disk: { freeBytes: 1, sizeBytes: 2 },
    }),
    ports: () => ({ latest: samples }),
  })
  const results = createResultCollector()
  results.add(1, 0, 'up', 'ok', 12.5, undefined, undefined)
  metrics.results(results.take())
  metrics.event('monitor_state', 'HIGH')
  metrics.notification('email', 'delivered')
  return metrics
}

const render = async (metrics: Metrics): Promise<string> => {
  let text = ''
  for await (const piece of metrics.render('text')) text += piece
  return text
}

/** Every expression of the dashboard, its variables filled in. */
const dashboardExpressions = (): string[] => {
  const dashboard = JSON.parse(readFileSync(join(EXAMPLES, 'grafana/vigia.json'), 'utf8')) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
  }
  return dashboard.panels
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll(/\$(monitor|port)/g, '.*'))
}

describe('examples for Prometheus and Grafana', () => {
  it('ask for nothing that is not there', async () => {
    const metrics = makeMetrics()
    const names = new Set([...(await render(metrics)).matchAll(/^(\w+)(?:\{| )/gm)].map((match) => match[1]))
    metrics.close()
    const asked = [readFileSync(join(EXAMPLES, 'prometheus/alerts.yml'), 'utf8'), ...dashboardExpressions()]
    const wanted = asked.flatMap((text) => text.match(/\b(vigia|nodejs|process)_\w+/g) ?? [])
    assert.ok(wanted.length > 20)
    assert.deepEqual(
      wanted.filter((name) => !names.has(name)),
      [],
    )
  })

  it('promtool accepts them', { skip: lacksPrograms('promtool') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-promtool-'))
    try {
      cpSync(join(EXAMPLES, 'prometheus'), folder, { recursive: true })
      for (const token of ['vigia.token', 'vigia.operator']) writeFileSync(join(folder, token), 'token')
      const rules = dashboardExpressions().map((expr, index) => ({ record: `panel:${index}`, expr }))
      writeFileSync(join(folder, 'dashboard.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
      for (const what of [
        ['config', 'prometheus.yml'],
        ['rules', 'dashboard.yml'],
      ]) {
        const { status, stdout, stderr } = spawnSync('promtool', ['check', ...what], { cwd: folder, encoding: 'utf8' })
        assert.equal(status, 0, stdout + stderr)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a real Prometheus', { skip: lacksPrograms('prometheus') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-prometheus-'))
  let app: FastifyInstance
  let tools: EngineTools
  let metrics: Metrics
  let prometheus: ChildProcess
  let url: string

  const query = async (
    expr: string,
  ): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`).catch(() => undefined)
    if (!response?.ok) return []
    return ((await response.json()) as { data: { result: [] } }).data.result
  }
  /** The value once Prometheus has it. */
  const seen = async (expr: string): Promise<number | undefined> => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const [first] = await query(expr)
      if (first) return Number(first.value[1])
      await new Promise((later) => setTimeout(later, 100))
    }
    return undefined
  }

  before(async () => {
    tools = createProbeTools()
    metrics = makeMetrics()
    app = fastify()
    const actor: Actor = { kind: 'token', id: 1, name: 'prometheus', role: 'operator' }
    app.decorateRequest('actor', { getter: () => actor })
    addMetricsRoute(app, metrics)
    addProbeRoute(app, { tools, timers: systemTimers })
    app.get('/older', (_request, reply) =>
      reply
        .type('application/openmetrics-text; version=1.0.0; charset=utf-8')
        .send(`${[...olderPortFamilies(samples, [443], 'openmetrics')].join('')}# EOF\n`),
    )
    await app.listen({ port: 0, host: '127.0.0.1' })
    const own = `127.0.0.1:${(app.server.address() as AddressInfo).port}`
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    await new Promise((done) => free.close(done))
    url = `http://127.0.0.1:${port}`
    const job = (job_name: string, metrics_path: string, more = {}) => ({
      job_name,
      metrics_path,
      static_configs: [{ targets: [own] }],
      ...more,
    })
    const config = {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        job('vigia', '/metrics'),
        job('older', '/older'),
        job('probe', '/probe', { params: { module: ['tcp_connect'], target: [own] } }),
      ],
    }
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
    const flags = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' })
  })

  after(async () => {
    if (prometheus?.exitCode === null) {
      const ended = once(prometheus, 'exit')
      prometheus.kill('SIGKILL')
      await ended
    }
    await app?.close()
    metrics?.close()
    tools?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('takes the metrics of the server', async () => {
    assert.equal(await seen('up{job="vigia"}'), 1)
    assert.equal(await seen('vigia_monitor_latency_seconds'), 0.0125)
    assert.equal(await seen('vigia_tcp_connections{port="443",state="ESTABLISHED",family="ipv4"}'), 7)
    assert.equal(await seen('vigia_probe_results_total{code="ok"}'), 1)
    assert.equal((await query('vigia_monitor_up'))[0]!.metric.monitor, 'a "quoted" name')
  })

  it('takes the older names', async () => {
    assert.equal(await seen('up{job="older"}'), 1)
    assert.equal(await seen('conexiones_total_443'), 7)
    assert.equal(await seen('estado_actual_443_info{ESTABLISHED="7"}'), 1)
  })

  it('probes through /probe', async () => {
    assert.equal(await seen('up{job="probe"}'), 1)
    assert.equal(await seen('probe_success{job="probe"}'), 1)
  })
})
