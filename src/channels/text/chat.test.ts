import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Rendered } from '#core/message/message.ts'
import type { JsonObject } from '#lib/json.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { createHttpSink, type HttpAnswer } from '../../../test/fixtures/servers/http-sink.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { channelTypes } from '../index.ts'

// The payloads of the chat services and what their own answers mean.

const rendered = (chat: Partial<Rendered['chat']> = {}): Rendered => ({
  message: {
    id: '1',
    reason: 'first',
    severity: 'HIGH',
    subject: 'web',
    title: 'DOWN web',
    message: 'DOWN web',
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
  subject: 'DOWN web',
  lines: [],
  html: '',
  chat: {
    mark: '🔴',
    title: 'DOWN web',
    detail: 'connection refused',
    color: '#f97316',
    links: [{ label: 'View', url: 'http://127.0.0.1:5000/alerts/7' }],
    ...chat,
  },
})

const OPTIONS: Readonly<Record<string, (url: string) => JsonObject>> = {
  slack: (url) => ({ webhook_url: `${url}/services/x` }),
  discord: (url) => ({ webhook_url: `${url}/api/webhooks/x` }),
  telegram: (url) => ({ api_url: `${url}/`, bot_token: '12:ab-CD', chat_id: -1001 }),
}

const start = async (t: TestContext, name: string, answer: HttpAnswer = {}) => {
  const sink = await createHttpSink({ answer: () => answer })
  t.after(() => sink.close())
  const send = (message = rendered(), references: readonly string[] = []) =>
    channelTypes.get(name)!.send(message, OPTIONS[name]!(sink.url), {
      signal: new AbortController().signal,
      timeoutMs: 5000,
      environment: {},
      ...systemTime,
      references,
    })
  const payload = async (message = rendered(), references: readonly string[] = []) => {
    await send(message, references)
    return JSON.parse(sink.requests.at(-1)!.body)
  }
  const failure = async () => {
    const outcome = deliveryOutcomeView(await send())
    assert.ok(!outcome.ok)
    return outcome
  }
  return { sink, send, payload, failure }
}

const long = rendered({ title: 'T'.repeat(5000), detail: '<&>'.repeat(50_000) })

describe('slack', () => {
  it('has the title in bold, and detail and links in the colour of the severity', async (t) => {
    const { payload } = await start(t, 'slack')
    const { text, attachments } = await payload()
    assert.equal(text, '🔴 *DOWN web*')
    assert.equal(attachments[0].color, '#f97316')
    assert.equal(attachments[0].text, 'connection refused\n<http://127.0.0.1:5000/alerts/7|View>')
  })

  it('escapes its markup', async (t) => {
    const { payload } = await start(t, 'slack')
    const { text, attachments } = await payload(
      rendered({ title: 'a*b\n<!channel>', detail: '<http://x|y> & z', links: [] }),
    )
    assert.equal(text, '🔴 *a∗b &lt;!channel&gt;*')
    assert.equal(attachments[0].text, '&lt;http://x|y&gt; &amp; z')
  })

  it('lets no value format, and leaves addresses and names as they are', async (t) => {
    const { payload } = await start(t, 'slack')
    const detail = '> _a_ ~b~ `c` *d*\nhttp://h.example/_a_~b?x=1&y=2 core_sw_1 5 > 4'
    const { attachments } = await payload(rendered({ detail, links: [] }))
    assert.equal(attachments[0].text, '› ˍa_ ∼b~ ˋc` ∗d*\nhttp://h.example/_a_~b?x=1&amp;y=2 core_sw_1 5 &gt; 4')
  })

  it('shortens and keeps the link', async (t) => {
    const { payload } = await start(t, 'slack')
    const { text, attachments } = await payload(long)
    assert.ok(text.length <= 310 && text.endsWith('…*'))
    assert.match(attachments[0].text, /…\n<http:\/\/127\.0\.0\.1:5000\/alerts\/7\|View>$/)
  })

  it('explains its words', async (t) => {
    const { failure } = await start(t, 'slack', { status: 404, body: 'channel_is_archived' })
    const { kind, reason, cure } = await failure()
    assert.deepEqual([kind, reason], ['permanent', 'recipient_refused'])
    assert.match(cure!, /webhook/)
  })
})

describe('telegram', () => {
  it('posts HTML to the chat and keeps the number of the message', async (t) => {
    const { sink, send } = await start(t, 'telegram', { body: '{"ok":true,"result":{"message_id":42}}' })
    const outcome = await send()
    assert.ok(outcome.ok)
    assert.equal(outcome.reference, '42')
    assert.equal(sink.requests[0]!.path, '/bot12:ab-CD/sendMessage')
    const { chat_id, parse_mode, text, reply_parameters } = JSON.parse(sink.requests[0]!.body)
    assert.deepEqual([chat_id, parse_mode, reply_parameters], [-1001, 'HTML', undefined])
    assert.equal(text, '🔴 <b>DOWN web</b>\nconnection refused\n<a href="http://127.0.0.1:5000/alerts/7">View</a>')
  })

  it('answers the first message of its alert', async (t) => {
    const { payload } = await start(t, 'telegram')
    const { reply_parameters } = await payload(rendered(), ['42', '43'])
    assert.deepEqual(reply_parameters, { message_id: 42, allow_sending_without_reply: true })
    assert.equal((await payload(rendered(), ['<mail@id>'])).reply_parameters, undefined)
  })

  it('escapes its markup and stays within 4096, link included', async (t) => {
    const { payload } = await start(t, 'telegram')
    const { text } = await payload(rendered({ title: '<b>&', detail: '"</b>' }))
    assert.ok(text.startsWith('🔴 <b>&lt;b&gt;&amp;</b>\n&quot;&lt;/b&gt;\n'))
    const { text: shortened } = await payload(long)
    assert.ok(shortened.length <= 4096)
    assert.match(shortened, /(&lt;|&amp;|&gt;)…\n<a href="[^"]+">View<\/a>$/)
  })

  it('explains its answers', async (t) => {
    const answers: [number, object, string, string, RegExp][] = [
      [401, { description: 'Unauthorized' }, 'permanent', 'authentication_failed', /BotFather/],
      [404, { description: 'Not Found' }, 'permanent', 'authentication_failed', /BotFather/],
      [400, { description: 'Bad Request: chat not found' }, 'permanent', 'recipient_refused', /chat_id/],
      [403, { description: 'Forbidden: bot was blocked by the user' }, 'permanent', 'recipient_refused', /start/],
      [
        400,
        {
          description: 'Bad Request: group chat was upgraded to a supergroup chat',
          parameters: { migrate_to_chat_id: -100777 },
        },
        'permanent',
        'recipient_refused',
        /-100777/,
      ],
    ]
    for (const [status, body, kind, reason, cure] of answers) {
      const answer = { status, body: JSON.stringify({ ok: false, error_code: status, ...body }) }
      const outcome = await (await start(t, 'telegram', answer)).failure()
      assert.deepEqual([outcome.kind, outcome.reason], [kind, reason])
      assert.match(outcome.cure!, cure)
    }
  })

  it('takes the wait from the body', async (t) => {
    const body =
      '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 9","parameters":{"retry_after":9}}'
    const { kind, reason, retryAfterMs } = await (await start(t, 'telegram', { status: 429, body })).failure()
    assert.deepEqual([kind, reason, retryAfterMs], ['transient', 'rate_limited', 9000])
  })
})

describe('discord', () => {
  it('posts an embed in the colour of the severity that calls nobody', async (t) => {
    const { payload } = await start(t, 'discord', { status: 204, body: '' })
    const { embeds, allowed_mentions } = await payload()
    assert.deepEqual(allowed_mentions, { parse: [] })
    assert.deepEqual([embeds[0].title, embeds[0].color], ['🔴 DOWN web', 0xf97316])
    assert.equal(embeds[0].description, 'connection refused\n[View](http://127.0.0.1:5000/alerts/7)')
  })

  it('escapes its markup and keeps its limits, link included', async (t) => {
    const { payload } = await start(t, 'discord')
    const { embeds } = await payload(rendered({ title: '**a**', detail: '[x](http://y) `z`', links: [] }))
    assert.equal(embeds[0].title, '🔴 \\*\\*a\\*\\*')
    assert.equal(embeds[0].description, '\\[x\\]\\(http://y\\) \\`z\\`')
    const linked = await payload(rendered({ detail: 'a_b (http://h.example/a_b_c?x=1#d)', links: [] }))
    assert.equal(linked.embeds[0].description, 'a\\_b \\(http://h.example/a_b_c?x=1#d\\)')
    const [shortened] = (await payload(long)).embeds
    assert.ok(shortened.title.length <= 256 && shortened.description.length <= 4096)
    assert.match(shortened.description, /…\n\[View\]\(http:\/\/127\.0\.0\.1:5000\/alerts\/7\)$/)
  })

  it('takes the wait from the body, and knows a webhook that is gone', async (t) => {
    const busy = await (await start(t, 'discord', { status: 429, body: '{"retry_after":0.65}' })).failure()
    assert.deepEqual([busy.reason, busy.retryAfterMs], ['rate_limited', 650])
    const gone = await (await start(t, 'discord', { status: 404, body: '{"code":10015}' })).failure()
    assert.deepEqual([gone.kind, gone.reason], ['permanent', 'not_found'])
    assert.ok(gone.cure)
  })
})
