import type { NodemailerError } from 'nodemailer'
import { errorCode, explainNetworkError } from '../http/network-error.ts'
import { secondsToMs } from '../http/retry-after.ts'
import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { oneLine } from '../text/text.ts'

/** What an SMTP exchange throws: nodemailer's error, or one of the system's. */
export type SmtpError = Pick<NodemailerError, 'code' | 'message' | 'response' | 'responseCode' | 'command'> & {
  readonly originalCode?: string | undefined
  /** Of all recipients, where none was taken. */
  readonly rejectedErrors?: readonly SmtpError[] | undefined
  readonly recipient?: string | undefined
}

/** Thrown before a password would leave in clear. */
export class PlainPassword extends Error {}

/** Where the mail was to go, for the sentences. */
export interface SmtpPlace {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly from: string
}

const BLOCKED_PORT =
  'Many networks and hosting providers block outgoing mail: try port 587 (STARTTLS), 465 (TLS) or 2525, or ask the provider to open it.'
const GMAIL_PASSWORD =
  'Google takes no account password here: turn on 2-Step Verification, make an application password at myaccount.google.com/apppasswords, and use its 16 letters.'
const SENDER_CURE = 'Set from to the address of the account that logs in, or let the provider confirm this sender.'
const AUTHENTICATION_CURE =
  "The receiver checks who may send for this domain: add this server to the domain's SPF record and sign with DKIM, or send through the domain's own mail server."

const NAME_CURE =
  'Set smtp.name to a full name of this machine, such as vigia.example.com, best one that DNS resolves to its address.'

const FULL_CURE = 'Empty the mailbox or raise its quota.'
const FULL_MAILBOX = /mailbox (is )?full|over ?quota|quota exceeded|[45]\.2\.2\b/i

/** A rule: when it applies to a refusal, and what it means. */
interface Rule {
  readonly command?: RegExp
  readonly code?: (code: number) => boolean
  readonly text?: RegExp
  readonly explain: (said: string, place: SmtpPlace) => Explanation
}

const is =
  (...codes: readonly number[]) =>
  (code: number) =>
    codes.includes(code)
const final = (code: number): boolean => code >= 500

/** Read from the top; the first that fits is taken. Enhanced codes: RFC 3463 and the providers' own pages. */
const RULES: readonly Rule[] = [
  // A relay may say so only when it is told a recipient: it is about this machine all the same.
  {
    text: /fully[- ]?qualified (host|domain)|(helo|ehlo)( command| argument| name)?:? ?(was )?(rejected|refused|invalid|denied|not)|(invalid|bad|bogus|unacceptable) (helo|ehlo)|(helo|ehlo) (name|host)/i,
    explain: (said) => {
      const message = `The server does not take the name by which this one introduces itself: ${said}`
      const make = /^[^\d]*4/.test(said) ? transient : permanent
      return make('bad_configuration', message, NAME_CURE)
    },
  },
  {
    text: /must issue a STARTTLS|starttls (first|required)|encryption (is )?required|5\.7\.1[01]\b/i,
    code: final,
    explain: (said) =>
      permanent(
        'tls_failed',
        `The server wants encryption: ${said}`,
        'Set security to starttls (port 587) or tls (port 465).',
      ),
  },
  {
    command: /^AUTH/,
    code: final,
    text: /gmail|google|5\.7\.8.*support\.google|application-specific password|5\.7\.9\b/i,
    explain: (said) => permanent('authentication_failed', `The login was refused: ${said}`, GMAIL_PASSWORD),
  },
  {
    command: /^AUTH/,
    text: /5\.7\.139|SmtpClientAuthentication is disabled|basic authentication is disabled|5\.7\.3\b/i,
    code: final,
    explain: (said) =>
      permanent(
        'authentication_failed',
        `The login was refused: ${said}`,
        'Microsoft 365 has SMTP logins turned off for this mailbox: let its administrator turn on "Authenticated SMTP", or use another relay.',
      ),
  },
  {
    command: /^AUTH/,
    code: final,
    explain: (said, { host }) =>
      permanent(
        'authentication_failed',
        `The login was refused: ${said}`,
        /gmail|google/i.test(host)
          ? GMAIL_PASSWORD
          : 'Check user and password. Providers with two-step verification want an application password.',
      ),
  },
  {
    command: /^AUTH/,
    explain: (said) => transient('authentication_failed', `The server cannot check the login now: ${said}`),
  },
  {
    code: (code) => code === 530,
    explain: (said) =>
      permanent(
        'authentication_failed',
        `The server asks for a login: ${said}`,
        'Set smtp.user and smtp.password (SMTP_USER, SMTP_PASSWORD).',
      ),
  },
  {
    text: /\b(spf|dkim|dmarc)\b|5\.7\.(2[0-9]|30)\b|unauthenticated (mail|email|sender)/i,
    code: final,
    explain: (said) =>
      permanent('message_refused', `The receiver does not trust the sender: ${said}`, AUTHENTICATION_CURE),
  },
  {
    text: /gr[ea]y-?list|postgrey|try again (later|in)|temporarily deferred/i,
    code: (code) => code < 500,
    explain: (said) =>
      transient(
        'server_error',
        `The server asks to come back later (greylisting): ${said}`,
        'Nothing to do: it is sent again.',
      ),
  },
  {
    text: /too many|rate limit|limit exceeded|quota exceeded for sending|4\.7\.28|throttl/i,
    code: (code) => code < 500,
    explain: (said) => transient('rate_limited', `The server takes no more mail now: ${said}`),
  },
  {
    text: /sending (quota|limit)|5\.4\.5\b/i,
    explain: (said) =>
      transient(
        'rate_limited',
        `The account may send no more mail now: ${said}`,
        'Providers lift this limit within a day.',
      ),
  },
  {
    text: FULL_MAILBOX,
    code: final,
    explain: (said) => permanent('recipient_refused', `The recipient's mailbox is full: ${said}`, FULL_CURE),
  },
  {
    text: FULL_MAILBOX,
    explain: (said) => transient('recipient_refused', `The recipient's mailbox is full: ${said}`, FULL_CURE),
  },
  {
    text: /relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)|unable to relay|5\.7\.54/i,
    code: final,
    explain: (said, { user }) =>
      permanent(
        'recipient_refused',
        `The server does not pass mail on for this machine: ${said}`,
        user === '' ? 'Set smtp.user and smtp.password, or allow this machine on the mail server.' : SENDER_CURE,
      ),
  },
  {
    text: /send ?as ?denied|not owned by|not allowed to send|sender address rejected|sender (is )?not (allowed|authori[sz]ed)|does not match|from address|5\.7\.60|5\.7\.1.*sender/i,
    code: is(550, 551, 553, 554),
    explain: (said, { from }) =>
      permanent('sender_refused', `The server does not accept ${from} as sender: ${said}`, SENDER_CURE),
  },
  {
    text: /block ?list|black ?list|spamhaus|reputation|5\.7\.1.*(spam|listed)|looks like spam|spam content/i,
    code: final,
    explain: (said) =>
      permanent(
        'message_refused',
        `The server takes this for spam: ${said}`,
        "Check this machine's address on blocklists and its reverse DNS name, or send through your provider's mail server.",
      ),
  },
  {
    command: /^MAIL/,
    code: is(550, 551, 552, 553, 554, 501),
    explain: (said, { from }) =>
      permanent('sender_refused', `The server does not accept ${from} as sender: ${said}`, SENDER_CURE),
  },
  {
    command: /^RCPT/,
    code: (code) => final(code) && code !== 503,
    explain: (said) =>
      permanent('recipient_refused', `No recipient was accepted: ${said}`, 'Check the addresses in to.'),
  },
  {
    command: /^RCPT/,
    code: (code) => code < 500 && code !== 421,
    explain: (said) => transient('recipient_refused', `No recipient is accepted now: ${said}`),
  },
  { command: /STARTTLS/, explain: (said) => transient('tls_failed', `STARTTLS failed: ${said}`) },
  // Bad sequence, and a greeting of the 5xx kind, speak of the server's state rather than of this mail.
  { code: is(503), explain: (said) => transient('server_error', `The server answered: ${said}`) },
  { command: /^CONN/, explain: (said) => transient('server_error', `The server turned the connection away: ${said}`) },
  { code: final, explain: (said) => permanent('message_refused', `The server refused the mail: ${said}`) },
]

const REST: Rule['explain'] = (said) => transient('server_error', `The server cannot take the mail now: ${said}`)

const explainRefusal = (error: SmtpError, code: number, said: string, place: SmtpPlace): Explanation => {
  const rule = RULES.find(
    (rule) =>
      (rule.command?.test(error.command ?? '') ?? true) &&
      (rule.code?.(code) ?? true) &&
      (rule.text?.test(said) ?? true),
  )
  return (rule?.explain ?? REST)(said, place)
}

/** Signs that one side speaks TLS and the other does not. */
const TLS_MISMATCH = /wrong version number|packet length too long|unknown protocol|record layer/i

const explainBroken = (error: SmtpError, place: SmtpPlace): Explanation => {
  const where = `${place.host}:${place.port}`
  if (TLS_MISMATCH.test(error.message))
    return permanent(
      'tls_failed',
      `${where} does not begin with TLS.`,
      'Set security to starttls or auto for port 587 and 25; tls belongs to port 465.',
    )
  const code = error.originalCode ?? errorCode(error)
  if (code === 'EPROTOCOL') return transient('bad_answer', `${where} does not answer as a mail server.`)
  if (code === 'ECONFIG' || code === 'EENVELOPE' || code === 'EMESSAGE')
    return permanent('message_refused', `The mail cannot be sent through ${where}: ${error.message}.`)
  const explanation = explainNetworkError(code, where)
  const blocked = explanation.reason === 'timeout' || explanation.reason === 'connection_refused'
  return blocked ? { ...explanation, cure: BLOCKED_PORT } : explanation
}

/** The wait that a server names in its text: "try again in 300 seconds", "5 minutes". In ms. */
export const namedWaitMs = (said: string): number | undefined => {
  const [, amount, unit] = /\b(\d{1,6}) ?(s|sec|secs|seconds|min|mins|minutes)\b/i.exec(said) ?? []
  if (amount === undefined) return undefined
  return secondsToMs(Number(amount) * (unit!.toLowerCase().startsWith('m') ? 60 : 1))
}

/**
 * What a failed SMTP exchange means: whether trying again helps, a sentence, and the usual cure. Replies of the 4xx
 * kind are transient and those of the 5xx kind permanent (RFC 5321, 4.2.1), except where the text says otherwise.
 */
export const explainSmtp = (error: SmtpError, place: SmtpPlace): Explanation => {
  const said = `${oneLine((error.response ?? '').slice(0, 500)).replace(/\.$/, '')}.`
  const code = error.responseCode ?? 0
  return code >= 400 && code < 600 ? explainRefusal(error, code, said, place) : explainBroken(error, place)
}
