import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

describe('push URLs', () => {
  let api: TestServer
  let sink: HttpSink
  let silent = false
  before(async () => {
    sink = await createHttpSink({ answer: () => (silent ? { stall: true } : {}) })
    api = await startTestServer({
      wanted: { channels: [fileChannel('hook', sink.url)], monitors: [fileMonitor('job', { channels: ['hook'] })] },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const token = () => /push URL of job: \S+\/push\/([\w-]+)"/.exec(api.log())![1]!
  const call = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(api.url + path, init)
    return { status: answer.status, text: await answer.text() }
  }
  const monitor = async (): Promise<Json> => (await api.get('monitors')).items.find(({ name }: Json) => name === 'job')
  const becomes = (state: string) => until(async () => (await monitor()).state === state, `the state ${state}`)
  const results = async (): Promise<Json[]> => (await api.get(`monitors/${(await monitor()).id}/results`)).items

  it('are shown to who asks and may change things, and stand in no ordinary log', async () => {
    const { id } = await monitor()
    assert.deepEqual(await api.get(`monitors/${id}/push-url`), { url: `https://vigia.example/push/${token()}` })
    const viewer = await api.request('GET', `monitors/${id}/push-url`, undefined, {
      authorization: `Bearer ${api.tokens.viewer}`,
    })
    assert.deepEqual([viewer.status, viewer.body.code], [403, 'forbidden'])
    const active = await api.post('monitors', { name: 'looks itself', target: 'tcp://127.0.0.1:1', paused: true })
    const none = await api.request('GET', `monitors/${active.id}/push-url`)
    assert.deepEqual([none.status, none.body.code], [409, 'not_passive'])
    assert.equal((await api.request('GET', 'monitors/4711/push-url')).status, 404)
    await api.remove(`monitors/${active.id}`)
    const ordinary = api
      .log()
      .split('\n')
      .filter((line) => line !== '' && JSON.parse(line).level >= 30)
    assert.ok(ordinary.some((line) => line.includes('push monitors: 1; vigia push-url shows where they are called')))
    assert.ok(!ordinary.some((line) => line.includes(token())))
  })

  it('are called as Healthchecks’ are', async () => {
    const url = `/ping/${token()}`
    assert.deepEqual(await call(url), { status: 200, text: 'OK' })
    await becomes('up')
    for (const failure of ['fail', '1', '127']) {
      assert.deepEqual(await call(`${url}/${failure}`, { method: 'POST', body: `exit ${failure}` }), {
        status: 200,
        text: 'OK',
      })
      await becomes('down')
      assert.deepEqual(await call(`${url}/0`), { status: 200, text: 'OK' })
      await becomes('up')
    }
    assert.deepEqual(await call('/ping/0b1f1c1e-0000-4000-8000-000000000001'), { status: 404, text: 'not found' })
  })

  it('take no ending that says nothing for a sign of life', async () => {
    await call(`/ping/${token()}/fail`)
    await becomes('down')
    for (const ending of ['done', 'Fail', 'success', '256', '-1', '1e2', '%F0%9F%90%8C'])
      for (const face of ['push', 'ping']) {
        const { status, text } = await call(`/${face}/${token()}/${ending}`)
        assert.deepEqual(
          [status === 400 || status === 404, text !== 'OK'],
          [true, true],
          `${ending}: ${status} ${text}`,
        )
      }
    assert.deepEqual(await call(`/push/${token()}/done`), {
      status: 400,
      text: '{"ok":false,"error":"\\"done\\" is no ending of a push URL: write fail, start, log, an exit code from 0 to 255, or nothing"}',
    })
    assert.deepEqual(await call(`/push/${token()}?status=great`), {
      status: 400,
      text: '{"ok":false,"error":"status is \\"great\\": write up or down"}',
    })
    assert.equal((await monitor()).state, 'down')
    for (const address of [`/push/${token()}/`, `/push/${token()}?status=up`]) {
      assert.equal((await call(address)).status, 200, address)
      await becomes('up')
      await call(`/push/${token()}/fail`)
      await becomes('down')
    }
    await call(`/push/${token()}`)
    await becomes('up')
  })

  it('count however long the log is that comes along', async () => {
    await call(`/ping/${token()}/fail`)
    await becomes('down')
    const log = 'backup of /srv done. '.repeat(250_000)
    assert.deepEqual(await call(`/ping/${token()}`, { method: 'POST', body: log }), { status: 200, text: 'OK' })
    await becomes('up')
    const ended = await call(`/push/${token()}/1`, { method: 'POST', body: log })
    assert.deepEqual([ended.status, ended.text], [200, '{"ok":true}'])
    await becomes('down')
    const [change] = (await api.get(`monitors/${(await monitor()).id}/transitions`)).items
    assert.ok(change.cause.includes(log.slice(0, 400)), change.cause)
    await call(`/push/${token()}`)
    await becomes('up')
  })

  it('do not take the beginning of a job for its success', async () => {
    await call(`/ping/${token()}/fail`)
    await becomes('down')
    const changes = async () => (await api.get(`monitors/${(await monitor()).id}/transitions`)).items.length
    const before = await changes()
    for (const word of ['start', 'log']) {
      assert.equal((await call(`/ping/${token()}/${word}`)).status, 200)
      await call(`/ping/${token()}/fail`)
    }
    await call(`/ping/${token()}/0`)
    await becomes('up')
    // Each beginning that counted would have brought it up, and the failure behind it down again.
    assert.equal(await changes(), before + 1)
  })

  it('are called as Uptime Kuma’s are, with what was measured', async () => {
    const url = `/api/push/${token()}`
    assert.deepEqual(await call(`${url}?status=up&msg=OK&ping=12.5`), { status: 200, text: '{"ok":true}' })
    await becomes('up')
    await until(
      async () => (await results()).some((one) => Math.abs((one.latency_ms ?? 0) - 12.5) < 0.2),
      'the latency',
    )
    await call(`${url}?status=up&msg=OK&ping=`)
    await call(`${url}?status=down&msg=disk%20full`)
    await becomes('down')
    assert.match((await monitor()).cause, /disk full/)
    const unknown = await call('/api/push/nonsense?status=up')
    assert.deepEqual([unknown.status, JSON.parse(unknown.text).ok], [404, false])
  })

  it('take nonsense for a plain call', async () => {
    for (const query of ['ping=-1', 'ping=x&ping=y', 'msg=a&msg=b', 'status=up&status=down', 'ping=1e99'])
      assert.equal((await call(`/api/push/${token()}?${query}`)).status, 200, query)
    await becomes('up')
  })

  it('and the server says that it does not deliver while a message is stuck', async () => {
    assert.equal((await call('/readyz')).status, 200)
    silent = true
    await api.push('job', true)
    const before = sink.requests.length
    await until(async () => sink.requests.length > before, 'the message that gets no answer')
    api.advance(11 * 60_000)
    // As long as the engine is not heard of after such a leap, that is the first thing to say.
    await until(async () => {
      const { status, text } = await call('/readyz')
      return status === 503 && /notifications have waited for 11 min/.test(text)
    }, 'the reason')
    const metrics = (await api.request('GET', '/metrics')).text
    assert.match(metrics, /^vigia_ready 0$/m)
    assert.match(metrics, /^vigia_outbox_oldest_due_seconds 6[67]\d/m)
  })
})
