import type { NodemailerError } from 'nodemailer'
import { because, type CauseCode, type Causes } from '#core/cause/cause.ts'
import { type Cure, helps } from '#core/cause/delivery-cures.ts'
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

/** Thrown where the server cannot be told the sender. */
export class SenderBeyondAscii extends Error {}

/** Where the mail was to go. */
export interface SmtpPlace {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly from: string
}

const FULL_MAILBOX = /mailbox (is )?full|over ?quota|quota exceeded|[45]\.2\.2\b/i

/** A rule: when it applies to a refusal, and what it means; `answer` is what the server said. */
interface Rule {
  readonly command?: RegExp
  readonly code?: (code: number) => boolean
  readonly text?: RegExp
  readonly explain: (answer: string, place: SmtpPlace) => Explanation
}

const is =
  (...codes: readonly number[]) =>
  (code: number) =>
    codes.includes(code)
const final = (code: number): boolean => code >= 500

/** Causes that say no more than the server's answer. */
type Answered = {
  [Code in CauseCode]: Causes[Code] extends 'answer' ? ('answer' extends Causes[Code] ? Code : never) : never
}[CauseCode]

const answered =
  (make: typeof permanent, reason: Explanation['reason'], code: Answered, cure?: Cure): Rule['explain'] =>
  (answer) =>
    make(reason, because(code, { answer }), cure)

const loginRefused = (cure: Cure): Rule['explain'] =>
  answered(permanent, 'authentication_failed', 'mail_login_refused', cure)

const senderRefused: Rule['explain'] = (answer, { from }) =>
  permanent('sender_refused', because('mail_sender_refused', { sender: from, answer }), helps('set_mail_sender'))

/** Read from the top; the first that fits is taken. Enhanced codes: RFC 3463 and the providers' own pages. */
const RULES: readonly Rule[] = [
  // A relay may say so only when it is told a recipient: it is about this machine all the same.
  {
    text: /fully[- ]?qualified (host|domain)|(helo|ehlo)( command| argument| name)?:? ?(was )?(rejected|refused|invalid|denied|not)|(invalid|bad|bogus|unacceptable) (helo|ehlo)|(helo|ehlo) (name|host)/i,
    explain: (answer) => {
      const make = /^[^\d]*4/.test(answer) ? transient : permanent
      return make('bad_configuration', because('mail_helo_refused', { answer }), helps('set_own_name'))
    },
  },
  {
    text: /must issue a STARTTLS|starttls (first|required)|encryption (is )?required|5\.7\.1[01]\b/i,
    code: final,
    explain: answered(permanent, 'tls_failed', 'mail_wants_encryption', helps('set_mail_encryption')),
  },
  {
    command: /^AUTH/,
    code: final,
    text: /gmail|google|5\.7\.8.*support\.google|application-specific password|5\.7\.9\b/i,
    explain: loginRefused(helps('google_application_password')),
  },
  {
    command: /^AUTH/,
    text: /5\.7\.139|SmtpClientAuthentication is disabled|basic authentication is disabled|5\.7\.3\b/i,
    code: final,
    explain: loginRefused(helps('microsoft_authenticated_smtp')),
  },
  {
    command: /^AUTH/,
    code: final,
    explain: (answer, place) => {
      const isGoogle = /gmail|google/i.test(place.host)
      return loginRefused(helps(isGoogle ? 'google_application_password' : 'check_mail_login'))(answer, place)
    },
  },
  { command: /^AUTH/, explain: answered(transient, 'authentication_failed', 'mail_login_not_checked') },
  {
    code: (code) => code === 530,
    explain: answered(permanent, 'authentication_failed', 'mail_login_wanted', helps('set_mail_login')),
  },
  {
    text: /\b(spf|dkim|dmarc)\b|5\.7\.(2[0-9]|30)\b|unauthenticated (mail|email|sender)/i,
    code: final,
    explain: answered(permanent, 'message_refused', 'mail_sender_not_trusted', helps('prove_sender')),
  },
  {
    text: /gr[ea]y-?list|postgrey|try again (later|in)|temporarily deferred/i,
    code: (code) => code < 500,
    explain: answered(transient, 'server_error', 'mail_greylisted', helps('it_is_sent_again')),
  },
  {
    text: /too many|rate limit|limit exceeded|quota exceeded for sending|4\.7\.28|throttl/i,
    code: (code) => code < 500,
    explain: answered(transient, 'rate_limited', 'mail_too_many'),
  },
  {
    text: /sending (quota|limit)|5\.4\.5\b/i,
    explain: answered(transient, 'rate_limited', 'mail_quota_used_up', helps('limit_is_lifted')),
  },
  {
    text: FULL_MAILBOX,
    code: final,
    explain: answered(permanent, 'recipient_refused', 'mailbox_full', helps('empty_mailbox')),
  },
  { text: FULL_MAILBOX, explain: answered(transient, 'recipient_refused', 'mailbox_full', helps('empty_mailbox')) },
  {
    text: /relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)|unable to relay|5\.7\.54/i,
    code: final,
    explain: (answer, { user }) => {
      const cure = helps(user === '' ? 'set_mail_login_or_allow' : 'set_mail_sender')
      return permanent('recipient_refused', because('mail_not_relayed', { answer }), cure)
    },
  },
  {
    text: /send ?as ?denied|not owned by|not allowed to send|sender address rejected|sender (is )?not (allowed|authori[sz]ed)|does not match|from address|5\.7\.60|5\.7\.1.*sender/i,
    code: is(550, 551, 553, 554),
    explain: senderRefused,
  },
  {
    text: /block ?list|black ?list|spamhaus|reputation|5\.7\.1.*(spam|listed)|looks like spam|spam content/i,
    code: final,
    explain: answered(permanent, 'message_refused', 'mail_taken_for_spam', helps('check_blocklists')),
  },
  { command: /^MAIL/, code: is(550, 551, 552, 553, 554, 501), explain: senderRefused },
  {
    command: /^RCPT/,
    code: (code) => final(code) && code !== 503,
    explain: answered(permanent, 'recipient_refused', 'mail_recipients_refused', helps('check_recipients')),
  },
  {
    command: /^RCPT/,
    code: (code) => code < 500 && code !== 421,
    explain: answered(transient, 'recipient_refused', 'mail_recipients_refused_now'),
  },
  { command: /STARTTLS/, explain: answered(transient, 'tls_failed', 'mail_starttls_failed') },
  // Bad sequence, and a greeting of the 5xx kind, speak of the server's state rather than of this mail.
  { code: is(503), explain: answered(transient, 'server_error', 'mail_server_answered') },
  { command: /^CONN/, explain: answered(transient, 'server_error', 'mail_connection_turned_away') },
  { code: final, explain: answered(permanent, 'message_refused', 'mail_refused') },
]

const REST: Rule['explain'] = answered(transient, 'server_error', 'mail_refused_now')

const explainRefusal = (error: SmtpError, code: number, answer: string, place: SmtpPlace): Explanation => {
  const rule = RULES.find(
    (rule) =>
      (rule.command?.test(error.command ?? '') ?? true) &&
      (rule.code?.(code) ?? true) &&
      (rule.text?.test(answer) ?? true),
  )
  return (rule?.explain ?? REST)(answer, place)
}

/** Signs that one side speaks TLS and the other does not. */
const TLS_MISMATCH = /wrong version number|packet length too long|unknown protocol|record layer/i

const explainBroken = (error: SmtpError, place: SmtpPlace): Explanation => {
  const where = `${place.host}:${place.port}`
  if (TLS_MISMATCH.test(error.message))
    return permanent('tls_failed', because('mail_no_tls', { where }), helps('set_mail_port'))
  const code = error.originalCode ?? errorCode(error)
  if (code === 'EPROTOCOL') return transient('bad_answer', because('mail_no_server', { where }))
  if (code === 'ECONFIG' || code === 'EENVELOPE' || code === 'EMESSAGE')
    return permanent('message_refused', because('mail_not_sent', { where, error: error.message }))
  const explanation = explainNetworkError(code, where)
  const blocked = explanation.reason === 'timeout' || explanation.reason === 'connection_refused'
  return blocked ? { ...explanation, cure: helps('ports_are_blocked') } : explanation
}

/** The wait that a server names in its text: "try again in 300 seconds", "5 minutes". In ms. */
export const namedWaitMs = (said: string): number | undefined => {
  const [, amount, unit] = /\b(\d{1,6}) ?(s|sec|secs|seconds|min|mins|minutes)\b/i.exec(said) ?? []
  if (amount === undefined) return undefined
  return secondsToMs(Number(amount) * (unit!.toLowerCase().startsWith('m') ? 60 : 1))
}

/**
 * What a failed SMTP exchange means: whether trying again helps, why it failed, and the usual cure. Replies of the 4xx
 * kind are transient and those of the 5xx kind permanent (RFC 5321, 4.2.1), except where the text says otherwise.
 */
export const explainSmtp = (error: SmtpError, place: SmtpPlace): Explanation => {
  const answer = oneLine((error.response ?? '').slice(0, 500)).replace(/\.$/, '')
  const code = error.responseCode ?? 0
  return code >= 400 && code < 600 ? explainRefusal(error, code, answer, place) : explainBroken(error, place)
}
