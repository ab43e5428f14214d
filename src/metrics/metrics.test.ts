import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { COUNTERS, MOST_PORTS, type PortSamples, TCP_STATES } from '#core/port/port-sample.ts'
import { createLatestResults } from '#core/result/latest-results.ts'
import { createResultCollector } from '#core/result/result-batch.ts'
import { lacksPrograms } from '../../test/fixtures/machine.ts'
import { endOf, type Format, header, negotiate } from './exposition.ts'
import { createMetrics } from './index.ts'
import type { LastResult, MeasuredMonitor } from './inputs.ts'
import { createPortText } from './port-text.ts'
import { olderPortFamilies, portFamilies } from './ports.ts'

const monitorOf = (id: number, name: string, labels: Record<string, string> = {}): MeasuredMonitor => ({
  id,
  name,
  type: 'icmp',
  labels,
  paused: false,
})
const well: LastResult = { at: 1_700_000_000_000, state: 'up', code: 'ok', latencyMs: 12.5, loss: 0.25 }

const batchOf = (...results: readonly (readonly [id: number, result: LastResult])[]) => {
  const collector = createResultCollector()
  for (const [id, { at, state, code, latencyMs, loss }] of results)
    collector.add(id, at, state, code, latencyMs, undefined, { loss })
  return collector.take()
}

const metricsOf = (list: readonly MeasuredMonitor[], results: readonly LastResult[], options = {}) => {
  const monitors = list.map((monitor) => ({ monitor }))
  return createMetrics(
    {
      monitors: () => monitors,
      monitor: (id) => monitors.find(({ monitor }) => monitor.id === id),
      latest: new Map(results.map((result, index) => [list[index]!.id, result])),
      certificates: new Map([[1, 1_800_000_000_000]]),
      health: async () => ({
        ready: true,
        lateness: { p50: 1, p99: 2, max: 3 },
        outbox: { pending: 4 },
        overruns: 1,
        icmp: [{ family: 6, packets: { sent: 3, late: 1 } }],
      }),
      ports: () => ({ latest: samples }),
    },
    options,
  )
}

const local = new Uint32Array(COUNTERS)
local[0] = 3
local[TCP_STATES.length + 5] = 2
local[7] = 1
const samples: PortSamples = {
  at: 1_700_000_000_000,
  via: 'netlink',
  ports: [{ port: 443, local, listeners: { count: 1, queue: 0, limit: 128, full: 0 } }],
  complete: true,
  left: 0,
}

const whole = async (metrics: ReturnType<typeof createMetrics>, format: Format = 'text'): Promise<string> => {
  let text = ''
  for await (const piece of metrics.render(format)) text += piece
  metrics.close()
  return text
}

const linesOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name))

describe('metrics of the server', () => {
  it('a monitor has a line in each family, with the labels that were chosen', async () => {
    const text = await whole(
      metricsOf([monitorOf(1, 'core-1', { site: 'POP-7', rack: '3' })], [well], { labels: ['site'] }),
    )
    const labels = '{monitor="core-1",type="icmp",site="POP-7"}'
    for (const [name, value] of [
      ['vigia_monitor_up', 1],
      ['vigia_monitor_last_result_success', 1],
      ['vigia_monitor_last_result_timestamp_seconds', 1_700_000_000],
      ['vigia_monitor_latency_seconds', 0.0125],
      ['vigia_monitor_loss_ratio', 0.25],
      ['vigia_monitor_certificate_expiry_timestamp_seconds', 1_800_000_000],
    ] as const)
      assert.deepEqual(linesOf(text, `${name}{`), [`${name}${labels} ${value}`])
    assert.equal(linesOf(text, 'vigia_monitor_state{').length, 4)
  })

  it('no label stands twice in a series, whatever the labels of monitors are called', async () => {
    const labels = { state: 'Jujuy', type: 'olt', monitor: 'x', le: 'y', site: 'POP-7' }
    const text = await whole(
      metricsOf([monitorOf(1, 'core-1', labels)], [well], { labels: Object.keys(labels), monitorHistograms: true }),
    )
    assert.match(text, /^vigia_monitor_state\{monitor="core-1",[^}]*exported_state="Jujuy"[^}]*,state="up"\} 1$/m)
    for (const [, pairs = ''] of text.matchAll(/\{([^}]*)\}/g)) {
      const names = [...pairs.matchAll(/(\w+)="/g)].map(([, name]) => name)
      assert.equal(new Set(names).size, names.length, pairs)
    }
  })

  it('tells what became of the pings, of each family', async () => {
    const text = await whole(metricsOf([monitorOf(1, 'a')], [well]))
    assert.deepEqual(linesOf(text, 'vigia_icmp_packets_total{'), [
      'vigia_icmp_packets_total{family="6",outcome="sent"} 3',
      'vigia_icmp_packets_total{family="6",outcome="late"} 1',
    ])
  })

  it('what is not known is not claimed', async () => {
    const unknown: LastResult = {
      ...well,
      state: 'unknown',
      code: 'no_permission',
      latencyMs: Number.NaN,
      loss: Number.NaN,
    }
    const text = await whole(metricsOf([monitorOf(2, 'a'), monitorOf(3, 'never seen')], [unknown]))
    for (const name of ['vigia_monitor_up{', 'vigia_monitor_latency_seconds{', 'vigia_monitor_loss_ratio{'])
      assert.deepEqual(linesOf(text, name), [])
    assert.match(text, /vigia_monitor_state\{monitor="never seen",type="icmp",state="unknown"\} 1/)
  })

  it('follows a change of state and leaves out who is paused', async () => {
    const monitors = [monitorOf(1, 'a'), { ...monitorOf(2, 'b'), paused: true }]
    const latest = new Map([[1, well as LastResult]])
    const list = monitors.map((monitor) => ({ monitor }))
    const metrics = createMetrics({ monitors: () => list, monitor: () => undefined, latest })
    const state = async () => {
      let text = ''
      for await (const piece of metrics.render('text')) text += piece
      assert.ok(!text.includes('"b"'))
      return linesOf(text, 'vigia_monitor_state{').filter((line) => line.endsWith(' 1'))
    }
    assert.match((await state())[0]!, /"up"/)
    latest.set(1, { ...well, state: 'down' })
    assert.match((await state())[0]!, /"down"/)
    latest.delete(1)
    assert.match((await state())[0]!, /"unknown"/)
    metrics.close()
  })

  it('shows the loss that the latest results hold', async () => {
    const latest = createLatestResults()
    const monitor = { monitor: monitorOf(1, 'a') }
    const metrics = createMetrics({ monitors: () => [monitor], monitor: () => monitor, latest })
    const batch = batchOf([1, well])
    latest.take(batch)
    metrics.results(batch)
    assert.deepEqual(linesOf(await whole(metrics), 'vigia_monitor_loss_ratio{'), [
      'vigia_monitor_loss_ratio{monitor="a",type="icmp"} 0.25',
    ])
  })

  it('counts outcomes, and bounds what comes from outside', async () => {
    const metrics = metricsOf([monitorOf(1, 'a')], [well], { monitorHistograms: true })
    metrics.results(batchOf([1, well], [1, { ...well, code: 'timeout', latencyMs: Number.NaN }], [99, well]))
    metrics.notification('email', 'delivered')
    for (let index = 0; index < 2000; index++) metrics.event(`type-${index}`, 'LOW')
    const text = await whole(metrics)
    assert.deepEqual(linesOf(text, 'vigia_probe_results_total{'), [
      'vigia_probe_results_total{type="icmp",code="ok"} 1',
      'vigia_probe_results_total{type="icmp",code="timeout"} 1',
    ])
    assert.match(text, /vigia_notifications_total\{channel_type="email",outcome="delivered"\} 1\n/)
    assert.ok(linesOf(text, 'vigia_events_total{').length <= 501)
    assert.match(text, /vigia_events_total\{type="other",severity="other"\} 1500\n/)
    assert.match(text, /vigia_probe_latency_seconds_bucket\{type="icmp",le="0.025"\} 1\n/)
    assert.match(text, /vigia_monitor_probe_latency_seconds_count\{monitor="a",type="icmp"\} 1\n/)
  })

  it('counts under the type that a monitor has now', async () => {
    let [generation, type] = [1, 'icmp']
    const monitor = (id: number) => ({ monitor: { ...monitorOf(id, 'a'), type } })
    const metrics = createMetrics({
      monitors: () => [monitor(1)],
      monitor,
      generation: () => generation,
      latest: new Map(),
    })
    metrics.results(batchOf([1, well]))
    ;[generation, type] = [2, 'tcp']
    metrics.results(batchOf([1, well], [1, well]))
    assert.deepEqual(linesOf(await whole(metrics), 'vigia_probe_results_total{'), [
      'vigia_probe_results_total{type="icmp",code="ok"} 1',
      'vigia_probe_results_total{type="tcp",code="ok"} 2',
    ])
  })

  it('OpenMetrics ends with its mark, and its counters are named without their suffix', async () => {
    const text = await whole(metricsOf([monitorOf(1, 'a')], [well]), 'openmetrics')
    assert.match(text, /# TYPE vigia_probe_results counter\n/)
    assert.ok(text.endsWith('# EOF\n'))
    assert.equal(text.split('# EOF').length, 2)
  })

  it('each family stands once, together, under its header', async () => {
    for (const format of ['text', 'openmetrics'] as const) {
      const text = await whole(metricsOf([monitorOf(1, 'a'), monitorOf(2, 'b')], [well, well]), format)
      const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1])
      assert.equal(new Set(names).size, names.length)
    }
  })

  it('promtool accepts it, whatever the names are', { skip: lacksPrograms('promtool') }, async () => {
    const odd = ['a"b\\c\nd', 'ñandú', '{}', '']
    const monitors = odd.map((name, index) => monitorOf(index + 1, name, { site: name }))
    const metrics = metricsOf(
      monitors,
      odd.map(() => well),
      { labels: ['site'], monitorHistograms: true },
    )
    metrics.results(batchOf([1, well]))
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await whole(metrics) })
    assert.equal(`${stdout}${stderr}`, '')
    assert.equal(status, 0)
  })
})

const joined = (pieces: Iterable<string>) => [...pieces].join('')

describe('metrics of ports', () => {
  it('the older families have their names, texts and order', () => {
    const text = joined(olderPortFamilies(samples, [443, 80], 'text'))
    assert.equal(
      text,
      `# HELP conexiones_time_wait_443 Conexiones TIME_WAIT en el puerto 443
# TYPE conexiones_time_wait_443 gauge
conexiones_time_wait_443 2.0
# HELP conexiones_established_443 Conexiones ESTABLISHED en el puerto 443
# TYPE conexiones_established_443 gauge
conexiones_established_443 3.0
# HELP conexiones_close_wait_443 Conexiones CLOSE_WAIT en el puerto 443
# TYPE conexiones_close_wait_443 gauge
conexiones_close_wait_443 1.0
# HELP conexiones_total_443 Total de conexiones en el puerto 443
# TYPE conexiones_total_443 gauge
conexiones_total_443 6.0
# HELP estado_actual_443_info Estado actual del puerto 443
# TYPE estado_actual_443_info gauge
estado_actual_443_info{CLOSE_WAIT="1",ESTABLISHED="3",TIME_WAIT="2",TOTAL="6"} 1.0
`,
    )
    assert.match(
      joined(olderPortFamilies(samples, [443], 'openmetrics')),
      /# TYPE estado_actual_443 info\nestado_actual_443_info\{/,
    )
  })

  it('the labelled family tells states and families apart', () => {
    const text = joined(portFamilies(samples, 'text'))
    assert.match(text, /^vigia_tcp_connections\{port="443",state="ESTABLISHED",family="ipv4"\} 3$/m)
    assert.match(text, /^vigia_tcp_connections\{port="443",state="TIME_WAIT",family="ipv6"\} 2$/m)
    assert.match(text, /^vigia_tcp_accept_queue_limit\{port="443"\} 128$/m)
  })

  it('are written in pieces of a bounded size, and once for all who ask', async () => {
    const [first] = samples.ports
    const ports = Array.from({ length: MOST_PORTS }, (_, index) => ({ ...first!, port: index + 1 }))
    let latest: PortSamples = { ...samples, ports }
    for (const families of [portFamilies(latest, 'text'), olderPortFamilies(latest, 'listening', 'text')])
      for (const piece of families) assert.ok(piece.split('\n').length < 3000)
    const text = createPortText(
      () => latest,
      () => [80, 443],
    )
    const asked = text('text')
    assert.equal(text('text'), asked)
    assert.notEqual(await text('openmetrics'), await asked)
    assert.match(await asked, /^# HELP conexiones_time_wait_80 /)
    latest = samples
    assert.doesNotMatch(await text('text'), /port="80"/)
  })

  it('says that the tables could not be read, and nothing else', () => {
    assert.equal(joined(portFamilies(undefined, 'text')).split('\n').at(-2), 'vigia_tcp_sample_success 0')
    assert.equal(joined(olderPortFamilies(undefined, [443], 'text')), '')
  })
})

describe('formats', () => {
  it('follows the preference of who asks', () => {
    const prometheus =
      'application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.25,*/*;q=0.1'
    assert.equal(negotiate(prometheus), 'openmetrics')
    for (const accept of [
      undefined,
      '*/*',
      'text/html',
      'text/plain',
      'application/openmetrics-text;version=9.0.0',
      '',
    ])
      assert.equal(negotiate(accept), 'text')
    assert.equal(negotiate('application/openmetrics-text;q=0.2,text/plain;q=0.9'), 'text')
  })

  it('takes any header', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (accept) => void negotiate(accept)),
      { numRuns: 300 },
    )
  })

  it('escapes help', () => {
    assert.equal(
      header({ name: 'a', type: 'gauge', help: 'one\ntwo\\' }, 'text'),
      '# HELP a one\\ntwo\\\\\n# TYPE a gauge\n',
    )
    assert.equal(endOf('text'), '')
  })
})
