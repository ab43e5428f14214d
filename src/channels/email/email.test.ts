import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { because } from '#core/cause/cause.ts'
import type { SendContext, TargetGuard } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { channelPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { type Certificate, expired, selfSigned } from '../../../test/fixtures/servers/certificates.ts'
import { createSmtpSink, type SmtpSinkOptions } from '../../../test/fixtures/servers/smtp-sink.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { email } from './email.ts'
import { heloName } from './helo-name.ts'
import type { EmailOptions } from './mail-settings.ts'

const login = { user: 'noc', password: 'correct horse' }
const LINES = ['web (https://example.com) does not answer.', '.', 'Lugar: señal débil, 4 ms · 😀', '='.repeat(200)]
const HTML = `<!doctype html><html lang="es"><body><p>Caído · ${'á'.repeat(500)}</p></body></html>`

const rendered = (changes: Partial<Rendered> = {}): Rendered => ({
  message: {
    id: '0198-abc',
    reason: 'first',
    severity: 'HIGH',
    subject: 'web',
    title: 'CAÍDO web',
    message: 'CAÍDO web',
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
  language: 'es',
  timeZone: 'UTC',
  subject: 'CAÍDO web · 28 equipos afectados · 03:12',
  lines: LINES,
  html: HTML,
  chat: { mark: '🔴', title: 'CAÍDO web', detail: '', color: '#f97316', links: [] },
  ...changes,
})

const start = async (t: TestContext, sinkOptions: SmtpSinkOptions = {}) => {
  const sink = await createSmtpSink(sinkOptions)
  t.after(() => sink.close())
  const send = (
    smtp: EmailOptions['smtp'] = {},
    options: Partial<EmailOptions> = {},
    context: Partial<SendContext> = {},
    message = rendered(),
  ) =>
    email.send(
      message,
      {
        to: ['noc@isp.example'],
        from: 'Vigía <vigia@isp.example>',
        ...options,
        smtp: { host: sink.host, port: sink.port, ...smtp },
      },
      {
        signal: new AbortController().signal,
        timeoutMs: 5000,
        environment: {},
        ...systemTime,
        references: [],
        ...context,
      },
    )
  const said = (word: string) => sink.lines.filter(({ line }) => line.startsWith(word))
  return { sink, send, said }
}

/** A failure, said in English. */
const failed = async (outcome: ReturnType<typeof email.send>) => {
  const settled = deliveryOutcomeView(await outcome)
  assert.ok(!settled.ok, 'the mail should not have left')
  return settled
}

describe('the mail', () => {
  it('has both parts and the headers of an automatic message', async (t) => {
    const { sink, send } = await start(t)
    const outcome = await send()
    assert.ok(outcome.ok)
    const { headers, text, html } = parseMail(sink.mails[0]!.raw)
    assert.equal(text, `${LINES.join('\n')}\n`)
    assert.equal(html?.trimEnd(), HTML)
    assert.deepEqual(headers.subject, ['CAÍDO web · 28 equipos afectados · 03:12'])
    assert.deepEqual(headers.from, ['Vigía <vigia@isp.example>'])
    assert.deepEqual(headers.to, ['noc@isp.example'])
    assert.deepEqual(headers['message-id'], ['<0198-abc@isp.example>'])
    assert.deepEqual(headers['auto-submitted'], ['auto-generated'])
    assert.deepEqual([headers.importance, headers['x-priority']], [['high'], ['1']])
    assert.deepEqual(headers['list-id'], ['<vigia.isp.example>'])
    assert.ok(Number.isFinite(Date.parse(headers.date![0]!)))
    assert.equal(outcome.reference, '<0198-abc@isp.example>')
  })

  it('keeps its Message-ID over attempts and stands alone each time', async (t) => {
    const { sink, send } = await start(t)
    const message = rendered()
    await send({}, {}, {}, message)
    await send({}, {}, {}, message)
    const [first, second] = sink.mails.map(({ raw }) => parseMail(raw).headers)
    assert.deepEqual(first!['message-id'], second!['message-id'])
    for (const name of ['from', 'to', 'subject', 'message-id', 'date']) assert.equal(second![name]!.length, 1, name)
  })

  it('answers the earlier mails of its alert', async (t) => {
    const { sink, send } = await start(t)
    const many = Array.from({ length: 30 }, (_, index) => `<m${index}@isp.example>`)
    await send({}, {}, { references: ['<a@isp.example>', '<b@isp.example>'] })
    await send({}, {}, { references: [...many, 'no id\r\nBcc: x@y.example'] })
    const [first, second] = sink.mails.map(({ raw }) => parseMail(raw).headers)
    assert.deepEqual(first!['in-reply-to'], ['<b@isp.example>'])
    assert.deepEqual(first!.references, ['<a@isp.example> <b@isp.example>'])
    const references = second!.references![0]!.split(' ')
    assert.deepEqual(
      [references.length, references[0], references.at(-1)],
      [10, '<m0@isp.example>', '<m29@isp.example>'],
    )
    assert.equal(second!.bcc, undefined)
  })

  it('lets no text become a header', async (t) => {
    const { sink, send } = await start(t)
    const base = rendered()
    await send(
      {},
      {},
      {},
      {
        ...base,
        subject: 'web\r\nBcc: thief@evil.example\r\n\r\nbody',
        message: { ...base.message, id: 'x>\r\nBcc: thief@evil.example' },
      },
    )
    const { headers } = parseMail(sink.mails[0]!.raw)
    assert.equal(headers.bcc, undefined)
    assert.deepEqual(headers.subject, ['web Bcc: thief@evil.example body'])
    assert.deepEqual(sink.mails[0]!.to, ['noc@isp.example'])
  })
})

describe('recipients', () => {
  const to = ['a@isp.example', 'b@isp.example', 'c@isp.example']
  const refuse = { 'b@isp.example': '550 5.1.1 No such user' }

  for (const pipelining of [true, false])
    it(`one refused does not stop the others, ${pipelining ? 'with' : 'without'} pipelining`, async (t) => {
      const { sink, send } = await start(t, { refuse, pipelining })
      const outcome = await send({}, { to })
      assert.ok(outcome.ok)
      assert.deepEqual(sink.mails[0]!.to, ['a@isp.example', 'c@isp.example'])
      assert.deepEqual(outcome.refused, [{ recipient: 'b@isp.example', answer: '550 5.1.1 No such user' }])
    })

  it('all refused is a failure', async (t) => {
    const { sink, send } = await start(t, { refuse })
    const { kind, reason, code } = await failed(send({}, { to: 'b@isp.example' }))
    assert.deepEqual([kind, reason, code, sink.mails.length], ['permanent', 'recipient_refused', 550, 0])
  })
})

describe('encryption and login', () => {
  const ca = selfSigned.cert

  it('auto uses STARTTLS where it is offered, and logs in behind it', async (t) => {
    const { sink, send, said } = await start(t, { login, loginRequired: true })
    const outcome = await send({ ...login, ca })
    assert.ok(outcome.ok, JSON.stringify(outcome))
    assert.deepEqual([sink.mails[0]!.secure, sink.mails[0]!.user], [true, 'noc'])
    assert.ok(said('AUTH').every(({ secure }) => secure))
    const steps = outcome.steps!.map(({ name }) => name)
    for (const step of ['connect', 'greeting', 'starttls', 'auth', 'sender', 'recipients', 'data', 'message'])
      assert.ok(steps.includes(step), `${step} in ${steps}`)
  })

  it('knows both mechanisms', async (t) => {
    for (const mechanism of ['PLAIN', 'LOGIN'] as const) {
      const { sink, send } = await start(t, { login, loginRequired: true, mechanisms: [mechanism] })
      assert.ok((await send({ ...login, ca })).ok)
      assert.equal(sink.mails[0]!.user, 'noc')
    }
  })

  it('auto goes on in clear where nothing is offered and there is no password', async (t) => {
    const { sink, send } = await start(t, { security: 'none' })
    assert.ok((await send()).ok)
    assert.equal(sink.mails[0]!.secure, false)
  })

  it('auto never sends a password in clear', async (t) => {
    const { sink, send, said } = await start(t, { security: 'none', login })
    const { kind, reason, message } = await failed(send(login))
    assert.deepEqual([kind, reason], ['permanent', 'tls_failed'])
    assert.match(message, /never sent in clear/)
    assert.deepEqual([said('AUTH').length, sink.mails.length], [0, 0])
  })

  it('auto shows a password to no server whose certificate it cannot check', async (t) => {
    const { send, said } = await start(t, { login })
    assert.equal((await failed(send(login))).reason, 'tls_failed')
    assert.equal(said('AUTH').length, 0)
  })

  it('auto without a password encrypts even towards a stranger', async (t) => {
    const { sink, send } = await start(t)
    assert.ok((await send()).ok)
    assert.equal(sink.mails[0]!.secure, true)
  })

  it('starttls insists', async (t) => {
    const { sink, send } = await start(t, { security: 'none' })
    assert.equal((await failed(send({ security: 'starttls' }))).reason, 'tls_failed')
    assert.equal(sink.mails.length, 0)
  })

  it('tls is encrypted from the first byte', async (t) => {
    const { sink, send } = await start(t, { security: 'tls', login })
    assert.ok((await send({ ...login, security: 'tls', ca })).ok)
    assert.deepEqual([sink.mails[0]!.secure, sink.mails[0]!.user], [true, 'noc'])
  })

  it('tls towards a port that speaks plainly says so', async (t) => {
    const { send } = await start(t, { security: 'none' })
    const { reason, cure } = await failed(send({ security: 'tls' }))
    assert.equal(reason, 'tls_failed')
    assert.match(cure!, /starttls/)
  })

  it('none sends the login as told, and does not encrypt', async (t) => {
    const { sink, send } = await start(t, { login, loginRequired: true })
    assert.ok((await send({ ...login, security: 'none' })).ok)
    assert.deepEqual([sink.mails[0]!.secure, sink.mails[0]!.user], [false, 'noc'])
  })

  it('refuses certificates that are expired or of nobody known', async (t) => {
    const cases: [Certificate, string | undefined, string, RegExp][] = [
      [expired, expired.cert, 'transient', /expired/],
      [selfSigned, undefined, 'permanent', /self-signed/],
    ]
    for (const [certificate, trusted, kind, message] of cases) {
      const { send } = await start(t, { certificate })
      const outcome = await failed(send({ security: 'starttls', ...(trusted && { ca: trusted }) }))
      assert.deepEqual([outcome.kind, outcome.reason], [kind, 'tls_failed'])
      assert.match(outcome.message, message)
    }
  })

  it('a refused login names the cure', async (t) => {
    const { send } = await start(t, { login })
    const outcome = await failed(send({ user: 'noc', password: 'wrong one', ca }))
    assert.deepEqual([outcome.kind, outcome.reason, outcome.code], ['permanent', 'authentication_failed', 535])
    assert.ok(outcome.cure)
    assert.ok(!JSON.stringify(outcome).includes('wrong one'))
  })

  it('a login that the server does not offer is left out, and said', async (t) => {
    const { sink, send, said } = await start(t)
    const outcome = deliveryOutcomeView(await send({ ...login, ca }))
    assert.ok(outcome.ok)
    assert.deepEqual([sink.mails.length, said('AUTH').length], [1, 0])
    assert.match(outcome.steps!.find(({ name }) => name === 'auth')!.detail!, /without login/)
  })

  it('a server that wants a login says so', async (t) => {
    const { send } = await start(t, { login, loginRequired: true })
    const { reason, cure } = await failed(send())
    assert.equal(reason, 'authentication_failed')
    assert.match(cure!, /SMTP_USER/)
  })
})

describe('guard', () => {
  const guard: TargetGuard = (_url, address) => {
    const words = forbiddenReason(address, channelPolicy)
    return words === undefined ? undefined : because('as_said', { words })
  }

  it('connects to no address that it refuses, by whatever name', async (t) => {
    const { sink, send } = await start(t)
    for (const host of ['127.0.0.1', 'localhost', '0x7f000001', '::1', '::ffff:127.0.0.1', '0.0.0.0', '169.254.1.1']) {
      const outcome = await send({ host }, {}, { guard })
      assert.ok(!outcome.ok && outcome.reason === 'forbidden_target', `${host} ${JSON.stringify(outcome)}`)
      assert.deepEqual([outcome.kind, outcome.steps], ['permanent', []])
    }
    assert.equal(sink.mails.length, 0)
    assert.equal((await send({}, {}, { guard: () => undefined })).ok, true)
  })

  it('lets the server of the environment be this machine, as an administrator wrote it, and no other port of it', async (t) => {
    const { sink, send } = await start(t)
    const environment = { SMTP_SERVER: '127.0.0.1', SMTP_PORT: String(sink.port) }
    assert.equal((await send({}, {}, { guard, environment })).ok, true)
    const other = await send({ port: sink.port + 1 }, {}, { guard, environment })
    assert.ok(!other.ok && other.reason === 'forbidden_target')
  })
})

describe('trouble', () => {
  const moments = ['CONNECT', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'MESSAGE'] as const

  for (const moment of moments) {
    it(`a connection cut at ${moment} is tried again`, async (t) => {
      const { send } = await start(t, { login, script: { [moment]: { drop: true } } })
      assert.equal((await failed(send({ ...login, ca: selfSigned.cert }))).kind, 'transient')
    })

    it(`a server that falls silent at ${moment} is a time-out`, async (t) => {
      const { send } = await start(t, { login, script: { [moment]: { stall: true } } })
      const outcome = await failed(send({ ...login, ca: selfSigned.cert }, {}, { timeoutMs: 300 }))
      assert.deepEqual([outcome.kind, outcome.reason], ['transient', 'timeout'])
    })

    it(`421 at ${moment} is tried again`, async (t) => {
      const { send } = await start(t, { login, script: { [moment]: { answer: '421 4.3.2 Shutting down' } } })
      assert.equal((await failed(send({ ...login, ca: selfSigned.cert }))).kind, 'transient')
    })
  }

  it('a server that does not say goodbye has the mail all the same', async (t) => {
    const { sink, send } = await start(t, { script: { QUIT: { stall: true } } })
    assert.ok((await send()).ok)
    assert.equal(sink.mails.length, 1)
  })

  it('a relay that refuses our name is not read as refusing the recipient, whenever it says so', async (t) => {
    const answer = '504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname'
    for (const script of [{ EHLO: { answer }, HELO: { answer } }, { MAIL: { answer } }, { RCPT: { answer } }]) {
      const { send } = await start(t, { script, security: 'none' })
      const outcome = await failed(send({}, { to: ['a@isp.example', 'b@isp.example'] }))
      assert.deepEqual([outcome.kind, outcome.reason], ['permanent', 'bad_configuration'])
      assert.match(outcome.message, /the name by which this one introduces itself: 504 5\.5\.2/)
      assert.match(outcome.cure!, /smtp\.name/)
    }
  })

  it('introduces itself by the name that is given, else by a full one', async (t) => {
    const { send, said } = await start(t, { security: 'none' })
    assert.ok((await send({ name: 'vigia.isp.example' })).ok)
    assert.ok((await send()).ok)
    const [given, own] = said('EHLO').map(({ line }) => line)
    assert.equal(given, 'EHLO vigia.isp.example')
    assert.match(own!, /^EHLO [\w-]+\.[\w.-]+$/)
    assert.equal(heloName(undefined, 'vm', 'vigia@isp.example'), 'isp.example')
    assert.equal(heloName(undefined, 'vm.localdomain', 'vigia@ñandú.example'), 'xn--and-6ma2c.example')
    assert.equal(heloName(undefined, 'nms.isp.example', 'vigia@other.example'), 'nms.isp.example')
    assert.equal(heloName(undefined, 'vm', 'vigia@vm'), undefined)
  })

  it('no mail server is a fault of the settings', async () => {
    const context = {
      signal: new AbortController().signal,
      timeoutMs: 1000,
      environment: {},
      ...systemTime,
      references: [],
    }
    const outcome = await failed(email.send(rendered(), { to: 'a@b.example' }, context))
    assert.deepEqual([outcome.kind, outcome.reason], ['permanent', 'bad_configuration'])
    assert.match(outcome.message, /SMTP_SERVER/)
  })
})
