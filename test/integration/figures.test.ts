import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const ZONE = 'America/Argentina/Cordoba'

onBothEngines((engine, databaseUrl) =>
  describe(`figures over time, on ${engine}`, () => {
    let sink: HttpSink
    let dead: HttpSink
    let api: TestServer | undefined
    before(async () => {
      const url = await databaseUrl()
      if (url !== undefined && typeof url !== 'string') return
      sink = await createHttpSink()
      dead = await createHttpSink({ answer: () => ({ status: 400, body: 'no such room' }) })
      const channels = [fileChannel('hook', sink.url), fileChannel('dead', dead.url)]
      api = await startTestServer({
        ...(url && { databaseUrl: url }),
        place: { language: 'es', timeZone: ZONE, url: 'https://vigia.example' },
        wanted: { channels, monitors: [fileMonitor('door', { channels: ['hook'], severity: 'CRITICAL' })] },
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

    it('counts messages and alerts by day, channel, rule and severity, and how soon somebody looked; tests are none', async (context) => {
      const here = server(context)
      if (!here) return
      // Noon there: nothing that follows comes to lie on another day by chance.
      here.advance(DAY - ((here.now() - 15 * 60 * MINUTE) % DAY))
      const rule = await here.post('rules', { name: 'doors', type: 'door', channels: ['hook', 'dead'] })
      for (const [subject, severity] of [
        ['a', 'LOW'],
        ['b', 'HIGH'],
      ])
        await here.event({ type: 'door', subject, severity })
      await here.push('door')
      await here.push('door', true)
      const isKnown = async (name: string) =>
        (await here.get('alerts')).items.some(({ subject }: Json) => subject === name)
      await until(() => isKnown('door'), 'the alert of the door')
      await here.delivered()
      await here.post('tests', { type: 'door', severity: 'HIGH' })
      const alerts = (await here.get('alerts')).items
      const of = (subject: string): number => alerts.find((one: Json) => one.subject === subject).id
      here.advance(4 * MINUTE)
      await here.post(`alerts/${of('a')}/acknowledge`, {})
      // Who reads with a token is a program, and has looked at nothing.
      await here.get(`alerts/${of('b')}`)
      // Somebody opens the monitor's alert on the page.
      await here.post('users', { name: 'ana', password: 'correct horse battery', role: 'viewer' })
      const form = new URLSearchParams({ name: 'ana', password: 'correct horse battery', code: '' })
      const signedIn = await fetch(`${here.url}/sign-in`, {
        method: 'POST',
        body: form,
        headers: { 'sec-fetch-site': 'same-origin' },
        redirect: 'manual',
      })
      const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
      here.advance(6 * MINUTE)
      await fetch(`${here.url}/api/v1/alerts/${of('door')}`, { headers: { cookie } })
      await until(async () => (await here.get(`alerts/${of('door')}`)).first_look_at !== null, 'a first look')

      here.advance(DAY)
      await here.event({ type: 'door', subject: 'c', severity: 'LOW' })
      await here.delivered()

      const week = await here.get('figures?range=week')
      assert.deepEqual([week.range, week.time_zone, week.parts.length], ['week', ZONE, 7])
      const { first_look_ms: look, ...total } = week.total
      assert.deepEqual(total, {
        tried: 7,
        delivered: 4,
        failed: 3,
        waiting: 0,
        attempts: 7,
        opened: 4,
        looked_at: 2,
      })
      const about = (ms: number, minutes: number) => assert.ok(ms >= minutes * MINUTE && ms < (minutes + 2) * MINUTE)
      about(look.median, 4)
      about(look.max, 10)
      assert.deepEqual(
        week.parts.slice(-2).map((one: Json) => [one.tried, one.failed, one.opened]),
        [
          [5, 2, 3],
          [2, 1, 1],
        ],
      )
      assert.deepEqual(
        week.channels.map((one: Json) => [one.channel.name, one.tried, one.delivered, one.failed]),
        [
          ['hook', 4, 4, 0],
          ['dead', 3, 0, 3],
        ],
      )
      assert.deepEqual(
        week.rules.map((one: Json) => [one.of, one.rule?.id ?? null, one.opened, one.tried, one.looked_at]),
        [
          ['rule', rule.id, 3, 6, 1],
          ['monitors', null, 1, 1, 1],
        ],
      )
      assert.deepEqual(
        week.severities.map((one: Json) => [one.severity, one.opened, one.tried]),
        [
          ['CRITICAL', 1, 1],
          ['HIGH', 1, 2],
          ['MEDIUM', 0, 0],
          ['LOW', 2, 4],
        ],
      )
      assert.deepEqual(
        week.failures.map((one: Json) => [one.channel, one.count]),
        [['dead', 3]],
      )
    })

    it('goes by local days of the settings’ zone, a day by its hours, and back in time', async (context) => {
      const here = server(context)
      if (!here) return
      for (const [range, parts] of [
        ['day', 24],
        ['month', 30],
        ['quarter', 91],
      ] as const) {
        const figures = await here.get(`figures?range=${range}`)
        assert.equal(figures.parts.length, parts)
        // Midnight in Córdoba.
        assert.match(figures.from, /T03:00:00\.000Z$/)
        assert.match(figures.to, /T03:00:00\.000Z$/)
      }
      const before = await here.get('figures?range=week&until=2020-02-29')
      assert.deepEqual([before.to, before.total.tried], ['2020-03-01T03:00:00.000Z', 0])
      assert.equal(before.total.first_look_ms, null)
      for (const wrong of ['until=2026-02-30', 'until=x', 'range=year'])
        assert.equal((await here.request('GET', `figures?${wrong}`)).status, 400)
    })
  }),
)
