import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { Ajv } from 'ajv'
import { channelTypes } from '#channels/index.ts'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import type { ChannelType, DeliveryOutcome, SendContext } from '#core/channel.ts'
import type { Message, Rendered } from '#core/message/message.ts'
import type { JsonObject } from '#lib/json.ts'
import { vapidKeys } from '#lib/net/vapid.ts'
import { renderMessage } from '#templates/render.ts'
import { causeSentences } from '#templates/texts/causes/index.ts'
import { decryptPush } from '../fixtures/decrypt-push.ts'
import { selfSigned } from '../fixtures/servers/certificates.ts'
import { createHttpSink, type HttpAnswer, type ReceivedRequest } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSinkOptions } from '../fixtures/servers/smtp-sink.ts'
import { systemTime } from '../fixtures/system-time.ts'

// What every channel type must do, over real servers on this machine. A new type needs one entry in `RIGS`.

const SECRET = 'Zx9-very/secret+token='
const URL_SECRET = 'T0000000X-B0000000X-abcdefghijklmnop'

const rendered = (changes: { title?: string; detail?: string; subject?: string } = {}): Rendered => {
  const { title = 'DOWN web', detail = 'connection refused', subject = 'DOWN web · 03:12' } = changes
  return {
    message: {
      id: '0198-abc',
      reason: 'first',
      severity: 'HIGH',
      subject: 'web',
      title: subject,
      message: subject,
      monitor: 'web',
      target: 'https://example.com',
      state: 'down',
      previous_state: 'up',
      since: '2026-03-01T03:12:04.000Z',
      cause: detail,
      labels: { site: 'POP-3' },
      rule: null,
      alert: 7,
      url: 'http://127.0.0.1:5000/alerts/7',
    },
    language: 'en',
    timeZone: 'UTC',
    subject,
    lines: [title, detail],
    html: `<!doctype html><p>${title.replaceAll('<', '&lt;')}</p>`,
    chat: {
      mark: '🔴',
      title,
      detail,
      color: '#f97316',
      links: [{ label: 'View', url: 'http://127.0.0.1:5000/alerts/7' }],
    },
  }
}

const context = (changes: Partial<SendContext> = {}): SendContext => ({
  signal: new AbortController().signal,
  timeoutMs: 5000,
  environment: {},
  ...systemTime,
  references: [],
  vapid: () => ({ ...vapidKeys('c2VjcmV0'), subject: 'mailto:noc@isp.example' }),
  ...changes,
})

/** The situations, as each protocol's server produces them. */
type Situation = 'fine' | 'refuses' | 'fails' | 'busy' | 'stalls' | 'drops' | 'echoes'

interface Server {
  readonly options: JsonObject
  /** What came: bodies of requests, or mails. */
  readonly texts: () => readonly string[]
  /** Resolves when the first delivery has reached the server. */
  readonly reached: Promise<unknown>
}

type Rig = (t: TestContext, situation: Situation) => Promise<Server>

const HTTP_ANSWERS: Readonly<Record<Situation, (request: ReceivedRequest) => HttpAnswer>> = {
  fine: () => ({ body: '{"ok":true,"id":"42","result":{"message_id":42}}' }),
  refuses: () => ({ status: 400, body: 'invalid_payload' }),
  fails: () => ({ status: 503, body: 'down for work' }),
  busy: () => ({ status: 429, headers: { 'retry-after': '7' }, body: '{"retry_after":7}' }),
  stalls: () => ({ stall: true }),
  drops: () => ({ drop: 'before' }),
  echoes: ({ path, headers, body }) => ({ status: 400, body: `${path} ${JSON.stringify(headers)} ${body}` }),
}

const httpRig =
  (optionsFor: (url: string) => JsonObject): Rig =>
  async (t, situation) => {
    const sink = await createHttpSink({ answer: HTTP_ANSWERS[situation] })
    t.after(() => sink.close())
    const texts = () => sink.requests.map(({ body }) => body)
    return { options: optionsFor(sink.url), texts, reached: sink.received(1) }
  }

const SMTP_SCRIPTS: Readonly<Record<Situation, NonNullable<SmtpSinkOptions['script']>>> = {
  fine: {},
  refuses: { MESSAGE: { answer: '554 5.6.0 Message refused' } },
  fails: { MAIL: { answer: '451 4.3.0 Something is broken' } },
  busy: { MAIL: { answer: '421 4.7.0 Try again in 7 seconds' } },
  stalls: { DATA: { stall: true } },
  drops: { DATA: { drop: true } },
  echoes: { AUTH: { answer: `535 5.7.8 ${SECRET} and ${Buffer.from(`\0noc\0${SECRET}`).toString('base64')}` } },
}

const smtpRig: Rig = async (t, situation) => {
  const login = { user: 'noc', password: SECRET }
  const reached = Promise.withResolvers<void>()
  const onLine = ({ line }: { line: string }) => line === 'DATA' && reached.resolve()
  const sink = await createSmtpSink({ login, script: SMTP_SCRIPTS[situation], onLine })
  t.after(() => sink.close())
  const smtp = { host: sink.host, port: sink.port, ca: selfSigned.cert, ...login }
  return {
    options: { to: ['noc@isp.example'], from: 'vigia@isp.example', smtp },
    texts: () => sink.mails.map(({ raw }) => raw),
    reached: reached.promise,
  }
}

/** What the sink was sent, as the browser reads it. */
const pushRig: Rig = async (t, situation) => {
  const sink = await createHttpSink({ answer: HTTP_ANSWERS[situation] })
  t.after(() => sink.close())
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const texts = () => sink.requests.map(({ bytes }) => String(decryptPush(bytes, browser.getPrivateKey(), auth)))
  return {
    options: {
      endpoint: `${sink.url}/send/${URL_SECRET}`,
      p256dh: browser.getPublicKey().toString('base64url'),
      auth: auth.toString('base64url'),
    },
    texts,
    reached: sink.received(1),
  }
}

const RIGS: Readonly<Record<string, Rig>> = {
  email: smtpRig,
  web_push: pushRig,
  slack: httpRig((url) => ({ webhook_url: `${url}/services/${URL_SECRET}` })),
  discord: httpRig((url) => ({ webhook_url: `${url}/api/webhooks/1/${URL_SECRET}` })),
  telegram: httpRig((url) => ({ api_url: url, bot_token: URL_SECRET, chat_id: '-1001' })),
  webhook: httpRig((url) => ({
    url: `${url}/hook?token=${URL_SECRET}`,
    headers: { authorization: `Bearer ${SECRET}` },
    secret: SECRET,
  })),
  alertmanager: httpRig((url) => ({
    url: `${url}/hook?token=${URL_SECRET}`,
    headers: { authorization: `Bearer ${SECRET}` },
  })),
}

/** A type that can send in more than one way. */
const OTHER_WAYS: Readonly<Record<string, Readonly<Record<string, Rig>>>> = {
  slack: { 'by a bot': httpRig((url) => ({ api_url: url, bot_token: URL_SECRET, channel: 'C012AB3CD' })) },
}

const SECRETS = [SECRET, URL_SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')]

const assertNoSecret = (value: unknown) => {
  const text = JSON.stringify(value)
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `a secret stands in ${text}`)
}

const failure = (outcome: DeliveryOutcome) => {
  assert.ok(!outcome.ok, 'the delivery should have failed')
  for (const sentences of Object.values(causeSentences))
    assert.match(sayCause(sentences, outcome.cause)!, /^[A-Z0-9].*\.$/s, 'a sentence')
  return outcome
}

const suite = (type: ChannelType, rig: Rig) => {
  const start = async (t: TestContext, situation: Situation) => {
    const server = await rig(t, situation)
    const send = async (changes: Partial<SendContext> = {}, message = rendered()) => {
      const outcome = await type.send(message, server.options, context(changes))
      assertNoSecret(outcome)
      return outcome
    }
    return { ...server, send }
  }

  it('delivers, and names its steps', async (t) => {
    const { send, texts } = await start(t, 'fine')
    const outcome = await send()
    assert.ok(outcome.ok, JSON.stringify(outcome))
    assert.equal(texts().length, 1)
    assert.ok((outcome.steps ?? []).length > 1)
  })

  it('takes a refusal as final', async (t) => {
    const { send } = await start(t, 'refuses')
    assert.equal(failure(await send()).kind, 'permanent')
  })

  it('takes a broken server as passing', async (t) => {
    const { send } = await start(t, 'fails')
    const { kind, reason } = failure(await send())
    assert.deepEqual([kind, reason], ['transient', 'server_error'])
  })

  it('obeys the wait that the server asks for', async (t) => {
    const { send } = await start(t, 'busy')
    const { kind, retryAfterMs } = failure(await send())
    assert.deepEqual([kind, retryAfterMs], ['transient', 7000])
  })

  it('gives up a silent server at its time-out', async (t) => {
    const { send } = await start(t, 'stalls')
    const { kind, reason } = failure(await send({ timeoutMs: 300 }))
    assert.deepEqual([kind, reason], ['transient', 'timeout'])
  })

  it('takes a cut connection as passing', async (t) => {
    const { send } = await start(t, 'drops')
    const { kind, reason } = failure(await send())
    assert.deepEqual([kind, reason], ['transient', 'connection_lost'])
  })

  it('says that nobody listens', async (t) => {
    const server = await rig(t, 'fine')
    const closed = await createHttpSink()
    await closed.close()
    const text = JSON.stringify(server.options).replace(/(127\.0\.0\.1:|"port":)\d+/, `$1${closed.port}`)
    const outcome = failure(await type.send(rendered(), JSON.parse(text), context()))
    assert.deepEqual([outcome.kind, outcome.reason], ['transient', 'connection_refused'])
  })

  it('stops when it is told to, before and during a delivery', async (t) => {
    const { send, reached } = await start(t, 'stalls')
    assert.equal(failure(await send({ signal: AbortSignal.abort() })).kind, 'transient')
    const controller = new AbortController()
    const sending = send({ signal: controller.signal, timeoutMs: 60_000 })
    await reached
    controller.abort()
    assert.equal(failure(await sending).kind, 'transient')
  })

  it('gives no secret away, not even one that the server repeats', async (t) => {
    const { options, send } = await start(t, 'echoes')
    assert.equal(failure(await send()).kind, 'permanent')
    assertNoSecret(type.describe(options))
    assert.notEqual(type.describe(options), '')
  })

  it('carries hostile text without breaking its own form', async (t) => {
    const { send, texts } = await start(t, 'fine')
    const hostile = '<b>&"\'`*_~|[x](y) {{ x }} @everyone <!channel> 👨‍👩‍👧\ud83d\r\n.\r\nBcc: a@b.example\u0000'
    for (const text of [hostile, hostile.repeat(2000), '']) {
      const outcome = await send({}, rendered({ title: text, detail: text, subject: text }))
      assert.ok(outcome.ok, JSON.stringify(outcome))
    }
    assert.equal(texts().length, 3)
    if (type.name !== 'email') for (const text of texts()) assert.doesNotThrow(() => JSON.parse(text))
  })

  it('has options that say what they are, hide their secrets and refuse unknown keys', async (t) => {
    const { options } = await rig(t, 'fine')
    const ajv = new Ajv({
      keywords: ['x-secret', 'x-widget', 'x-order', 'x-rare', 'x-login', 'x-es'],
      strictTypes: false,
    })
    const validate = ajv.compile(type.options)
    assert.ok(validate(options), JSON.stringify(validate.errors))
    assert.ok(!validate({ ...options, unknown: 1 }))
    for (const [key, schema] of Object.entries<{ title?: string; description?: string }>(type.options.properties))
      assert.ok(schema.title && schema.description, `${key} has title and description`)
    assert.equal(type.check?.(options, {}), undefined)
  })
}

for (const [name, type] of channelTypes) {
  // One that passes messages on speaks no protocol: test/integration/duty.test.ts.
  if (type.passesOnTo) continue
  describe(`channel ${name}`, () => suite(type, RIGS[name]!))
  for (const [way, rig] of Object.entries(OTHER_WAYS[name] ?? {}))
    describe(`channel ${name}, ${way}`, () => suite(type, rig))
}

const FORGED = 'x\r\nAcknowledge: https://evil.example/\u2028Cause: none\x1b[2J\u202ekcab\u202c'

/** A message whose every fact, that others write, tries to begin lines of its own. */
const forged = (changes: Partial<Message> = {}): Message => ({
  ...rendered().message,
  subject: FORGED,
  target: FORGED,
  cause: FORGED,
  labels: { site: FORGED, [FORGED]: 'x' },
  rule: FORGED,
  description: FORGED,
  location: FORGED,
  last_hop: FORGED,
  instead_of: FORGED,
  affected: { count: 2, names: [FORGED], down: [FORGED] },
  ack: { by: FORGED, at: '2026-03-01T03:13:04.000Z', note: FORGED },
  ...changes,
})

/** All texts in a body of JSON, or the text of a mail. */
const textsIn = (body: string): string[] => {
  if (!body.startsWith('{')) {
    const { headers, text, html } = parseMail(body)
    return [...Object.values(headers).flatMap((values) => values ?? []), text ?? '', html ?? '']
  }
  const found: string[] = []
  JSON.parse(body, (_key, value) => {
    if (typeof value === 'string') found.push(value)
    return value
  })
  return found
}

describe('facts that try to write lines of their own', () => {
  const event = { monitor: null, event: { type: 'ids', detail: FORGED, [FORGED]: FORGED } }
  const items = [
    { subject: FORGED, state: 'down', severity: 'HIGH', since: rendered().message.since, cause: FORGED, held: 1 },
  ] as const
  const messages: readonly Message[] = [
    forged(),
    forged({ monitor: FORGED, state: 'up', previous_state: 'down', reason: 'resolved' }),
    forged({ reason: 'reminder' }),
    forged(event),
    forged({ reason: 'digest', items }),
  ]
  for (const [name, rig] of Object.entries(RIGS)) {
    const type = channelTypes.get(name)!
    it(`${name} shows ${type.audience === 'people' ? 'none of them' : 'none in its one line, and keeps the facts as they are'}`, async (t) => {
      for (const message of messages)
        for (const language of ['en', 'es'] as const) {
          const { options, texts } = await rig(t, 'fine')
          const written = renderMessage(message, { language, timeZone: 'UTC', now: Date.parse(message.since) + 60_000 })
          assert.equal((await type.send(written, options as never, context())).ok, true)
          const said = texts().flatMap(textsIn)
          assert.ok(
            said.some((text) => text.includes('evil.example')),
            'the value itself is told',
          )
          if (type.audience === 'people') {
            for (const text of said) {
              assert.doesNotMatch(text, /^\W*(<strong>)?(Acknowledge|Cause):?(<\/strong>)?:? (https:\/\/evil|none)/m)
              assert.doesNotMatch(text, /[\x1b\u2028\u202e\u202c]/)
            }
          } else if (name === 'webhook') {
            const { title, message: words, subject } = JSON.parse(texts().at(-1)!)
            assert.doesNotMatch(title + words, /[\x1b\r\n\u2028\u202e]/)
            assert.equal(subject, FORGED)
          }
        }
    })
  }
})
