import { connect, type Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SendContext, TargetGuard } from '#core/channel.ts'
import { guardedPlace } from '../http/guarded-lookup.ts'
import { findBy } from '../http/lookup.ts'
import type { Steps } from '../text/outcome.ts'
import { needsUtf8, wireAddress } from './mail-address.ts'
import { type MailSettings, placeOf } from './mail-settings.ts'
import { PlainPassword, SenderBeyondAscii, type SmtpError, type SmtpPlace } from './smtp-errors.ts'
import { NobodyTaken, notTried, refusalsOf, refusedAlike, type SmtpRefusal } from './smtp-refusals.ts'

/** A mail as bytes, with the addresses that it goes to, as people wrote them. */
export interface OutgoingMail {
  readonly raw: Buffer
  readonly from: string
  readonly to: readonly string[]
  /** It names addresses that only servers with SMTPUTF8 take. */
  readonly utf8: boolean
}

export interface SmtpResult {
  readonly response: string
  readonly refused: readonly SmtpRefusal[]
  /** Set when a login is configured that the server does not take. */
  readonly withoutLogin: boolean
}

interface SmtpLimits {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Absent where the server is trusted. */
  readonly guard?: TargetGuard | undefined
  readonly resolve?: SendContext['resolve']
  readonly timers: SendContext['timers']
}

const openSocket = ({ host, port }: MailSettings, { signal, guard, resolve: lent }: SmtpLimits): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(guardedPlace(host, port, guard, findBy(lent, signal)))
    const stop = () => socket.destroy(new Error('stopped'))
    signal.addEventListener('abort', stop, { once: true })
    // For as long as it lives: whoever speaks over it later lets go of it before its last error may have come.
    socket.on('error', reject)
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop)
      resolve(socket)
    })
  })

const STEP_OF_VERB: Readonly<Record<string, string>> = {
  EHLO: 'hello',
  HELO: 'hello',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'sender',
  RCPT: 'recipients',
  DATA: 'data',
  QUIT: 'quit',
}

/** What a session has come to, beside its steps. */
interface Progress {
  /** The last command that was sent. */
  verb: string
  offersUtf8: boolean
}

/**
 * Turns the protocol's lines into steps. Commands may be sent ahead of their answers (pipelining), so each answer
 * belongs to the oldest command that waits; the first one is the greeting, and the last one answers the message.
 */
const protocolLogger = ({ mark }: Steps, progress: Progress) => {
  const waiting = ['greeting']
  const log = (entry: { tnx?: string }, line: string) => {
    if (entry.tnx === 'client') {
      progress.verb = line.split(' ', 1)[0]!.toUpperCase()
      // What is no verb of ours is part of a login, already masked.
      waiting.push(STEP_OF_VERB[progress.verb] ?? 'auth')
    } else if (entry.tnx === 'server') {
      const step = waiting.shift() ?? 'message'
      if (step === 'hello') progress.offersUtf8 = /^250[ -]SMTPUTF8\b/im.test(line)
      mark(step, line)
    }
  }
  return { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, level: () => undefined }
}

/** Encrypting without knowing to whom is better than not encrypting, but not good enough for a password. */
const mayBeStranger = ({ security, user }: MailSettings): boolean => security === 'auto' && user === ''

const openConnection = (settings: MailSettings, socket: Socket, timeoutMs: number, logger: object) => {
  const { host, port, security, ca } = settings
  return new SMTPConnection({
    connection: socket,
    host,
    port,
    ...(settings.name !== undefined && { name: settings.name }),
    secure: security === 'tls' || (security === 'auto' && port === 465),
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    // A server that offers what it then refuses.
    opportunisticTLS: mayBeStranger(settings),
    tls: { rejectUnauthorized: !mayBeStranger(settings), ...(ca !== undefined && { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    logger: logger as never,
    transactionLog: true,
    maxResponseSize: 65_536,
    socketCloseTimeout: 500,
  })
}

/** Rejects when the connection fails or ends while something waits for it, or when the signal says so. */
const trouble = (
  smtp: SMTPConnection,
  socket: Socket,
  { signal, timers }: Pick<SmtpLimits, 'signal' | 'timers'>,
): Promise<never> => {
  const failed = new Promise<never>((_resolve, reject) => {
    smtp.on('error', reject)
    // The error that explains the end comes with it and has precedence.
    smtp.once('end', () => timers.soon(() => reject(Object.assign(new Error('closed'), { code: 'ECONNECTION' }))))
    const stop = () => {
      reject(new Error('stopped'))
      smtp.close()
      socket.destroy()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    smtp.once('end', () => signal.removeEventListener('abort', stop))
  })
  failed.catch(() => {})
  return failed
}

/** Says goodbye without waiting for it: the message is the server's already. */
const leave = (smtp: SMTPConnection, timers: SmtpLimits['timers']) => {
  if (smtp.destroyed) return
  smtp.quit()
  timers.after(500, () => smtp.close()).unref()
}

const login = async (smtp: SMTPConnection, settings: MailSettings): Promise<boolean> => {
  if (settings.user === '') return true
  if (!smtp.allowsAuth) return false
  if (!smtp.secure && settings.security !== 'none') throw new PlainPassword()
  await new Promise<void>((resolve, reject) =>
    smtp.login({ user: settings.user, pass: settings.password }, (error) => (error ? reject(error) : resolve())),
  )
  return true
}

type Within = <T>(work: Promise<T>) => Promise<T>

/** Hands over one mail; throws where no recipient was taken, or the mail was not. */
const handOver = (smtp: SMTPConnection, { raw, from, to }: OutgoingMail, within: Within) => {
  const envelope = { from: wireAddress(from), to: to.map(wireAddress), size: raw.length }
  return within(
    new Promise<SMTPConnection.SentMessageInfo>((resolve, reject) =>
      smtp.send(envelope, raw, (error, sent) => (error ? reject(error) : resolve(sent!))),
    ),
  )
}

/** Refusals by the addresses as people wrote them. */
const asWritten = ({ to }: OutgoingMail, refusals: readonly SmtpRefusal[]): SmtpRefusal[] => {
  const written = new Map(to.map((address) => [wireAddress(address), address]))
  return refusals.map((one) => ({ ...one, recipient: written.get(one.recipient) ?? one.recipient }))
}

/** True for a refusal of all recipients of a mail, which says nothing of those of another one. */
const refusesAll = ({ command, rejectedErrors = [] }: SmtpError): boolean =>
  rejectedErrors.length > 0 && /^RCPT/.test(command ?? '')

/** Hands over the mails of one message, one after the other; throws where none of them left. */
const handOverAll = async (
  smtp: SMTPConnection,
  mails: readonly OutgoingMail[],
  { within, offersUtf8, place }: { readonly within: Within; readonly offersUtf8: boolean; readonly place: SmtpPlace },
): Promise<Pick<SmtpResult, 'response' | 'refused'>> => {
  const refused: SmtpRefusal[] = []
  let response: string | undefined
  let failure: SmtpError | undefined
  for (const mail of mails) {
    if (mail.utf8 && !offersUtf8) {
      refused.push(...notTried(mail.to, place))
      continue
    }
    try {
      const sent = await handOver(smtp, mail, within)
      response ??= sent.response
      refused.push(...asWritten(mail, refusalsOf(sent.rejectedErrors)))
    } catch (error) {
      failure ??= error as SmtpError
      // Whoever has an earlier mail of it must not get that again.
      if (response === undefined && !refusesAll(failure)) throw error
      refused.push(...asWritten(mail, refusedAlike(mail.to.map(wireAddress), error as SmtpError)))
    }
  }
  if (response !== undefined) return { response, refused }
  throw failure ? Object.assign(failure, { refusals: refused }) : new NobodyTaken(refused)
}

/** A session whose server knows who we are, if it asks for that. */
interface Session {
  readonly smtp: SMTPConnection
  readonly within: Within
  readonly loggedIn: boolean
  readonly offersUtf8: boolean
}

interface Trace {
  readonly steps: Steps
  readonly progress: Progress
}

/** Opens a session, does its work in it and leaves; one that fails is closed. */
const inSession = async <T>(
  settings: MailSettings,
  limits: SmtpLimits,
  { steps, progress }: Trace,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const { signal, timeoutMs } = limits
  signal.throwIfAborted()
  const socket = await openSocket(settings, limits)
  steps.mark('connect', socket.remoteAddress)
  const smtp = openConnection(settings, socket, timeoutMs, protocolLogger(steps, progress))
  const failed = trouble(smtp, socket, limits)
  const within: Within = (work) => Promise.race([work, failed])
  try {
    await within(new Promise<void>((resolve, reject) => smtp.connect((error) => (error ? reject(error) : resolve()))))
    const loggedIn = await within(login(smtp, settings))
    const { offersUtf8 } = progress
    if (!offersUtf8 && needsUtf8(settings.from.address)) throw new SenderBeyondAscii()
    const done = await work({ smtp, within, loggedIn, offersUtf8 })
    leave(smtp, limits.timers)
    return done
  } catch (error) {
    smtp.close()
    throw error
  }
}

/** In a session, and in clear where a server that nobody insists on encrypting with cannot do what it offers. */
const withServer = async <T>(
  settings: MailSettings,
  limits: SmtpLimits,
  steps: Steps,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const progress: Progress = { verb: '', offersUtf8: false }
  try {
    return await inSession(settings, limits, { steps, progress }, work)
  } catch (error) {
    if (progress.verb !== 'STARTTLS' || !mayBeStranger(settings) || limits.signal.aborted) throw error
    steps.mark('starttls', (error as Error).message)
    return inSession({ ...settings, security: 'none' }, limits, { steps, progress }, work)
  }
}

/**
 * Sends one message over a connection of its own: greeting, encryption, login, and an envelope with its data for each of
 * `mails`, whose recipients differ. Throws an `SmtpError`, `PlainPassword` or `SenderBeyondAscii`; a refused recipient does not
 * stop the others. A server that offers encryption and cannot do it is sent to in clear where nobody insists on it and there is
 * no password: as to one that offers none.
 */
export const sendOverSmtp = (
  settings: MailSettings,
  mails: readonly OutgoingMail[],
  limits: SmtpLimits,
  steps: Steps,
): Promise<SmtpResult> =>
  withServer(settings, limits, steps, async ({ smtp, within, offersUtf8, loggedIn }) => ({
    ...(await handOverAll(smtp, mails, { within, offersUtf8, place: placeOf(settings) })),
    withoutLogin: !loggedIn,
  }))

/** The same without a mail: greeting, encryption and login. False where a login is configured that the server does not take. */
export const reachOverSmtp = (settings: MailSettings, limits: SmtpLimits, steps: Steps): Promise<boolean> =>
  withServer(settings, limits, steps, async ({ loggedIn }) => loggedIn)
