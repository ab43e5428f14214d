import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { explainSmtp as explanationOf, namedWaitMs, type SmtpError } from './smtp-errors.ts'

const place = { host: 'mail.isp.example', port: 587, user: 'noc', from: 'vigia@isp.example' }

/** What a failure means, said in English. */
const explainSmtp = (error: SmtpError, where: typeof place) => {
  const explained = deliveryOutcomeView({ ok: false, ...explanationOf(error, where) })
  assert.ok(!explained.ok)
  return explained
}

/** What servers really say: command, answer, then what it must mean and what the cure must mention. */
const ANSWERS: readonly (readonly [command: string, answer: string, kind: string, reason: string, cure?: RegExp])[] = [
  [
    'AUTH PLAIN',
    '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials a640c23a62f3a-gsmtp',
    'permanent',
    'authentication_failed',
    /application password/,
  ],
  [
    'AUTH PLAIN',
    '534-5.7.9 Application-specific password required.',
    'permanent',
    'authentication_failed',
    /application password/,
  ],
  [
    'AUTH LOGIN',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    'permanent',
    'authentication_failed',
    /Microsoft 365/,
  ],
  ['AUTH PLAIN', '535 5.7.8 Error: authentication failed', 'permanent', 'authentication_failed', /user and password/],
  ['AUTH PLAIN', '454 4.7.0 Temporary authentication failure', 'transient', 'authentication_failed'],
  ['MAIL FROM', '530 5.7.0 Must issue a STARTTLS command first', 'permanent', 'tls_failed', /starttls/],
  ['MAIL FROM', '530-5.7.0 Authentication Required.', 'permanent', 'authentication_failed', /smtp\.user/],
  [
    'MAIL FROM',
    '553 5.7.1 <a@b>: Sender address rejected: not owned by user noc',
    'permanent',
    'sender_refused',
    /account/,
  ],
  [
    'DATA',
    '554 5.2.252 SendAsDenied; noc@isp.example not allowed to send as vigia@isp.example',
    'permanent',
    'sender_refused',
    /account/,
  ],
  [
    'MAIL FROM',
    '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    'permanent',
    'sender_refused',
    /account/,
  ],
  [
    'DATA',
    '550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.',
    'permanent',
    'message_refused',
    /SPF/,
  ],
  ['RCPT TO', '550 5.7.23 SPF validation failed', 'permanent', 'message_refused', /SPF/],
  ['DATA', '550 5.7.1 Email rejected per DMARC policy for isp.example', 'permanent', 'message_refused', /SPF/],
  ['RCPT TO', '451 4.7.1 Greylisting in action, please come back in 300 seconds', 'transient', 'server_error'],
  ['RCPT TO', '450 4.2.0 Recipient address rejected: Greylisted', 'transient', 'server_error'],
  [
    'MAIL FROM',
    '421 4.7.28 Our system has detected an unusual rate of mail; rate limited',
    'transient',
    'rate_limited',
  ],
  ['RCPT TO', '552 5.2.2 Mailbox full', 'permanent', 'recipient_refused', /mailbox/i],
  ['RCPT TO', '452 4.2.2 The recipient is over quota', 'transient', 'recipient_refused', /mailbox/i],
  ['RCPT TO', '550 5.1.1 No such user here', 'permanent', 'recipient_refused', /addresses/],
  ['RCPT TO', '454 4.7.1 <a@b>: Relay access denied', 'transient', 'recipient_refused'],
  ['RCPT TO', '554 5.7.1 <a@b>: Relay access denied', 'permanent', 'recipient_refused'],
  [
    'DATA',
    '554 5.7.1 Service unavailable; blocked using zen.spamhaus.org',
    'permanent',
    'message_refused',
    /blocklists/,
  ],
  ['DATA', '552 5.3.4 Message size exceeds fixed limit', 'permanent', 'message_refused'],
  ['DATA', '550 5.4.5 Daily user sending quota exceeded', 'transient', 'rate_limited'],
  ['CONN', '554 5.5.0 No SMTP service here', 'transient', 'server_error'],
  ['CONN', '421 4.3.2 Too busy', 'transient', 'server_error'],
  ['STARTTLS', '454 4.7.0 TLS not available due to temporary reason', 'transient', 'tls_failed'],
  ['RCPT TO', '503 5.5.1 Bad sequence of commands', 'transient', 'server_error'],
]

describe('explain SMTP', () => {
  for (const [command, response, kind, reason, cure] of ANSWERS)
    it(`${command}: ${response.slice(0, 60)}`, () => {
      const responseCode = Number(response.slice(0, 3))
      const explanation = explainSmtp({ code: 'E', message: response, command, response, responseCode }, place)
      assert.deepEqual([explanation.kind, explanation.reason], [kind, reason])
      if (cure) assert.match(explanation.cure ?? '', cure)
    })

  it('names the ports that are often blocked when there is no connection', () => {
    for (const code of ['ETIMEDOUT', 'ECONNREFUSED']) {
      const { kind, message, cure } = explainSmtp({ code, message: '' }, place)
      assert.equal(kind, 'transient')
      assert.match(message, /mail\.isp\.example:587/)
      assert.match(cure!, /587.*465/)
    }
  })

  it('tells an expired certificate, which is renewed, from a self-signed one, which is trusted or not', () => {
    const explain = (originalCode: string) => explainSmtp({ code: 'ESOCKET', originalCode, message: '' }, place)
    assert.deepEqual(
      [explain('CERT_HAS_EXPIRED').kind, explain('CERT_HAS_EXPIRED').reason],
      ['transient', 'tls_failed'],
    )
    const strange = explain('DEPTH_ZERO_SELF_SIGNED_CERT')
    assert.deepEqual([strange.kind, strange.reason], ['permanent', 'tls_failed'])
    assert.match(strange.message, /self-signed/)
  })
})

it('reads the wait that a server names', () => {
  assert.equal(namedWaitMs('451 try again in 300 seconds'), 300_000)
  assert.equal(namedWaitMs('451 wait 5 minutes'), 300_000)
  assert.equal(namedWaitMs('451 4.7.1 later'), undefined)
})
