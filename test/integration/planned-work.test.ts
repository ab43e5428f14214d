import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { State } from '#core/monitor/monitor.ts'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const POP = [{ name: 'monitor', operator: '=', value: 'pop' }]

onBothEngines((engine, databaseUrl) =>
  describe(`planned work on ${engine}`, () => {
    let sink: HttpSink
    let api: TestServer
    let skip: string | undefined
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      sink = await createHttpSink()
      api = await startTestServer({
        ...(url !== undefined && { databaseUrl: url }),
        wanted: {
          channels: [fileChannel('hook', sink.url), fileChannel('people', sink.url)],
          monitors: [
            fileMonitor('pop', { channels: ['hook'] }),
            fileMonitor('client', { channels: ['hook'], parents: [['pop']], labels: { subscribers: '12' } }),
            fileMonitor('elsewhere', { channels: ['hook'] }),
          ],
          maintenance: [
            {
              name: 'of the file',
              matchers: [{ name: 'monitor', operator: '=', value: 'elsewhere' }],
              when: { cron: '0 4 * * 0', durationMs: HOUR, timeZone: 'UTC' },
              origin: 'vigia.yaml:9',
            },
          ],
        },
      })
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
    })
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))

    const at = (ms: number) => new Date(api.now() + ms).toISOString()
    const told = () => sink.requests.map(({ body }) => JSON.parse(body) as Json)
    const notices = () => told().filter(({ reason }) => reason === 'notice')
    const call = async (name: string, state: State) => {
      await api.push(name, state === 'down')
      await until(async () => (await api.get('monitors')).items.find((one: Json) => one.name === name).state === state)
    }
    const refused = async (method: string, path: string, body: object) => {
      const answer = await api.request(method, path, body)
      return [answer.status, answer.body.code, answer.body.errors?.[0]?.path, answer.body.errors?.[0]?.fault?.code]
    }

    use('is told ahead, at its begin and at its end to whom it names, each once', async () => {
      for (const name of ['pop', 'client', 'elsewhere']) await call(name, 'up')
      const planned = await api.post('maintenance', {
        name: 'fibre <b>',
        note: 'new splice',
        matchers: POP,
        starts_at: at(2 * HOUR),
        ends_at: at(4 * HOUR),
        tell: { channels: ['people'], ahead: '1h' },
      })
      assert.deepEqual(planned.tell, { channels: ['people'], begin: true, end: true, ahead: '1h' })
      api.advance(HOUR)
      await until(async () => notices().length === 1)
      const [ahead] = notices()
      assert.equal(ahead.notice.code, 'maintenance_ahead')
      assert.match(ahead.title, /^MAINTENANCE AHEAD fibre <b> · /)
      assert.deepEqual(
        [ahead.notice.count, ahead.notice.subscribers, ahead.notice.names, ahead.notice.note],
        [2, 12, ['pop', 'client'], 'new splice'],
      )
      api.advance(HOUR)
      await until(async () => notices().length === 2)
      assert.equal(notices()[1].notice.code, 'maintenance_begin')
    })

    use('covers what is reached through a parent in maintenance, and tells at the end what is still down', async () => {
      await call('client', 'down')
      await call('elsewhere', 'down')
      await until(async () => told().some(({ monitor, reason }) => monitor === 'elsewhere' && reason === 'first'))
      assert.deepEqual(
        (await api.get('alerts?status=firing')).items.map(({ subject }: Json) => subject),
        ['elsewhere'],
      )
      const { items: events } = await api.get('events?type=monitor_state')
      const fall = events.find(({ subject, state }: Json) => subject === 'client' && state === 'down')
      assert.match((await api.explain(fall.id)).rules[0].why, /maintenance window \d+ holds news back/)
      // It answers again and again: what is behind it fails by itself.
      await api.push('pop')
      api.advance(2 * HOUR)
      await until(async () => notices().length === 3)
      assert.deepEqual([notices()[2].notice.code, notices()[2].notice.down], ['maintenance_end', ['client']])
      await until(async () => told().some(({ monitor, reason }) => monitor === 'client' && reason === 'first'))
      const { id } = (await api.get('monitors')).items.find(({ name }: Json) => name === 'client')
      const uptime = await api.get(`monitors/${id}/uptime?from=${at(-2 * HOUR)}&to=${at(0)}`)
      assert.ok(uptime.maintenance_ms > 1.9 * HOUR, String(uptime.maintenance_ms))
    })

    use('is shown beforehand by whom it hits and when it comes', async () => {
      const preview = await api.post('maintenance/preview', { matchers: POP, cron: '0 2 * * 2', duration: '4h' })
      assert.deepEqual(
        [preview.matched.count, preview.behind.items.map(({ name }: Json) => name), preview.subscribers],
        [1, ['client'], 12],
      )
      assert.equal(preview.next.length, 5)
      assert.match(preview.next[0].starts_at, /T02:00:00/)
      const silence = await api.post('silences/preview', { matchers: [{ name: 'type', value: 'monitor_state' }] })
      assert.equal(silence.monitors.count, 3)
      assert.deepEqual(silence.alerts.items.map(({ subject }: Json) => subject).toSorted(), ['client', 'elsewhere'])
    })

    use('stands in the calendar with what the file plans, and can be changed where people planned it', async () => {
      // In three days: a window of it that runs now would stay, whatever becomes of its plan.
      const weekday = new Date(at(72 * HOUR)).getUTCDay()
      const plan = { name: 'weekly', matchers: POP, cron: `0 2 * * ${weekday}`, duration: '4h', behind: true }
      const made = await api.post('maintenance/plans', plan)
      const one = { name: 'once', matchers: POP, starts_at: at(100 * HOUR), ends_at: at(101 * HOUR) }
      const single = await api.post('maintenance', one)
      const calendar = async () => (await api.get('maintenance/calendar')).items
      const rows = await calendar()
      assert.equal((await api.get('maintenance/calendar')).days.length, 30)
      assert.ok(rows.some(({ name, origin, recurring }: Json) => name === 'of the file' && origin && recurring))
      assert.ok(rows.filter(({ name, monitors }: Json) => name === 'weekly' && monitors === 2).length >= 4)
      const changed = await api.request('PUT', `maintenance/${single.id}`, {
        ...one,
        ends_at: at(103 * HOUR),
        note: 'x',
      })
      assert.deepEqual([changed.status, changed.body.note], [200, 'x'])
      assert.equal(
        (await api.request('PUT', `maintenance/plans/${made.id}`, { ...plan, cron: `0 3 * * ${(weekday + 1) % 7}` }))
          .status,
        200,
      )
      const later = await calendar()
      assert.ok(later.every(({ name, starts_at }: Json) => name !== 'weekly' || /T03:00/.test(starts_at)))
      const fromFile = (await api.get('maintenance/plans')).items.find(({ origin }: Json) => origin)
      assert.deepEqual(await refused('PUT', `maintenance/plans/${fromFile.id}`, plan), [
        409,
        'owned_by_file',
        undefined,
        undefined,
      ])
    })

    use('is read by calendar programs: with a token, and by a link that can be renewed', async () => {
      const ics = await api.request('GET', 'maintenance.ics')
      assert.match(ics.headers.get('content-type')!, /^text\/calendar/)
      assert.match(ics.text, /RRULE:FREQ=WEEKLY;BYDAY=(SU|MO|TU|WE|TH|FR|SA)\r\n/)
      assert.equal(ics.text.match(/SUMMARY:fibre <b>/g)?.length, 1)
      const { path } = await api.get('maintenance/link')
      const byLink = () => fetch(api.url + path)
      assert.equal((await byLink()).status, 200)
      assert.equal((await fetch(`${api.url}${path.slice(0, -6)}AA.ics`)).status, 404)
      const renewed = await api.post('maintenance/link/renew')
      assert.notEqual(renewed.path, path)
      assert.equal((await byLink()).status, 404)
      assert.equal((await fetch(`${api.url}/api/v1/maintenance.ics`)).status, 401)
    })

    use('refuses what no calendar has, what never ends, and channels that are not there', async () => {
      const range = { starts_at: at(HOUR), ends_at: at(2 * HOUR) }
      const plan = { name: 'p', matchers: POP, cron: '0 2 * * 2', duration: '4h' }
      const cases: readonly (readonly [string, string, object, string, string])[] = [
        [
          'POST',
          'maintenance',
          { starts_at: '2027-02-31T02:00', ends_at: '2027-03-04T02:00' },
          'starts_at',
          'no_such_time',
        ],
        [
          'POST',
          'maintenance',
          { starts_at: '2027-02-28T02:00Z', ends_at: '2027-02-31T02:00Z' },
          'ends_at',
          'no_such_time',
        ],
        ['POST', 'maintenance', { ...range, time_zone: 'Mars/Base' }, 'time_zone', 'zone_unknown'],
        ['POST', 'maintenance', { ...range, tell: { channels: ['nobody'] } }, 'tell.channels.0', 'no_channel'],
        ['POST', 'maintenance', { ...range, tell: { channels: ['hook'], ahead: '0' } }, 'tell.ahead', 'bad_length'],
        ['POST', 'maintenance/plans', { ...plan, cron: '0 0 31 2 *' }, 'cron', 'bad_cron'],
        ['POST', 'maintenance/plans', { ...plan, duration: '8d' }, 'duration', 'never_ends'],
        ['POST', 'maintenance/preview', { ...plan, cron: '0 2 * * *', duration: '25h' }, 'duration', 'never_ends'],
      ]
      for (const [method, path, body, where, code] of cases) {
        const { name = 'w', ...rest } = body as Json
        const sent = path.endsWith('preview') ? rest : { name, matchers: POP, ...rest }
        assert.deepEqual(await refused(method, path, sent), [400, 'invalid_input', where, code], JSON.stringify(body))
      }
      assert.equal((await api.request('GET', 'maintenance/calendar?from=2027-02-31')).status, 400)
    })
  }),
)
