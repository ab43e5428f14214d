import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { channelTypes } from '#channels/index.ts'
import { type Exported, exportOf } from '#config/export/export.ts'
import { exportText, toldExport } from '#config/export/export-text.ts'
import { type Config, loadConfigText } from '#config/load.ts'
import { openChannel } from '#config/open-channel.ts'
import { openMonitor } from '#config/open-monitor.ts'
import { readPresent } from '#config/plan/present.ts'
import { createPlanOperations } from '#operations/configuration.ts'
import { createOperate } from '#operations/operation.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const BY = { actor: 'cli', name: 'cli', address: null }
const CHOICE = { prune: false, beside: false }

/** Names and texts as people write them, and as they do not. */
const word = fc.constantFrom(
  'core-1',
  'POP-07',
  'Ñandú',
  '${A}',
  '$${',
  'x: y',
  '# no',
  "o'clock",
  'yes',
  '1e3',
  '日本',
  'a b',
)
const text = fc
  .oneof(word, fc.string({ minLength: 1, maxLength: 12 }))
  .filter((one) => one.trim() !== '' && !one.includes('\0'))
const named = <T>(one: fc.Arbitrary<T>, most = 5) =>
  fc.uniqueArray(fc.tuple(text, one), { selector: ([name]) => name, maxLength: most })
const wait = fc.constantFrom('0', '500ms', '5s', '90s', '1h30m', '2d')
const long = fc.constantFrom('5s', '1m', '90s', '1h')
const severity = fc.constantFrom('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')
const threshold = fc.constantFrom<number | string>(1, 3, '2 of 5')
const some = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

const channel = fc.record({
  type: fc.constantFrom('webhook', 'slack'),
  secret: text,
  enabled: some(fc.constant(false)),
  description: some(text),
  language: some(fc.constantFrom('en', 'es')),
  rate_limit: some(fc.constant('30 per 1h')),
  urgent: some(severity),
  group: some(fc.record({ by: fc.array(word, { maxLength: 2 }), wait: long, interval: long })),
  quiet: some(fc.record({ from: fc.constant('22:00'), to: fc.constant('07:00'), below: some(severity) })),
})
const monitor = fc.record({
  type: fc.constantFrom('icmp', 'tcp', 'http'),
  interval: some(fc.constantFrom('10s', '60s', '5m')),
  timeout: some(fc.constantFrom('500ms', '1s')),
  failures: some(threshold),
  successes: some(threshold),
  retry_interval: some(long),
  recovery_interval: some(long),
  reset_failures: some(fc.constantFrom('never', 'hourly')),
  severity: some(severity),
  reminder: some(fc.oneof(fc.constant(0), wait, fc.array(wait, { minLength: 1, maxLength: 3 }))),
  notify_recovery: some(fc.boolean()),
  flapping: some(fc.boolean()),
  paused: some(fc.boolean()),
  degraded: some(fc.constantFrom({ latency: '>= 200ms' }, { loss: '>= 7.3%', over: '10m', clear: { loss: '< 2%' } })),
  labels: some(fc.dictionary(fc.constantFrom('site', 'tier', '_x'), text, { maxKeys: 3 })),
  lat: some(fc.constant(-31.42)),
  parent: fc.nat(4),
  told: fc.nat(4),
})
const rule = fc.record({
  type: fc.constantFrom('fail2ban_ban', 'monitor_state', 'other', 'custom'),
  conditions: some(
    fc.constantFrom({}, { jail: '== sshd' }, { any: [{ a: { operator: '>', value: 3 } }, { b: '>= 1' }] }),
  ),
  severity: some(severity),
  cooldown: some(wait),
  reminder: some(fc.constantFrom(0, '1h', ['1h', '2h'])),
  notify_recovery: some(fc.boolean()),
  resolve_after: some(fc.option(wait)),
  rate: some(
    fc.constantFrom({ at_least: 3, within: '10m' }, { at_least: 2, within: '1h', distinct: 'ip', by: ['jail'] }),
  ),
  templates: some(fc.constantFrom({ text: 'of {{ ip }}: ${A}' }, { subject: 'x', html: '<b>{{ x }}</b>' })),
  enabled: some(fc.boolean()),
})
const matchers = fc.constantFrom(
  { site: 'a' },
  { site: ['a', 'b'], monitor: '~POP-.*' },
  { site: { operator: '!=', value: '~a' }, type: 'x' },
  {
    'labels.site': [
      { operator: '=', value: '~x' },
      { operator: '!~', value: 'y*' },
    ],
    severity: 'LOW',
  },
)
const files = fc.record({
  channels: named(channel, 3),
  monitors: named(monitor),
  rules: named(rule, 3),
  silences: fc.array(fc.tuple(matchers, text), { maxLength: 2 }),
  maintenance: named(fc.tuple(matchers, fc.boolean(), some(fc.boolean())), 2),
  people: fc.boolean(),
  settings: some(fc.constant({ keep_results_days: 60, allowed_channel_targets: ['loopback'] })),
})

/** What was made by chance as a file would say it. */
const fileOf = (made: typeof files extends fc.Arbitrary<infer Made> ? Made : never) => {
  const channels = made.channels.map(([name, { secret, type, ...rest }]) => ({
    name,
    type,
    options:
      type === 'slack'
        ? { webhook_url: `https://hooks.example.com/${encodeURIComponent(secret)}` }
        : {
            url: `https://eva:${encodeURIComponent(secret)}@hooks.example.com/x`,
            secret,
            headers: { 'X-Key': encodeURIComponent(secret) },
          },
    ...rest,
  }))
  const names = channels.map(({ name }) => name)
  const hears = names.slice(0, 1)
  const hosts = { icmp: { host: '192.0.2.1' }, tcp: { host: '192.0.2.1', port: 22 } }
  const monitors = made.monitors.map(([name, { type, lat, parent, told, ...rest }], index) => {
    const options = type === 'http' ? { url: 'https://eva:key@example.com/', method: 'GET' } : hosts[type as 'icmp']
    const above = made.monitors.slice(0, index).map(([one]) => one)
    const place = lat === undefined ? {} : { lat, lon: 1.5 }
    const plain = above[parent]?.includes('{') ? [] : above.slice(parent, parent + 1)
    return {
      name,
      type,
      options,
      channels: names.slice(told),
      ...place,
      ...rest,
      ...(plain.length > 0 && { parents: [plain] }),
    }
  })
  const duty = { people: [{ name: 'ana', channels: hears }], lists: [{ name: 'noc', shifts: [], fallback: hears }] }
  return {
    channels,
    monitors,
    rules: made.rules.map(([name, one]) => ({ name, channels: hears, ...one })),
    silences: made.silences.map(([match, reason], index) => ({
      match,
      reason,
      until: `2027-01-0${index + 1}T00:00:00.123Z`,
    })),
    maintenance: made.maintenance.map(([name, [match, once, behind]]) => ({
      name,
      match,
      behind,
      ...(once ? { from: '2027-01-01T02:00Z', until: '2027-01-01T03:00Z' } : { cron: '0 2 * * 2', duration: '4h' }),
      ...(hears.length > 0 && { tell: { channels: hears, ahead: '1h' } }),
    })),
    ...(made.people && hears.length > 0 && { duty }),
    settings: made.settings,
    server: { time_zone: 'America/Lima' },
  }
}

const load = (file: string, environment: Readonly<Record<string, string>>): Config => {
  const loaded = loadConfigText(file, 'made.yaml', { environment, probeTypes, channelTypes, parseTarget })
  assert.ok(loaded.ok, JSON.stringify(loaded.ok ? '' : loaded.problems) + file)
  return loaded.config
}

const storeOf = async (storage: Storage, folder: string) => {
  const { sealer } = await openSealer(storage, folder, {})
  const opening = {
    channel: (one: Parameters<typeof openChannel>[0]) => openChannel(one, channelTypes, () => sealer),
    monitor: (one: Parameters<typeof openMonitor>[0]) => openMonitor(one, { probeTypes }, () => sealer),
  }
  const operations = createPlanOperations({
    operate: createOperate({ storage, now: () => NOW, announce: () => {} }),
    probeTypes,
    channelTypes,
    sealer: () => sealer,
    opening,
    running: () => undefined,
    heldByFile: new Set(),
    endOfMonitor: async () => {},
    endOfRule: async () => {},
    now: () => NOW,
    inForce: async () => {},
  })
  return {
    apply: async (config: Config) => assert.ok((await operations.apply(BY, config, CHOICE)).ok),
    moves: async (config: Config) =>
      (await operations.plan(config, { ...CHOICE, prune: true }, storage)).items.filter(({ did }) => did !== 'same'),
    exported: async () => exportOf(await readPresent(storage, NOW, opening), { probeTypes, channelTypes }),
  }
}

const textOf = (exported: Exported) => exportText(toldExport(exported))

const withStores = async (work: (open: () => Promise<Awaited<ReturnType<typeof storeOf>>>) => Promise<void>) => {
  const opened: { folder: string; storage: Storage }[] = []
  try {
    await work(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vigia-export-'))
      const storage = await openStorage({ dataDir: folder })
      opened.push({ folder, storage })
      return storeOf(storage, folder)
    })
  } finally {
    for (const { folder, storage } of opened) {
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

describe('an export', () => {
  it('is taken back to the same state, and written the same from there, whatever is configured', async () => {
    const way = fc.asyncProperty(files, (made) =>
      withStores(async (open) => {
        const one = await open()
        const wanted = load(JSON.stringify(fileOf(made)).replaceAll('${', '$$${'), {})
        await one.apply(wanted)
        assert.deepEqual(await one.moves(wanted), [])
        const first = await one.exported()
        const written = textOf(first)
        for (const secret of first.environment.values())
          if (secret.length > 8) assert.ok(!written.includes(`: ${secret}\n`), secret)
        const back = load(written, Object.fromEntries(first.environment))
        assert.deepEqual(await one.moves(back), [], written)
        const other = await open()
        await other.apply(back)
        const second = await other.exported()
        assert.equal(textOf(second), written)
        assert.deepEqual(second.environment, first.environment)
        assert.deepEqual(await other.moves(back), [])
      }),
    )
    await fc.assert(way, { numRuns: Number(process.env.EXPORT_RUNS ?? 5), endOnFailure: true })
  })
})
