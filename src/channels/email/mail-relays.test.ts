import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import type { SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { createSmtpSink, type SmtpSinkOptions } from '../../../test/fixtures/servers/smtp-sink.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { email } from './email.ts'
import type { EmailOptions } from './mail-settings.ts'

const rendered = {
  message: { id: '0198-abc' },
  subject: 'CAÍDO web',
  lines: ['CAÍDO web'],
  html: '',
} as unknown as Rendered

const start = async (t: TestContext, sinkOptions: SmtpSinkOptions) => {
  const sink = await createSmtpSink(sinkOptions)
  t.after(() => sink.close())
  const send = (options: Partial<EmailOptions>, context: Partial<SendContext> = {}) =>
    email.send(
      rendered,
      {
        to: ['noc@isp.example'],
        from: 'Vigía <vigia@isp.example>',
        ...options,
        smtp: { host: sink.host, port: sink.port, ...options.smtp },
      },
      {
        signal: new AbortController().signal,
        timeoutMs: 5000,
        environment: {},
        references: [],
        ...systemTime,
        ...context,
      },
    )
  return { sink, send }
}

const ASCII = 'noc@isp.example'
const LOCAL = 'ñandú@isp.example'
const DOMAIN = 'noc@ñandú.example'
const WIRE = 'noc@xn--and-6ma2c.example'

describe('addresses beyond ASCII', () => {
  it('a domain goes as punycode, and is refused under the name that people wrote', async (t) => {
    const { sink, send } = await start(t, { utf8: false, refuse: { [WIRE]: '550 5.1.1 No such user' } })
    const outcome = await send({ to: [ASCII, DOMAIN] })
    assert.ok(outcome.ok)
    assert.deepEqual(sink.mails[0]!.to, [ASCII])
    assert.deepEqual(outcome.refused, [{ recipient: DOMAIN, answer: '550 5.1.1 No such user' }])
    assert.match(parseMail(sink.mails[0]!.raw).headers.to![0]!, /noc@xn--and-6ma2c\.example/)
  })

  it('who needs SMTPUTF8 is refused with the way out where it is not offered, and the others have a mail without him', async (t) => {
    const { sink, send } = await start(t, { utf8: false })
    const outcome = await send({ to: [LOCAL, ASCII] })
    assert.ok(outcome.ok)
    assert.deepEqual(
      sink.mails.map(({ to }) => to),
      [[ASCII]],
    )
    assert.match(sink.mails[0]!.raw, /^[\x00-\x7f]*$/)
    assert.deepEqual(
      outcome.refused!.map(({ recipient, cause }) => [recipient, cause!.code]),
      [[LOCAL, 'mail_address_beyond_ascii']],
    )
    assert.deepEqual(outcome.served!.accepted, [ASCII])
    const alone = deliveryOutcomeView(await send({ to: [LOCAL] }))
    assert.ok(!alone.ok)
    assert.deepEqual([alone.kind, alone.reason, sink.mails.length], ['permanent', 'recipient_refused', 1])
    assert.match(alone.message, /offers no SMTPUTF8\), so ñandú@isp\.example was not tried: write an address without/)
  })

  it('has a mail of his own where it is offered: that of the others asks nothing of the next server', async (t) => {
    const { sink, send } = await start(t, {})
    const outcome = await send({ to: [LOCAL, ASCII, DOMAIN] })
    assert.ok(outcome.ok && outcome.refused === undefined)
    assert.deepEqual(
      sink.mails.map(({ to }) => to),
      [[ASCII, WIRE], [LOCAL]],
    )
    assert.deepEqual(
      sink.lines.filter(({ line }) => line.startsWith('MAIL')).map(({ line }) => line.includes('SMTPUTF8')),
      [false, true],
    )
    const [first, second] = sink.mails.map(({ raw }) => parseMail(raw).headers)
    assert.deepEqual(first!['message-id'], second!['message-id'])
  })

  it('one mail that does not leave leaves the other one delivered, and is tried again for its own', async (t) => {
    const { sink, send } = await start(t, { refuse: { [LOCAL]: '450 4.2.0 Try again later' } })
    const outcome = await send({ to: [LOCAL, ASCII] })
    assert.ok(!outcome.ok && outcome.kind === 'transient')
    assert.deepEqual([outcome.served!.accepted, outcome.served!.refused], [[ASCII], []])
    await send({ to: [LOCAL, ASCII] }, { served: outcome.served! })
    assert.deepEqual(
      sink.mails.map(({ to }) => to),
      [[ASCII]],
    )
    const other = await start(t, { refuse: { [ASCII]: '550 5.1.1 No such user' } })
    const told = await other.send({ to: [ASCII, LOCAL] })
    assert.ok(told.ok)
    assert.deepEqual([told.served!.accepted, told.refused![0]!.recipient], [[LOCAL], ASCII])
  })

  it('of a sender are told, with the way out', async (t) => {
    const { sink, send } = await start(t, { utf8: false })
    const outcome = deliveryOutcomeView(await send({ from: 'Vigía <vigía@isp.example>' }))
    assert.ok(!outcome.ok)
    assert.deepEqual([outcome.kind, outcome.reason, sink.mails.length], ['permanent', 'sender_refused', 0])
    assert.match(outcome.cure!, /from/)
  })
})

describe('relays that are not quite right', () => {
  for (const [what, options] of Object.entries<SmtpSinkOptions>({
    'refuses it': { script: { STARTTLS: { answer: '454 4.7.0 TLS not available due to local problem' } } },
    'hangs up': { script: { STARTTLS: { drop: true } } },
    'speaks no TLS then': { brokenTls: true },
  }))
    it(`one that offers STARTTLS and ${what} is sent to in clear, but nothing that anybody insists on`, async (t) => {
      const { sink, send } = await start(t, options)
      assert.ok((await send({})).ok)
      assert.equal(sink.mails[0]!.secure, false)
      assert.equal((await send({ smtp: { security: 'starttls' } })).ok, false)
      assert.equal((await send({ smtp: { user: 'noc', password: 'secret' } })).ok, false)
      assert.ok(!sink.lines.some(({ line }) => line.startsWith('AUTH')))
      assert.equal(sink.mails.length, 1)
    })

  it('answers in several lines, without text, or by HELO alone, are answers', async (t) => {
    const scripts: readonly NonNullable<SmtpSinkOptions['script']>[] = [
      { CONNECT: { answer: '220-no spam here\r\n220-\r\n220 ready' } },
      { MAIL: { answer: '250-\r\n250 ok' }, RCPT: { answer: '250-2.1.5 a\r\n250-2.1.5 b\r\n250 2.1.5 c' } },
      { MAIL: { answer: '250' }, RCPT: { answer: '250' }, DATA: { answer: '354' }, MESSAGE: { answer: '250' } },
      { MESSAGE: { answer: '250-2.0.0 thank you\r\n250-2.0.0 queued\r\n250 2.0.0 as 7' } },
      { RCPT: { answer: '251 User not local; will forward' } },
      { EHLO: { answer: '250-relay \r\n250-pipelining \r\n250 ' } },
      { EHLO: { answer: '502 5.5.1 Not implemented' } },
    ]
    for (const script of scripts) {
      const { sink, send } = await start(t, { script, security: 'none' })
      const outcome = await send({ to: [ASCII, 'b@isp.example'] })
      assert.ok(outcome.ok && outcome.refused === undefined, JSON.stringify([script, outcome]))
      assert.deepEqual(
        sink.mails.map(({ to }) => to),
        [[ASCII, 'b@isp.example']],
      )
    }
  })
})
