import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

const A = 'a@isp.example'
const B = 'b@isp.example'

describe('recipients of a mail', () => {
  const refuse: Record<string, string> = {}
  let api: TestServer
  let sink: SmtpSink
  let hook: HttpSink
  let mailId = 0
  before(async () => {
    sink = await createSmtpSink({ refuse, security: 'none' })
    hook = await createHttpSink()
    const options = { to: [A, B], from: 'vigia@isp.example', smtp: { host: sink.host, port: sink.port } }
    const mail = fileChannel('mail', '', { type: 'email', options })
    api = await startTestServer({
      // The first try is all the patience there is.
      retry: { baseMs: 10, capMs: 20, giveUpAfterMs: 1 },
      wanted: {
        channels: [mail, fileChannel('hook', hook.url)],
        monitors: [fileMonitor('job', { channels: ['mail'] })],
      },
    })
    const idOf = (wanted: string, channels: Json[]) => channels.find(({ name }) => name === wanted)!.id
    const { items } = await api.get('channels')
    mailId = idOf('mail', items)
    await api.post('rules', { name: 'failing channels', type: 'channel_failed', channels: [idOf('hook', items)] })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    await hook.close()
  })

  const changes = async (down: boolean) => {
    await api.push('job', down)
    await until(async () => (await api.get('monitors')).items[0].state === (down ? 'down' : 'up'))
  }

  it('one that is refused for good is a part that failed, told as such, and can be tried again', async () => {
    refuse[B] = '550 5.1.1 No such user'
    await changes(false)
    await changes(true)
    const [first] = await until(async () => {
      const { items } = await api.get(`notifications?status=delivered&channel=${mailId}`)
      return items.length > 0 && items.filter(({ reason }: Json) => reason === 'first')
    })
    assert.deepEqual([first.status, first.failure, first.attempts], ['delivered', 'recipient_refused', 1])
    assert.equal(first.error, `${B} was refused: 550 5.1.1 No such user`)
    assert.deepEqual(first.recipients, {
      accepted: [A],
      refused: [{ recipient: B, answer: '550 5.1.1 No such user' }],
    })
    await hook.received(1)
    const news = JSON.parse(hook.requests[0]!.body)
    assert.deepEqual([news.subject, news.cause], ['mail', `${B} was refused: 550 5.1.1 No such user`])

    delete refuse[B]
    assert.equal((await api.request('POST', `notifications/${first.id}/retry`)).status, 200)
    await until(async () => sink.mails.some(({ to }) => to.includes(B)))
    await until(async () => (await api.get(`notifications/${first.id}`)).failure === null)
    assert.deepEqual(
      sink.mails.map(({ to }) => to),
      [[A], [B]],
    )
    assert.equal((await api.request('POST', `notifications/${first.id}/retry`)).status, 409)
  })

  it('one that is deferred until the end of all patience is a part that failed', async () => {
    refuse[B] = '452 4.2.2 Mailbox full'
    await changes(false)
    const last = await until(async () => {
      const { items } = await api.get(`notifications?status=delivered&channel=${mailId}`)
      return items.find(({ reason }: Json) => reason === 'resolved')
    })
    assert.equal(last.failure, 'recipient_refused')
    assert.match(last.error, /^Not with b@isp\.example yet: .*mailbox is full.*a@isp\.example has it\.$/)
    assert.deepEqual(
      sink.mails.map(({ to }) => to),
      [[A], [B], [A]],
    )
  })
})
