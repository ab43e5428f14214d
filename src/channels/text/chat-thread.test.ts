import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { NotifyReason } from '#core/alert/notify-reason.ts'
import type { Rendered } from '#core/message/message.ts'
import type { JsonObject } from '#lib/json.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { createHttpSink, type HttpAnswer, type ReceivedRequest } from '../../../test/fixtures/servers/http-sink.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { channelTypes } from '../index.ts'

// How the messages of one alert belong together in a chat: the first, those that answer it, and the end.

const rendered = (reason: NotifyReason, chat: Partial<Rendered['chat']> = {}): Rendered => ({
  message: {
    id: '1',
    reason,
    severity: 'HIGH',
    subject: 'web',
    title: '',
    message: '',
    monitor: 'web',
    target: null,
    state: 'down',
    previous_state: 'up',
    since: '2026-03-01T03:12:04.000Z',
    cause: null,
    labels: {},
    rule: null,
    alert: 7,
    url: null,
  },
  language: 'en',
  timeZone: 'UTC',
  subject: '',
  lines: [],
  html: '',
  chat: { mark: '🟢', title: 'RECOVERED web', detail: '', color: '#10b981', links: [], ...chat },
})

const start = async (
  t: TestContext,
  name: string,
  optionsFor: (url: string) => JsonObject,
  answer: (request: ReceivedRequest, index: number) => HttpAnswer,
) => {
  const sink = await createHttpSink({ answer })
  t.after(() => sink.close())
  const send = (reason: NotifyReason, references: readonly string[] = [], chat: Partial<Rendered['chat']> = {}) =>
    channelTypes.get(name)!.send(rendered(reason, chat), optionsFor(sink.url) as never, {
      signal: new AbortController().signal,
      timeoutMs: 5000,
      environment: {},
      ...systemTime,
      references,
    })
  const requests = () =>
    sink.requests.map(({ method, path, headers, body }) => ({ method, path, headers, body: JSON.parse(body) }))
  return { send, requests }
}

describe('telegram thread', () => {
  const options = (api_url: string) => ({ api_url, bot_token: '12:ab', chat_id: -1001 })
  const fine = () => ({ body: '{"ok":true,"result":{"message_id":43}}' })
  const actions = [
    { kind: 'acknowledge', label: 'Acknowledge', token: '7.AAAA' },
    { kind: 'silence', label: 'Silence 1 h', token: '7.AAAA' },
  ] as const

  it('has buttons, and no link that does the same', async (t) => {
    const { send, requests } = await start(t, 'telegram', options, fine)
    const links = [
      { label: 'Acknowledge', url: 'https://v.example/ack/7.AAAA', acknowledges: true },
      { label: 'View', url: 'https://v.example/alerts/7' },
    ]
    await send('first', [], { links, actions })
    const { body } = requests()[0]!
    assert.deepEqual(body.reply_markup, {
      inline_keyboard: [
        [
          { text: 'Acknowledge', callback_data: 'a:7.AAAA' },
          { text: 'Silence 1 h', callback_data: 's:7.AAAA' },
        ],
      ],
    })
    assert.doesNotMatch(body.text, /ack/)
    assert.match(body.text, /alerts\/7/)
  })

  it('ends by an answer to the first message, which changes and loses its buttons', async (t) => {
    const { send, requests } = await start(t, 'telegram', options, fine)
    const outcome = await send('resolved', ['42', '57'])
    assert.ok(outcome.ok)
    assert.equal(outcome.reference, '43')
    const [answer, edit] = requests()
    assert.deepEqual([answer!.path, edit!.path], ['/bot12:ab/sendMessage', '/bot12:ab/editMessageText'])
    assert.equal(answer!.body.reply_parameters.message_id, 42)
    assert.deepEqual(
      [edit!.body.message_id, edit!.body.text, edit!.body.reply_markup],
      [42, answer!.body.text, undefined],
    )
    assert.equal(outcome.steps!.at(-1)!.name, 'edit')
  })

  it('is delivered although the first message cannot be changed', async (t) => {
    const refusal = { status: 400, body: '{"ok":false,"error_code":400,"description":"message to edit not found"}' }
    const { send } = await start(t, 'telegram', options, ({ path }) => (path.includes('edit') ? refusal : fine()))
    const outcome = await send('resolved', ['42'])
    assert.ok(outcome.ok)
    assert.match(deliveryOutcomeView(outcome).steps!.at(-1)!.detail!, /message to edit not found/)
  })

  it('changes nothing when the news could not be told, or there is no first message', async (t) => {
    const { send, requests } = await start(t, 'telegram', options, () => ({ status: 503, body: '' }))
    assert.ok(!(await send('resolved', ['42'])).ok)
    assert.equal(requests().length, 1)
    const other = await start(t, 'telegram', options, fine)
    await other.send('resolved')
    await other.send('reminder', ['42'])
    assert.deepEqual(
      other.requests().map(({ path }) => path),
      ['/bot12:ab/sendMessage', '/bot12:ab/sendMessage'],
    )
  })
})

describe('discord thread', () => {
  const options = (url: string) => ({ webhook_url: `${url}/api/webhooks/1/abc?thread_id=5` })
  const fine = () => ({ body: '{"id":"1234567890123456789","channel_id":"9"}' })

  it('asks for the message and keeps its id', async (t) => {
    const { send, requests } = await start(t, 'discord', options, fine)
    const outcome = await send('first')
    assert.ok(outcome.ok)
    assert.equal(outcome.reference, '1234567890123456789')
    assert.deepEqual(
      [requests()[0]!.method, requests()[0]!.path],
      ['POST', '/api/webhooks/1/abc?thread_id=5&wait=true'],
    )
  })

  it('changes the first message at the end', async (t) => {
    const { send, requests } = await start(t, 'discord', options, fine)
    await send('resolved', ['111222333444555666'])
    const [post, edit] = requests()
    assert.deepEqual(
      [edit!.method, edit!.path],
      ['PATCH', '/api/webhooks/1/abc/messages/111222333444555666?thread_id=5'],
    )
    assert.deepEqual(edit!.body.embeds, post!.body.embeds)
  })

  it('writes no address out of what is no id', async (t) => {
    const { send, requests } = await start(t, 'discord', options, fine)
    await send('resolved', ['../../x', '<mail@id>'])
    assert.equal(requests().length, 1)
  })
})

describe('slack by a bot', () => {
  const options = (api_url: string) => ({ api_url, bot_token: 'xoxb-1-secret', channel: '#noc' })
  const fine = () => ({ body: '{"ok":true,"channel":"C012AB3CD","ts":"1503435956.000247"}' })

  it('posts to its channel and keeps where and when', async (t) => {
    const { send, requests } = await start(t, 'slack', options, fine)
    const outcome = await send('first')
    assert.ok(outcome.ok)
    assert.equal(outcome.reference, 'C012AB3CD 1503435956.000247')
    const [{ path, headers, body }] = requests() as [ReturnType<typeof requests>[number]]
    assert.deepEqual([path, headers.authorization, body.channel], ['/chat.postMessage', 'Bearer xoxb-1-secret', '#noc'])
    assert.equal(body.thread_ts, undefined)
  })

  it('reminds in the thread and in the channel, ends in the thread and in the first message', async (t) => {
    const { send, requests } = await start(t, 'slack', options, fine)
    const first = 'C012AB3CD 1503435900.000100'
    await send('reminder', [first])
    await send('resolved', [first, 'C012AB3CD 1503435956.000247'])
    const [reminder, answer, edit] = requests()
    assert.deepEqual([reminder!.body.thread_ts, reminder!.body.reply_broadcast], ['1503435900.000100', true])
    assert.deepEqual([answer!.body.thread_ts, answer!.body.reply_broadcast], ['1503435900.000100', false])
    assert.deepEqual(
      [edit!.path, edit!.body.channel, edit!.body.ts],
      ['/chat.update', 'C012AB3CD', '1503435900.000100'],
    )
    assert.equal(edit!.body.text, answer!.body.text)
  })

  it('explains its words', async (t) => {
    const words: [string, string, string][] = [
      ['invalid_auth', 'permanent', 'authentication_failed'],
      ['not_in_channel', 'permanent', 'recipient_refused'],
      ['msg_too_long', 'permanent', 'message_refused'],
      ['ratelimited', 'transient', 'rate_limited'],
      ['fatal_error', 'transient', 'server_error'],
    ]
    for (const [error, kind, reason] of words) {
      const { send } = await start(t, 'slack', options, () => ({ body: JSON.stringify({ ok: false, error }) }))
      const outcome = await send('first')
      assert.ok(!outcome.ok)
      assert.deepEqual([outcome.kind, outcome.reason], [kind, reason], error)
    }
    const { send } = await start(t, 'slack', options, () => ({ body: '<html>proxy</html>' }))
    assert.ok(!(await send('first')).ok)
  })

  it('needs one way and the whole of it', () => {
    const { check } = channelTypes.get('slack')!
    const problem = (given: JsonObject) => {
      const wrong = check!(given as never, {})
      return wrong && 'message' in wrong ? wrong.message : undefined
    }
    assert.match(problem({})!, /webhook_url is missing/)
    assert.match(problem({ bot_token: 'x' })!, /channel is missing/)
    assert.match(problem({ bot_token: 'x', channel: 'C1', webhook_url: 'https://x' })!, /keep the one/)
    assert.equal(problem({ bot_token: 'x', channel: 'C1' }), undefined)
    assert.equal(problem({ webhook_url: 'https://x' }), undefined)
  })
})
