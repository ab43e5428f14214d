import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const PASSWORD = 'correct horse battery'
const HERE = { 'sec-fetch-site': 'same-origin' }
const subjects = ({ items }: Json): string[] => items.map(({ subject }: Json) => subject)
const names = (items: Json): string[] => items.map(({ name }: Json) => name)
const HOUR = 3_600_000

onBothEngines((engine, databaseUrl) =>
  describe(`finding and doing on ${engine}`, () => {
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
          channels: [fileChannel('mesa', sink.url)],
          monitors: [
            fileMonitor('Clínica San Roque', {
              location: 'Calle Savio 1234, Córdoba',
              description: 'Contrato 77-B',
              labels: { customer: 'Ñandú SRL' },
              channels: ['mesa'],
            }),
            fileMonitor('Farmacia', { labels: { site: 'POP-9' }, channels: ['mesa'] }),
          ],
        },
      })
      await api.post('rules', { name: 'avisos de prueba', type: 'trouble', channels: ['mesa'] })
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
    })
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))
    const find = (path: string, q: string) =>
      api.get(`${path}${path.includes('?') ? '&' : '?'}q=${encodeURIComponent(q)}`)

    use('finds monitors by name, address, place, description and customer, without accents', async () => {
      for (const q of ['clinica', 'SAVIO', 'cordoba calle', '77-b', 'nandu', 'customer=ñandu'])
        assert.deepEqual(names((await find('monitors', q)).items), ['Clínica San Roque'], q)
      assert.deepEqual(names((await find('monitors', 'clinica pop-9')).items), [])
      assert.deepEqual(names((await api.get('monitors?filter=CLINICA')).items), ['Clínica San Roque'])
    })

    use('finds alerts and events by words, severity and time, page by page', async () => {
      await api.event({ type: 'trouble', subject: 'OLT-3', severity: 'CRITICAL', note: 'sin luz en Río Cuarto' })
      await api.event({ type: 'trouble', subject: 'OLT-4', severity: 'LOW', at: '2026-01-02T03:04:05Z', note: 'vieja' })
      await api.push('Clínica San Roque', true)
      const nandu = () => find('alerts?status=firing&sort=severity', 'nandu')
      await until(async () => (await nandu()).items.length === 1, 'the alert of the monitor')
      assert.deepEqual(subjects(await nandu()), ['Clínica San Roque'])
      assert.deepEqual(subjects(await find('alerts', 'rio cuarto')), ['OLT-3'])
      assert.deepEqual(subjects(await find('alerts', 'critica luz')), ['OLT-3'])
      assert.deepEqual(subjects(await find('events?type=trouble', 'RIO')), ['OLT-3'])
      assert.deepEqual(subjects(await api.get('events?severity=CRITICAL')), ['OLT-3'])
      assert.deepEqual(subjects(await api.get('events?from=2026-01-02T03:04&to=2026-01-02T03:05')), ['OLT-4'])
      assert.deepEqual(subjects(await find('events', 'vieja 2026-01-02')), ['OLT-4'])
      assert.deepEqual(subjects(await find('events', 'vieja 2026-01-03')), [])

      await api.post(
        'events',
        Array.from({ length: 7 }, (_, n) => ({ type: 'serie', subject: `serie ${n}` })),
      )
      const found: string[] = []
      let cursor: number | null = null
      do {
        const page: Json = await api.get(`events?q=serie&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`)
        found.push(...subjects(page))
        cursor = page.next_cursor
      } while (cursor !== null)
      assert.deepEqual(
        found,
        [6, 5, 4, 3, 2, 1, 0].map((n) => `serie ${n}`),
      )
      const wrong = await api.request('GET', 'events?from=nunca')
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, 'from'])
    })

    use('has one search over all of it', async () => {
      const found = await find('search', 'roque')
      assert.deepEqual(names(found.monitors), ['Clínica San Roque'])
      assert.deepEqual(
        found.alerts.map(({ subject, status }: Json) => [subject, status]),
        [['Clínica San Roque', 'firing']],
      )
      assert.ok(found.events.length > 0)
      const { rules, channels } = await find('search', 'avisos')
      assert.deepEqual([names(rules), names(channels)], [['avisos de prueba'], []])
      assert.deepEqual(names((await find('search', 'mesa')).channels), ['mesa'])
    })

    const audited = async (action: string): Promise<Json[]> =>
      (await api.get('audit?limit=50')).items.filter((one: Json) => one.action === action)

    use('acknowledges and silences many alerts in one go, each with its own entry', async () => {
      const open = (await api.get('alerts?status=firing')).items
      const ids = open.map(({ id }: Json) => id)
      const done = await api.post('alerts/acknowledge', { ids: [...ids, 987_654], note: 'crew on the way' })
      assert.deepEqual(
        done.items.map(({ ok, changed }: Json) => [ok, changed]),
        [...ids.map(() => [true, true]), [false, false]],
      )
      const entries = await audited('acknowledge')
      assert.deepEqual(entries.map(({ object_id }) => object_id).toSorted(), ids.toSorted())
      assert.ok(entries.every(({ details }) => details.note === 'crew on the way' && details.ids === undefined))
      assert.ok((await api.get('alerts?status=firing')).items.every(({ status }: Json) => status === 'acknowledged'))

      await api.post('alerts/unacknowledge', { ids })
      assert.equal((await audited('unacknowledge')).length, ids.length)

      const ends = new Date(api.now() + HOUR).toISOString()
      const silenced = await api.post('alerts/silence', { ids, ends_at: ends, comment: 'se sabe' })
      assert.equal(new Set(silenced.items.map(({ silence }: Json) => silence)).size, ids.length)
      const marks = (await api.get('alerts?status=firing')).items.map(({ silence }: Json) => silence?.comment)
      assert.deepEqual(new Set(marks), new Set(['se sabe']))
      assert.equal((await api.request('POST', 'alerts/silence', { ids, ends_at: 'ayer' })).status, 400)
    })

    use('pauses many with a reason and an end, by which they go on by themselves', async () => {
      const ids = (await api.get('monitors')).items.map(({ id }: Json) => id)
      const ends = new Date(api.now() + HOUR).toISOString()
      const done = await api.post('monitors/pause', {
        ids: [...ids, 987_654],
        paused: true,
        reason: 'obra',
        until: ends,
      })
      assert.deepEqual(
        done.items.map(({ ok }: Json) => ok),
        [...ids.map(() => true), false],
      )
      const paused = (await api.get('monitors')).items.map(({ paused, pause }: Json) => [
        paused,
        pause?.reason,
        pause?.until,
      ])
      assert.deepEqual(
        paused,
        ids.map(() => [true, 'obra', ends]),
      )
      assert.equal((await audited('pause')).length, ids.length)
      api.advance(HOUR + 1000)
      await until(
        async () => (await api.get('monitors')).items.every(({ paused }: Json) => !paused),
        'the end of the pause',
      )
      assert.ok((await api.get('monitors')).items.every(({ pause }: Json) => pause === undefined))
      const late = await api.request('POST', 'monitors/pause', { ids, paused: true, until: '2020-01-01T00:00:00Z' })
      assert.equal(late.status, 400)
    })

    use('silences many monitors, each by a silence that ends by itself', async () => {
      const ids = (await api.get('monitors')).items.map(({ id }: Json) => id)
      const before = (await audited('create')).length
      const { silences } = await api.post('monitors/silence', {
        ids,
        ends_at: new Date(api.now() + HOUR).toISOString(),
        comment: 'corte de fibra',
      })
      assert.equal(silences.length, ids.length)
      assert.equal((await audited('create')).length, before + ids.length)
      const marks = (await api.get('monitors/marks')).items.map(({ silence }: Json) => silence.comment)
      assert.deepEqual(
        marks,
        ids.map(() => 'corte de fibra'),
      )
      const wrong = await api.request('POST', 'monitors/silence', { ids, ends_at: 'mañana' })
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, 'ends_at'])
    })

    use('changes what many have in common, and says of each why it was not', async () => {
      const made = await Promise.all(
        ['a', 'b'].map((name) =>
          api.post('monitors', {
            name,
            target: 'tcp://127.0.0.1:9',
            labels: { site: name, rack: '1' },
            channels: ['mesa'],
          }),
        ),
      )
      const file = (await find('monitors', 'farmacia')).items[0].id
      const ids = [...made.map(({ id }) => id), file]
      const change = { interval: '2m', severity: 'LOW', labels: { tier: 'core', rack: '' } }
      const { items } = await api.patch('monitors', { ids, change })
      assert.deepEqual(
        items.map(({ ok, code }: Json) => [ok, code]),
        [
          [true, undefined],
          [true, undefined],
          [false, 'owned_by_file'],
        ],
      )
      for (const [index, { id, options }] of made.entries()) {
        const now = await api.get(`monitors/${id}`)
        assert.deepEqual(
          [now.interval, now.severity, now.labels, now.options],
          ['2m', 'LOW', { site: 'ab'[index], tier: 'core' }, options],
        )
      }
      assert.deepEqual(
        (await audited('update')).filter(({ object }) => object === 'monitor').map(({ object_id }) => object_id),
        made.map(({ id }) => id).toReversed(),
      )
      const named = await api.patch('monitors', { ids, change: { name: 'x' } })
      assert.ok(named.items.every(({ ok, path }: Json) => !ok && path === 'name'))
      const wrong = await api.patch('monitors', { ids: [made[0].id], change: { interval: '1ms' } })
      assert.deepEqual([wrong.items[0].ok, wrong.items[0].path], [false, 'interval'])
    })

    use('says all that is wrong with a form at once, each at its place', async () => {
      const paths = async (path: string, body: object) => {
        const answer = await api.request('POST', path, body)
        assert.equal(answer.status >= 400 && answer.status < 500, true)
        return answer.body.errors.map((one: Json) => one.path).toSorted()
      }
      const monitor = {
        name: 'Farmacia',
        type: 'tcp',
        options: { host: '', port: 70_000 },
        interval: '1ms',
        failures: 'muchas',
        channels: ['nadie'],
      }
      const wrong = ['channels', 'failures', 'interval', 'name', 'options.host', 'options.port']
      assert.deepEqual(await paths('monitors', monitor), wrong)
      const channel = { name: 'mesa', type: 'webhook', options: { url: 'x', method: 'LOOK' }, time_zone: 'Cordobba' }
      assert.deepEqual(await paths('channels', channel), ['name', 'options.method', 'options.url', 'time_zone'])
      const rule = { name: 'avisos de prueba', type: 'x', conditions: { a: '?? 1' }, templates: { text: '{{ a' } }
      assert.deepEqual((await paths('rules', rule)).length, 3)
    })

    use('keeps filters and favourites with the person, and with nobody else', async () => {
      const personOf = async (name: string) => {
        await api.post('users', { name, password: PASSWORD, role: 'viewer' })
        const form = { name, password: PASSWORD, next: '/healthz' }
        const answer = await api.request('POST', '/sign-in', new URLSearchParams(form).toString(), {
          authorization: '',
          'content-type': 'application/x-www-form-urlencoded',
          ...HERE,
        })
        const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
        return (method: string, path: string, body?: unknown) =>
          api.request(method, path, body, { authorization: '', cookie, ...HERE })
      }
      const [ana, luis] = [await personOf('ana'), await personOf('luis')]
      const { id } = (await find('monitors', 'farmacia')).items[0]
      const filter = { page: 'monitors', name: ' Los míos ', filter: 'q=clinica&state=down' }
      const saved = await ana('POST', 'me/filters', filter)
      assert.equal(saved.status, 201)
      assert.equal((await ana('PUT', `me/favourites/${id}`)).status, 204)
      assert.equal((await ana('PUT', `me/favourites/${id}`)).status, 204)
      assert.equal((await ana('PUT', 'me/favourites/987654')).status, 404)
      const again = await ana('POST', 'me/filters', { ...filter, filter: 'q=otra' })
      assert.equal(again.body.id, saved.body.id)
      assert.deepEqual((await ana('GET', 'me/at-hand')).body, {
        filters: [{ id: saved.body.id, page: 'monitors', name: 'Los míos', filter: 'q=otra' }],
        favourites: [id],
      })
      assert.deepEqual((await luis('GET', 'me/at-hand')).body, { filters: [], favourites: [] })
      assert.equal((await luis('DELETE', `me/filters/${saved.body.id}`)).status, 404)
      assert.equal((await ana('DELETE', `me/filters/${saved.body.id}`)).status, 204)
      assert.equal((await ana('DELETE', `me/favourites/${id}`)).status, 204)
      assert.deepEqual((await ana('GET', 'me/at-hand')).body, { filters: [], favourites: [] })
      assert.equal((await api.request('POST', 'me/filters', filter)).status, 403)
    })
  }),
)
