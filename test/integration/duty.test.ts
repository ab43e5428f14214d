import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const HOUR = 3_600_000
const NAMES = ['ana', 'luis', 'jefe'] as const
type Name = (typeof NAMES)[number]

onBothEngines((engine, databaseUrl) =>
  describe(`who is on duty on ${engine}`, () => {
    const sinks = {} as Record<Name, HttpSink>
    const answers: Record<Name, number> = { ana: 200, luis: 200, jefe: 200 }
    let api: TestServer
    let skip: string | undefined
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      for (const name of NAMES) sinks[name] = await createHttpSink({ answer: () => ({ status: answers[name] }) })
      api = await startTestServer({
        ...(url !== undefined && { databaseUrl: url }),
        retry: { baseMs: 50, capMs: 200, giveUpAfterMs: 10 * HOUR },
        wanted: { channels: NAMES.map((name) => fileChannel(name, sinks[name].url)), monitors: [] },
      })
      await api.request('PUT', 'duty/people/Ana', { name: 'Ana', channels: ['ana'], aliases: ['@ana_p'] })
      await api.request('PUT', 'duty/people/Luis', { name: 'Luis', channels: ['luis'] })
    })
    beforeEach(() => {
      for (const name of NAMES) answers[name] = 200
    })
    after(async () => {
      await api?.stop()
      for (const sink of Object.values(sinks)) await sink.close()
    })
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))

    const desk = (people: readonly string[], changes: object = {}) => ({
      name: 'desk',
      time_zone: 'America/Argentina/Cordoba',
      shifts: people.length === 0 ? [] : [{ from: '00:00', to: '00:00', people }],
      fallback: ['jefe'],
      ...changes,
    })
    const put = async (people: readonly string[], changes: object = {}) => {
      const answer = await api.request('PUT', 'duty/lists/desk', desk(people, changes))
      assert.equal(answer.status, 200, answer.text)
    }
    const isOn = (person: string, forMs: number) =>
      api.post('duty/lists/desk/takeovers', { person, until: new Date(api.now() + forMs).toISOString() })
    /** What each was told about a subject: reasons. */
    const told = (subject: string) =>
      Object.fromEntries(
        NAMES.map((name) => [
          name,
          sinks[name].requests
            .map(({ body }) => JSON.parse(body) as Json)
            .filter((message) => message.subject === subject)
            .map(({ reason }) => reason),
        ]),
      )
    const recipients = async (subject: string): Promise<Json> => {
      const alert = (await api.get('alerts?limit=1000')).items.find((one: Json) => one.subject === subject)
      const { notifications } = await api.get(`alerts/${alert.id}`)
      return notifications.map(({ recipients: one, status }: Json) => [status, one?.via])
    }

    use('cannot be asked for by a list that is not there, nor by a channel that passes on itself', async () => {
      const refused = await api.request('POST', 'channels', {
        name: 'guardia',
        type: 'duty',
        options: { lists: ['desk'] },
      })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [400, 'options.lists.0'])
      await put([])
      await api.post('channels', { name: 'guardia', type: 'duty', options: { lists: ['desk'] } })
      const round = await api.request('PUT', 'duty/lists/desk', desk([], { fallback: ['guardia'] }))
      assert.deepEqual([round.status, round.body.errors[0].path], [400, 'fallback.0'])
      const stranger = await api.request('PUT', 'duty/lists/desk', desk(['Zoe']))
      assert.deepEqual([stranger.status, stranger.body.errors[0].path], [400, 'shifts.0.people.0'])
      assert.equal((await api.request('DELETE', 'duty/lists/desk')).status, 409, 'a channel asks it')
      await api.post('rules', {
        name: 'trouble',
        type: 'trouble',
        channels: ['guardia'],
        cooldown: '0',
        notify_recovery: true,
      })
    })

    use('goes to the fallback while it is nobody, and says why', async () => {
      await api.event({ type: 'trouble', subject: 'nobody' })
      await api.delivered()
      assert.deepEqual(told('nobody'), { ana: [], luis: [], jefe: ['first'] })
      assert.deepEqual(await recipients('nobody'), [
        ['delivered', [{ channel: 'jefe', person: null, list: 'desk', why: 'nobody' }]],
      ])
    })

    use('hears once of what goes there anyway, and of its end', async () => {
      await put(['Ana'])
      await api.post('rules', { name: 'both', type: 'both', channels: ['guardia', 'ana'], notify_recovery: true })
      await api.event({ type: 'both', subject: 'twice' })
      await api.event({ type: 'both', subject: 'twice', status: 'resolved' })
      await api.delivered()
      assert.deepEqual(told('twice'), { ana: ['first', 'resolved'], luis: [], jefe: [] })
    })

    use('is asked anew at each try: what could not be sent to one goes to the next, and its end to both', async () => {
      await put(['Luis'])
      await isOn('Ana', HOUR)
      await api.event({ type: 'trouble', subject: 'earlier' })
      await api.delivered()
      answers.ana = 503
      await api.event({ type: 'trouble', subject: 'late' })
      await until(async () => told('late').ana!.length > 0)
      const { takeovers } = (await api.get('duty')).lists[0]
      for (const { id } of takeovers) await api.remove(`duty/takeovers/${id}`)
      await until(async () => told('late').luis!.length > 0)
      answers.ana = 200
      await api.delivered()
      const tries = told('late').ana!.length
      await api.event({ type: 'trouble', subject: 'late', status: 'resolved' })
      await api.event({ type: 'trouble', subject: 'earlier', status: 'resolved' })
      await api.delivered()
      assert.deepEqual(told('late').luis, ['first', 'resolved'])
      assert.equal(told('late').ana!.length, tries, 'who never had it hears of no end')
      assert.deepEqual(told('earlier'), { ana: ['first', 'resolved'], luis: ['resolved'], jefe: [] })
      assert.deepEqual((await recipients('late'))[0][1], [
        { channel: 'luis', person: 'Luis', list: 'desk', why: 'week' },
      ])
    })

    use('that refuses for good, or is not reached for minutes, gives way to the fallback', async () => {
      await put(['Ana'])
      answers.ana = 400
      await api.event({ type: 'trouble', subject: 'refused' })
      await api.delivered()
      assert.deepEqual([told('refused').ana, told('refused').jefe], [['first'], ['first']])
      answers.ana = 503
      await api.event({ type: 'trouble', subject: 'away' })
      await until(async () => told('away').ana!.length > 0)
      assert.deepEqual(told('away').jefe, [])
      api.advance(4 * 60_000)
      await until(async () => told('away').jefe!.length > 0)
      await api.delivered()
      assert.equal((await recipients('away'))[0][1][0].why, 'unreachable')
      assert.equal(told('away').jefe!.length, 1)
    })

    use('is of the first list whose labels fit, and passes tests on', async () => {
      await api.request('PUT', 'duty/lists/north', {
        ...desk(['Luis']),
        name: 'north',
        match: { zone: 'north' },
      })
      await api.post('channels', { name: 'crew', type: 'duty', options: { lists: ['north', 'desk'] } })
      await api.post('rules', { name: 'crew', type: 'crew', channels: ['crew'] })
      await api.event({ type: 'crew', subject: 'in the north', labels: { zone: 'north' } })
      await api.event({ type: 'crew', subject: 'elsewhere', labels: { zone: 'south' } })
      await api.delivered()
      assert.deepEqual([told('in the north').luis, told('in the north').ana], [['first'], []])
      assert.deepEqual([told('elsewhere').luis, told('elsewhere').ana], [[], ['first']])
      const crew = (await api.get('channels')).items.find(({ name }: Json) => name === 'crew')
      const tested = await api.post(`channels/${crew.id}/test`)
      assert.equal(tested.ok, true, JSON.stringify(tested))
      assert.equal(told('Vigía').ana!.filter((reason: string) => reason === 'test').length, 1)
    })

    use(
      'has limits of their own: what one was told keeps nothing from another, and what is held goes to whom it is for',
      async () => {
        const limits = { rate_limit: { count: 2, per: '1h' } }
        const made = await api.post('channels', {
          name: 'limited',
          type: 'duty',
          options: { lists: ['north', 'desk'] },
          ...limits,
        })
        await api.post('rules', { name: 'limited', type: 'limited', channels: ['limited'] })
        const heard = (name: Name, about: string) =>
          sinks[name].requests
            .map(({ body }) => JSON.parse(body) as Json)
            .filter(
              ({ subject, items }) =>
                subject.startsWith(about) || items?.some((one: Json) => one.subject.startsWith(about)),
            )
            .map(({ reason, items = [] }) => [reason, items.length])
        const events = (zone: string, numbers: readonly number[]) =>
          api.post(
            'events',
            numbers.map((number) => {
              const subject = `limit ${zone} ${number}`
              return { type: 'limited', severity: 'HIGH', subject, labels: { zone, subject } }
            }),
          )
        await events('north', [1, 2, 3, 4])
        const held = () => api.get(`notifications?channel=${made.id}&status=held`)
        await until(async () => (await held()).items.length === 2, 'two that are held')
        await events('south', [1, 2])
        await until(async () => heard('ana', 'limit south').length === 2, 'two for Ana')
        assert.equal((await held()).items.length, 2)
        assert.deepEqual(heard('luis', 'limit north'), [
          ['first', 0],
          ['first', 0],
        ])
        api.advance(HOUR + 60_000)
        await until(async () => heard('luis', 'limit north').length === 3, 'what was held')
        assert.deepEqual(heard('luis', 'limit north').at(-1), ['digest', 2])
        assert.deepEqual(heard('ana', 'limit north'), [])
      },
    )

    use('may be called otherwise: lists, takeovers and channels follow, and it stands in the audit log', async () => {
      await put(['Ana', 'Luis'])
      const until = new Date(api.now() + HOUR).toISOString()
      await api.post('duty/lists/desk/takeovers', { person: 'Luis', until })
      const rename = (path: string, body: object) => api.request('PUT', `duty/${path}`, body)
      const luis = { name: 'Luis P.', channels: ['luis'], was: 'Luis' }
      assert.equal((await rename('people/Ana', { ...luis, name: 'Ana' })).status, 409)
      assert.equal((await rename('people/Zoe', { ...luis, name: 'Zoe', was: 'Nadie' })).status, 404)
      assert.equal((await rename('people/Luis%20P.', luis)).status, 200)
      const guard = { ...desk(['Ana', 'Luis P.']), name: 'guard', was: 'desk' }
      assert.equal((await rename('lists/guard', guard)).status, 200)
      const { people, lists } = await api.get('duty')
      assert.deepEqual(people.map(({ name }: Json) => name).sort(), ['Ana', 'Luis P.'])
      const list = lists.find(({ name }: Json) => name === 'guard')
      assert.deepEqual([list.shifts[0].people, list.takeovers[0].person], [['Ana', 'Luis P.'], 'Luis P.'])
      assert.deepEqual(lists.find(({ name }: Json) => name === 'north').shifts[0].people, ['Luis P.'])
      assert.equal(
        lists.find(({ name }: Json) => name === 'desk'),
        undefined,
      )
      const { items } = await api.get('channels')
      const asked = items.find(({ name }: Json) => name === 'crew').options.lists
      assert.deepEqual(asked, ['north', 'guard'])
      const entries = (await api.get('audit?limit=2')).items.map(({ object, details }: Json) => [
        object,
        details.name_before,
      ])
      assert.deepEqual(entries, [
        ['duty list', 'desk'],
        ['duty person', 'Luis'],
      ])
      await api.event({ type: 'trouble', subject: 'after a new name' })
      await api.delivered()
      assert.deepEqual(told('after a new name'), { ana: [], luis: ['first'], jefe: [] })
      assert.equal((await rename('lists/desk', { ...guard, name: 'desk', was: 'guard' })).status, 200)
      assert.equal((await rename('people/Luis', { ...luis, name: 'Luis', was: 'Luis P.' })).status, 200)
    })

    use('is missed two days ahead: the gap is told once, to the fallback, in its language', async () => {
      const notices = () =>
        sinks.jefe.requests.map(({ body }) => JSON.parse(body) as Json).filter(({ reason }) => reason === 'notice')
      const before = notices().length
      // By the clock of the list's zone, three hours behind: for three hours a day it is another date there.
      const far = new Date(api.now() + (3 * 24 - 3) * HOUR).toISOString().slice(0, 10)
      await put(['Ana'], { holidays: [{ date: far, name: 'Feria' }], shifts: [weekdays('Ana')] })
      const { gaps } = (await api.get('duty')).lists.find(({ name }: Json) => name === 'desk')
      assert.ok(gaps.length >= 1)
      api.advance(26 * HOUR)
      const notice = await until(async () => notices().at(before))
      assert.equal(notice.notice.code, 'duty_gap')
      assert.match(notice.title, /^NOBODY ON DUTY desk · /)
      assert.deepEqual(notice.notice.fallback, ['jefe'])
      api.advance(HOUR)
      await api.delivered()
      assert.equal(notices().length, before + 1)
    })
  }),
)

const weekdays = (person: string) => ({
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '00:00',
  to: '00:00',
  people: [person],
})
