import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { type Config, loadConfigText } from '#config/load.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const SECRET = 'one-that-nobody-sees'
const FILE = `
channels:
  - { name: hook, type: webhook, options: { url: "https://hooks.example.com/x", secret: "\${HOOK}" } }
defaults: { channels: [hook] }
monitors:
  - { name: core-1, target: 192.0.2.1, interval: 20s, paused: true }
  - { name: POP-07, target: "tcp://192.0.2.7:22", parents: [core-1], labels: { site: POP-07 }, paused: true }
rules: [{ name: wave, type: fail2ban_ban, conditions: { jail: "== sshd" }, channels: [hook], cooldown: 1h }]
maintenance: [{ name: tuesdays, match: { site: POP-07 }, cron: "0 2 * * 2", duration: 4h, time_zone: UTC }]
duty: { people: [{ name: ana, channels: [hook] }], lists: [{ name: noc, shifts: [], fallback: [hook] }] }
server: { region: es-AR }
`
const CHANGED = FILE.replace('20s', '30s')
  .replace('cooldown: 1h', 'cooldown: 2h')
  .replace('labels: { site: POP-07 }', 'labels: { site: POP-08 }')

const load = (text: string): Config => {
  const loaded = loadConfigText(text, 'own.yaml', {
    environment: { HOOK: SECRET },
    probeTypes,
    channelTypes,
    parseTarget,
  })
  assert.ok(loaded.ok)
  return loaded.config
}
const sent = (text: string, changes: object = {}) => ({
  file: 'new.yaml',
  text,
  environment: { HOOK: SECRET },
  ...changes,
})
/** `did object name` of everything but what is there already. */
const moves = ({ items }: Json): string[] =>
  items
    .filter(({ did, name }: Json) => did !== 'same' && did !== 'surplus' && name !== 'unheard')
    .map(({ did, object, name }: Json) => `${did} ${object} ${name}`)
const ALL = ['channel hook', 'monitor core-1', 'monitor POP-07', 'rule wave', 'maintenance plan tuesdays']
const MADE = [...ALL, 'duty person ana', 'duty list noc'].map((one) => `created ${one}`)
const FIELDS = [
  { field: 'interval', from: '20s', to: '30s' },
  { field: 'labels.site', from: 'POP-07', to: 'POP-08' },
  { field: 'cooldown', from: '1h', to: '2h' },
]
const fields = ({ items }: Json) => items.flatMap(({ changes = [] }: Json) => changes)

describe('a file that is handed to a server', () => {
  let api: TestServer
  const plan = (text: string, changes?: object) => api.post('configuration/plan', sent(text, changes))
  const apply = (text: string, changes?: object) => api.post('configuration/apply', sent(text, changes))
  before(async () => {
    api = await startTestServer({ place: {} })
  })
  after(() => api.stop())

  it('is shown as a plan, which changes nothing, and done as it was shown', async () => {
    const shown = await plan(FILE)
    assert.deepEqual([shown.as, shown.applied, moves(shown)], ['apply', false, [...MADE, 'changed setting region']])
    assert.deepEqual((await api.get('monitors')).items, [])
    const done = await apply(FILE)
    assert.deepEqual([done.applied, done.items], [true, shown.items])
    assert.deepEqual(moves(await plan(FILE)), [])
    assert.deepEqual(moves(await apply(FILE)), [])
    const { region } = await api.get('settings')
    assert.equal(region, 'es-AR')
    const [entry, ...others] = (await api.get('audit')).items.filter(({ object }: Json) => object === 'configuration')
    assert.deepEqual([entry.action, entry.details.file, others.length], ['apply', 'new.yaml', 0])
    assert.doesNotMatch(api.answered(), new RegExp(SECRET))
  })

  it('names what changes field by field; of a secret only that it is another', async () => {
    assert.deepEqual(fields(await plan(CHANGED)), FIELDS)
    const other = await plan(FILE, { environment: { HOOK: `${SECRET}-2` } })
    assert.deepEqual(fields(other), [{ field: 'options.secret', secret: true }])
    assert.doesNotMatch(api.answered(), new RegExp(SECRET))
  })

  it('makes what can be changed by hand as well, and leaves a pause by hand', async () => {
    const [monitor] = (await api.get('monitors')).items.filter(({ name }: Json) => name === 'core-1')
    assert.deepEqual([monitor.paused, monitor.origin ?? null], [true, null])
    await api.patch(`monitors/${monitor.id}`, { interval: '40s' })
    assert.deepEqual(fields(await plan(FILE.replaceAll(', paused: true', ''))), [
      { field: 'interval', from: '40s', to: '20s' },
    ])
  })

  it('takes away what it does not name only where that is asked for', async () => {
    const { id } = await api.post('monitors', { name: 'unheard of', target: '192.0.2.9', paused: true })
    const surplus = ({ items }: Json) =>
      items.filter(({ did, object }: Json) => did === 'surplus' && object === 'monitor').map(({ name }: Json) => name)
    assert.deepEqual(surplus(await apply(FILE)), ['unheard of'])
    assert.equal((await api.get(`monitors/${id}`)).name, 'unheard of')
    assert.ok(moves(await apply(FILE, { prune: true })).includes('removed monitor unheard of'))
    assert.equal((await api.request('GET', `monitors/${id}`)).status, 404)
    assert.deepEqual(moves(await plan(FILE, { prune: true })), [])
  })

  it('is refused whole where anything is wrong with it, with its place', async () => {
    const wrong = `${FILE}silences: [{ match: { site: a }, until: never-ever }]\n`.replace('20s', '50s')
    const answer = await api.request('POST', 'configuration/apply', sent(wrong))
    assert.deepEqual([answer.status, answer.body.errors[0].path], [400, 'new.yaml:12:41'])
    const missing = await api.request('POST', 'configuration/apply', sent(FILE, { environment: {} }))
    assert.match(missing.body.detail, /new\.yaml:3:\d+: the environment has no HOOK/)
    const template = FILE.replace('cooldown: 1h', 'templates: { text: "{{ a" }')
    assert.equal((await api.request('POST', 'configuration/apply', sent(template))).status, 400)
    assert.deepEqual(moves(await plan(FILE)), [])
  })
})

describe('a file that is handed to a server with a file of its own', () => {
  let api: TestServer
  const plan = (text: string, changes?: object) => api.post('configuration/plan', sent(text, changes))
  before(async () => {
    api = await startTestServer({ wanted: load(FILE), place: {} })
  })
  after(() => api.stop())

  it('is shown as what a reload would do of it, which does just that', async () => {
    assert.deepEqual(moves(await plan(FILE)), [])
    const text = `${CHANGED}escalation: [{ after: 15m, channels: [hook] }]\n`.replace(
      'rules: [',
      'rules: [{ name: fresh, type: other }, ',
    )
    const shown = await plan(text, { environment: { HOOK: 'another' } })
    assert.deepEqual([shown.as, shown.sections], ['reload', ['escalation']])
    const expected = ['changed channel hook', 'changed monitor core-1', 'changed monitor POP-07']
    assert.deepEqual(moves(shown), [...expected, 'created rule fresh', 'changed rule wave'])
    const config = load(text)
    const [hook] = config.channels
    const options = { ...hook!.options, secret: 'another' }
    await api.server.reload({ ...config, channels: [{ ...hook!, options }] })
    const [entry] = (await api.get('audit')).items.filter(({ object }: Json) => object === 'configuration')
    const { created, changed } = entry.details
    assert.deepEqual(
      [created, changed],
      [['rule fresh'], ['channel hook', 'monitor core-1', 'monitor POP-07', 'rule wave']],
    )
    assert.deepEqual(moves(await plan(text, { environment: { HOOK: 'another' } })), [])
    await api.server.reload(load(FILE))
    assert.doesNotMatch(api.answered(), new RegExp(`${SECRET}|another"`))
  })

  it('is not done there, but beside that: what belongs to the file stays as it says it', async () => {
    const refused = await api.request('POST', 'configuration/apply', sent(CHANGED))
    assert.deepEqual([refused.status, refused.body.code], [409, 'owned_by_file'])
    assert.match(refused.body.detail, /takes its configuration from own\.yaml/)
    const text = CHANGED.replace('monitors:', 'monitors:\n  - { name: mine, target: 192.0.2.3, paused: true }')
    const done = await api.post('configuration/apply', sent(text, { beside: true }))
    const kept = ['kept monitor core-1', 'kept monitor POP-07', 'kept rule wave']
    assert.deepEqual(moves(done), ['created monitor mine', ...kept])
    const [one] = done.items.filter(({ did }: Json) => did === 'kept')
    assert.match(one.owner, /^own\.yaml:\d+$/)
    const again = await plan(text, { beside: true })
    assert.deepEqual(moves(again), kept)
  })

  it('is written out whole, with names in the place of secrets, and says the same when it comes back', async () => {
    const text = `${FILE}heartbeat: { url: "https://hc.example/\${BEAT:-x}" }\n`
    await api.server.reload(load(text))
    const { content, names } = await api.get('configuration/export')
    assert.deepEqual(names, ['BEAT', 'VIGIA_HOOK_SECRET'])
    assert.deepEqual(content.heartbeat, { url: 'https://hc.example/${BEAT:-x}' })
    assert.deepEqual(content.channels.find(({ name }: Json) => name === 'hook').options.secret, '${VIGIA_HOOK_SECRET}')
    const again = await plan(JSON.stringify(content), { environment: { VIGIA_HOOK_SECRET: SECRET } })
    const others = again.items.filter(({ object, name }: Json) => MADE.includes(`created ${object} ${name}`))
    assert.equal(others.length, MADE.length)
    assert.deepEqual([again.sections, moves({ items: others })], [[], []])
    assert.doesNotMatch(api.answered(), new RegExp(SECRET))
  })
})
