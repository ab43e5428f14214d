import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const suite = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`what nobody sees of an outage (${name})`, () => {
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
      const chat = (path: string, language: 'en' | 'es') =>
        fileChannel(path, sink.url, { type: 'slack', options: { webhook_url: `${sink.url}/${path}` }, language })
      api = await startTestServer({
        wanted: {
          channels: [chat('chat', 'en'), chat('charla', 'es'), fileChannel('hook', `${sink.url}/hook`)],
          monitors: [fileMonitor('job', { channels: ['chat', 'charla', 'hook'] })],
        },
        ...(url !== undefined && { databaseUrl: url }),
      })
      await api.push('job', false)
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
    })

    const job = async () => (await api.get('monitors')).items[0]
    const became = (state: string) => until(async () => (await job()).state === state, `the job is ${state}`)
    const pause = async (paused: boolean) => {
      const { id } = await job()
      await api.post(`monitors/${id}/pause`, { paused })
      await until(async () => {
        const [alert] = await api.server.storage.alerts.list({ limit: 1 })
        const last = alert!.facts.unwatched?.at(-1)
        return last?.length === (paused ? 1 : 2)
      }, 'it is noted')
    }
    const textsBy = (path: string): string[] =>
      sink.requests.filter((request) => request.path === `/${path}`).map(({ body }) => body)
    const bodies = (): Json[] => textsBy('hook').map((body) => JSON.parse(body))

    it('the time of a pause is no part of its duration', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      await api.push('job', true)
      await became('down')
      await api.delivered()
      await pause(true)
      await new Promise((later) => setTimeout(later, 2100))
      await pause(false)
      await api.push('job', false)
      await became('up')
      await until(async () => textsBy('charla').length === 2 && textsBy('chat').length === 2, 'the recovery')
      const [alert] = await api.server.storage.alerts.list({ status: 'resolved', limit: 1 })
      const told = await api.server.storage.notifications.ofAlert(alert!.id)
      const { durationMs, unwatchedMs, since } = told.at(-1)!.payload
      assert.ok(unwatchedMs! >= 2000, String(unwatchedMs))
      assert.equal(since! + durationMs! + unwatchedMs!, alert!.resolvedAt)
      assert.equal((await api.get(`alerts/${alert!.id}`)).unwatched_ms, unwatchedMs)
      assert.match(textsBy('chat').at(-1)!, /RECOVERED job · was down \d+ s .*not watched for \d+ s/)
      assert.match(textsBy('charla').at(-1)!, /RECUPERADO job · estuvo caído \d+ s .*\d+ s sin comprobar/)
      const paused = bodies().find(({ resolved_by: by }) => by === 'paused')
      assert.ok(paused.duration_ms >= 0 && !('unwatched_ms' in paused))
    })

    it('who closed an alert by hand is told, and the API says it', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      await api.post('rules', {
        name: 'posted',
        type: 'posted',
        channels: ['chat', 'charla', 'hook'],
        notify_recovery: true,
      })
      await api.event({ type: 'posted', subject: 'disk', closed_by: 'a field of its sender' })
      const { items } = await api.get('alerts?status=firing')
      const { id } = items.find(({ subject }: Json) => subject === 'disk')
      const ended = await api.post(`alerts/${id}/resolve`)
      assert.equal(ended.closed_by, 'administrator')
      await api.delivered()
      await until(async () => bodies().some(({ closed_by: by }) => by !== undefined), 'its end')
      const { resolved_by: by, closed_by: who } = bodies().find(
        ({ subject, reason }) => subject === 'disk' && reason === 'resolved',
      )
      assert.deepEqual([by, who], ['hand', 'administrator'])
      assert.match(textsBy('chat').at(-1)!, /Closed by hand: administrator/)
      assert.match(textsBy('charla').at(-1)!, /Cerrada a mano: administrator/)
    })

    it('moves with a clock that is set', async (t) => {
      if (skip !== undefined) return t.skip(skip)
      await api.push('job', true)
      await became('down')
      await pause(true)
      const stretches = async () =>
        (await api.server.storage.alerts.list({ status: 'firing', limit: 1 }))[0]!.facts.unwatched
      const before = (await stretches())!
      const at = api.now()
      await api.server.storage.transaction(({ shiftClock }) => shiftClock({ before: at, after: at + 3_600_000 }))
      assert.deepEqual(
        await stretches(),
        before.map((one) => one.map((moment) => moment + 3_600_000)),
      )
    })
  })

onBothEngines(suite)
