import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const HOUR = 3_600_000

onBothEngines((engine, databaseUrl) =>
  describe(`the shift log on ${engine}`, () => {
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
        wanted: { channels: [fileChannel('relevo', sink.url, { language: 'es' })], monitors: [] },
      })
      await api.post('rules', { name: 'trouble', type: 'trouble', notify_recovery: true })
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
    })
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))

    use('is not in use until somebody writes a line, and holds notes about alerts', async () => {
      assert.equal((await api.get('uses')).shift, false)
      await api.event({ type: 'trouble', subject: 'POP-07' })
      const [alert] = (await api.get('alerts?status=firing')).items
      const note = await api.post('notes', {
        text: ' the company was called ',
        ticket: 'AR-12345',
        alert: alert.id,
        pinned: true,
      })
      assert.deepEqual(
        [note.text, note.ticket, note.by, note.done_at],
        ['the company was called', 'AR-12345', 'administrator', null],
      )
      assert.equal((await api.get('uses')).shift, true)
      await api.post('notes', { text: 'about the shift' })
      assert.deepEqual(
        (await api.get(`notes?alert=${alert.id}`)).items.map(({ id }: Json) => id),
        [note.id],
      )
      assert.equal((await api.get('notes')).items.length, 2)
    })

    use('tells what opened, closed and is open, and what is pending until it is done', async () => {
      await api.event({ type: 'trouble', subject: 'POP-08' })
      await api.event({ type: 'trouble', subject: 'POP-08', status: 'resolved' })
      const { opened, closed, open, pinned, lines, handover } = await api.get('shift')
      assert.deepEqual(
        [opened.count, closed.count, open.count, pinned.length, lines.length, handover],
        [2, 1, 1, 1, 2, null],
      )
    })

    use('is handed over by message, and signed once by who comes in; what is pending stays', async () => {
      api.advance(HOUR)
      const [reader] = [api.tokens.viewer]
      const asViewer = { authorization: `Bearer ${reader}` }
      assert.equal((await api.request('POST', 'shift/handover', {}, asViewer)).status, 403)
      const { id } = await api.post('shift/handover', { text: 'llame a las 16', channels: ['relevo'] })
      const told = await until(async () => sink.requests.map(({ body }) => JSON.parse(body) as Json).at(-1))
      assert.equal(told.notice.code, 'shift_handover')
      assert.match(told.title, /^ENTREGA DE TURNO administrator · /)
      assert.deepEqual(
        [told.notice.opened, told.notice.closed, told.notice.open_names, told.notice.pinned, told.notice.note],
        [2, 1, ['POP-07'], ['the company was called [AR-12345]'], 'llame a las 16'],
      )
      const after = await api.get('shift')
      assert.deepEqual([after.opened.count, after.lines.length, after.pinned.length, after.open.count], [0, 0, 1, 1])
      assert.equal(after.handover.done_by, null)
      const asOperator = { authorization: `Bearer ${api.tokens.operator}` }
      const signed = await api.request('POST', `shift/handover/${id}/sign`, undefined, asOperator)
      assert.deepEqual([signed.status, signed.body.done_by], [200, 'operator'])
      assert.equal((await api.request('POST', `shift/handover/${id}/sign`)).status, 409)
      const [line] = after.pinned
      assert.equal((await api.post(`notes/${line.id}/done`)).done_by, 'administrator')
      assert.equal((await api.get('shift')).pinned.length, 0)
      assert.equal((await api.get('notes')).items.length, 3, 'nothing of the log goes')
    })

    use('refuses what says nothing or is about nothing', async () => {
      const status = async (body: object, path = 'notes') => (await api.request('POST', path, body)).status
      assert.deepEqual(
        [
          await status({ text: '  ' }),
          await status({ text: 'x'.repeat(2001) }),
          await status({ text: 'x', alert: 987_654 }),
        ],
        [400, 400, 404],
      )
      assert.equal(await status({ text: 'x', monitor: 987_654 }), 404)
      assert.equal(await status({ channels: ['nobody'] }, 'shift/handover'), 400)
      assert.equal((await api.request('DELETE', 'notes/1')).status, 404)
      assert.equal((await api.request('POST', 'notes/987654/done')).status, 404)
    })
  }),
)
