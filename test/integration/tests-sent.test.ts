import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

onBothEngines((engine, databaseUrl) =>
  describe(`a test of the whole way, on ${engine}`, () => {
    let sink: HttpSink
    let dead: HttpSink
    let api: TestServer | undefined
    before(async () => {
      const url = await databaseUrl()
      if (url !== undefined && typeof url !== 'string') return
      sink = await createHttpSink()
      dead = await createHttpSink({ answer: () => ({ status: 400, body: 'no such room' }) })
      api = await startTestServer({
        ...(url && { databaseUrl: url }),
        wanted: {
          channels: [
            fileChannel('hook', sink.url, { language: 'es' }),
            fileChannel('dead', dead.url),
            fileChannel('off', sink.url, { enabled: false }),
          ],
          monitors: [fileMonitor('door', { channels: ['hook'], location: 'Ruta 9' })],
        },
      })
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
      await dead?.close()
    })

    const server = (context: TestContext): TestServer | undefined => {
      if (!api) context.skip('no PostgreSQL here')
      return api
    }
    const bodies = (): Json[] => sink.requests.map(({ body }) => JSON.parse(body))
    const byRule = ({ rules }: Json): Json =>
      Object.fromEntries(rules.map((one: Json) => [one.rule?.name ?? 'own', one]))

    it('reaches every enabled channel though no rule fits, says what each answered, and stands in the history', async (context) => {
      const here = server(context)
      if (!here) return
      const before = sink.requests.length
      const sent = await here.post('tests', { type: 'zeek_detection', severity: 'HIGH', subject: '203.0.113.7' })
      assert.equal(sent.test, true)
      assert.ok(sent.rules.every((one: Json) => !one.heard && one.missed.code === 'rule_disabled'))
      assert.deepEqual(
        sent.channels.map((one: Json) => [one.channel.name, one.ok]),
        [
          ['hook', true],
          ['dead', false],
        ],
      )
      assert.match(sent.channels[1].message, /400/)
      const message = bodies()[before]
      assert.deepEqual([message.reason, message.severity, message.subject], ['test', 'HIGH', '203.0.113.7'])
      assert.match(message.title, /^PRUEBA ALTA escaneo de puertos desde 203\.0\.113\.7 · /)
      const kept = await here.get(`notifications/${sent.channels[0].notification}`)
      assert.deepEqual([kept.reason, kept.status, kept.alert], ['test', 'delivered', null])
      const failed = await here.get(`notifications/${sent.channels[1].notification}`)
      assert.deepEqual([failed.reason, failed.status, failed.attempts_made.length], ['test', 'failed', 1])
      const log = async (more: string) => (await here.get(`/alerts/api/logs?limit=10${more}`)).logs
      assert.deepEqual(
        [(await log('')).length, (await log('&tests=true')).map((one: Json) => [one.test, one.success])],
        [
          0,
          [
            [true, false],
            [true, true],
          ],
        ],
      )
    })

    it('is no event, opens no alert, and no figure counts it', async (context) => {
      const here = server(context)
      if (!here) return
      await here.post('tests', {})
      await here.post('tests', { monitor: (await here.get('monitors')).items[0].id })
      await here.post(`channels/${(await here.get('channels')).items[0].id}/test`)
      assert.deepEqual((await here.get('alerts')).items, [])
      assert.deepEqual((await here.get('events')).items, [])
      assert.deepEqual(await here.get('notifications/counts'), { delivered: 0, tried: 0 })
      const { channels } = await here.get('/alerts/api/channels')
      assert.deepEqual(
        channels.map((one: Json) => [one.total_alerts_sent, one.failed_sends, one.last_alert_sent_at]),
        channels.map(() => [0, 0, null]),
      )
      assert.equal((await here.get('/alerts/api/logs/stats')).stats.total_sent, 0)
    })

    it('says which rules would hear it, and of the others why not', async (context) => {
      const here = server(context)
      if (!here) return
      const channels = ['hook']
      const rule = (name: string, more: object) =>
        here.post('rules', { name, type: 'fail2ban_ban', conditions: {}, channels, ...more })
      await rule('all', {})
      await rule('disabled', { enabled: false })
      await rule('severe', { severity: 'CRITICAL' })
      await rule('elsewhere', { conditions: { jail: { operator: '==', value: 'nginx' } } })
      await rule('wave', { rate: { distinct: 'ip', at_least: 20, within: '10m' } })
      await rule('nobody', { channels: [] })
      const test = () => here.post('tests', { type: 'fail2ban_ban', severity: 'HIGH', data: { jail: 'sshd' } })
      const { rules } = { rules: byRule(await test()) }
      assert.deepEqual([rules.all.heard, rules.all.channels], [true, ['hook']])
      assert.deepEqual(
        ['disabled', 'severe', 'elsewhere'].map((name) => [rules[name].heard, rules[name].missed.code]),
        [
          [false, 'rule_disabled'],
          [false, 'severity'],
          [false, 'conditions'],
        ],
      )
      assert.deepEqual([rules.wave.heard, rules.wave.cause_code], [false, 'below_rate'])
      assert.deepEqual(rules.wave.cause_facts, { count: 1, needed: 20 })
      assert.deepEqual([rules.nobody.heard, rules.nobody.cause_code], [false, 'rule_names_no_channel'])
      // It was counted by no rate, and holds nobody back.
      assert.deepEqual(byRule(await test()).wave.cause_facts, { count: 1, needed: 20 })
      assert.equal(byRule(await test()).all.heard, true)
      assert.equal((await here.get('rules')).items.find((one: Json) => one.name === 'all').total_triggers ?? 0, 0)
      // What silences hold back is said as it stands now.
      await here.post('silences', {
        matchers: [{ name: 'type', value: 'fail2ban_ban' }],
        ends_at: new Date(here.now() + 3_600_000).toISOString(),
        comment: 'planned',
      })
      const held = byRule(await test()).all
      assert.deepEqual([held.heard, held.cause_code], [false, 'silence_holds'])
    })

    it('asks as if a monitor were down, by its own channels', async (context) => {
      const here = server(context)
      if (!here) return
      const [door] = (await here.get('monitors')).items
      const before = sink.requests.length
      const hook = (await here.get('channels')).items.find((one: Json) => one.name === 'hook')
      const sent = await here.post('tests', { monitor: door.id, channel: hook.id })
      assert.deepEqual([sent.rules[0].rule, sent.rules[0].heard, sent.rules[0].channels], [null, true, ['hook']])
      assert.equal(sent.channels.length, 1)
      const message = bodies()[before]
      assert.match(message.title, /^PRUEBA CAÍDO door · /)
      assert.deepEqual([message.reason, message.monitor, message.location], ['test', 'door', 'Ruta 9'])
      assert.deepEqual((await here.get(`monitors/${door.id}`)).state, 'unknown')
    })

    it('names what is wrong with what was asked', async (context) => {
      const here = server(context)
      if (!here) return
      const refused = async (body: object) => {
        const { status, body: answer } = await here.request('POST', 'tests', body)
        return [status, answer.errors?.[0].path]
      }
      assert.deepEqual(await refused({ type: 'vigia_blind' }), [400, 'type'])
      assert.deepEqual(await refused({ type: 'monitor_state', data: { state: 'up' } }), [400, 'data'])
      assert.deepEqual(await refused({ severity: 'GRAVE' }), [400, 'severity'])
      assert.deepEqual(await refused({ channel: 987_654 }), [404, undefined])
      assert.deepEqual(await refused({ monitor: 987_654 }), [404, undefined])
      const viewer = { authorization: `Bearer ${here.tokens.viewer}` }
      assert.equal((await here.request('POST', 'tests', {}, viewer)).status, 403)
    })
  }),
)
