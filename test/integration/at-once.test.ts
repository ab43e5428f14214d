import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const suite = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`events at the same moment on ${name}`, () => {
    let api: TestServer | undefined
    let skip = ''
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') skip = url.skip
      else api = await startTestServer(url === undefined ? {} : { databaseUrl: url })
    })
    after(() => api?.stop())

    const use = (title: string, test: (server: TestServer) => Promise<void>) =>
      it(title, async (context) => (api ? test(api) : context.skip(skip)))
    const send = (server: TestServer, count: number, event: object, headers = {}) =>
      Promise.all(Array.from({ length: count }, () => server.request('POST', 'events', event, headers)))

    use('of one subject are one alert that counts them all', async (server) => {
      const rule = await server.post('rules', { name: 'crowd', type: 'crowd' })
      const answers = await send(server, 20, { type: 'crowd', subject: 'a' })
      assert.deepEqual(
        answers.map(({ status }) => status),
        Array(20).fill(202),
      )
      const { items } = await server.get(`alerts?rule=${rule.id}`)
      assert.deepEqual(
        items.map(({ count }: Json) => count),
        [20],
      )
      assert.equal((await server.get(`rules/${rule.id}`)).triggers, 20)
    })

    use('under one key are one event', async (server) => {
      const answers = await send(server, 20, { type: 'keyed' }, { 'idempotency-key': 'once' })
      const ids = answers.map(({ body }) => body.ids?.[0])
      assert.ok(ids[0])
      assert.equal(new Set(ids).size, 1)
      assert.equal((await server.get('events?type=keyed')).items.length, 1)
    })

    use(
      'under one key of two senders are two events, and another body under a known key is refused',
      async (server) => {
        const other = { authorization: `Bearer ${server.tokens.operator}` }
        const keyed = (subject: string, headers = {}) =>
          server.request('POST', 'events', { type: 'shared', subject }, { 'idempotency-key': 'backup', ...headers })
        const answers = await Promise.all([
          keyed('host-1'),
          keyed('host-2', other),
          keyed('host-1'),
          keyed('host-2', other),
        ])
        assert.deepEqual(
          answers.map(({ status }) => status),
          [202, 202, 202, 202],
        )
        assert.deepEqual([answers[0]!.body, answers[1]!.body], [answers[2]!.body, answers[3]!.body])
        const refused = await keyed('host-2')
        assert.deepEqual([refused.status, refused.body.code], [409, 'key_reused'])
        const subjects = (await server.get('events?type=shared')).items.map(({ subject }: Json) => subject)
        assert.deepEqual(subjects.sort(), ['host-1', 'host-2'])
      },
    )
  })

onBothEngines(suite)
