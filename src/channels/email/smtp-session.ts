import { connect, type Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SendContext, TargetGuard } from '#core/channel.ts'
import { guardedPlace } from '../http/guarded-lookup.ts'
import { findBy } from '../http/lookup.ts'
import type { Steps } from '../text/outcome.ts'
import type { MailSettings } from './mail-settings.ts'
import { PlainPassword } from './smtp-errors.ts'
import { refusalsOf, type SmtpRefusal } from './smtp-refusals.ts'

/** A mail as bytes, with the addresses of its envelope. */
export interface OutgoingMail {
  readonly raw: Buffer
  readonly from: string
  readonly to: readonly string[]
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

/**
 * Turns the protocol's lines into steps. Commands may be sent ahead of their answers (pipelining), so each answer
 * belongs to the oldest command that waits; the first one is the greeting, and the last one answers the message.
 */
const protocolLogger = ({ mark }: Steps) => {
  const waiting = ['greeting']
  const log = (entry: { tnx?: string }, line: string) => {
    if (entry.tnx === 'client') {
      // What is no verb of ours is part of a login, already masked.
      waiting.push(STEP_OF_VERB[line.split(' ', 1)[0]!.toUpperCase()] ?? 'auth')
    } else if (entry.tnx === 'server') mark(waiting.shift() ?? 'message', line)
  }
  return { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, level: () => undefined }
}

/** Encrypting without knowing to whom is better than not encrypting, but not good enough for a password. */
const mayBeStranger = ({ security, user }: MailSettings): boolean => security === 'auto' && user === ''

const openConnection = (settings: MailSettings, socket: Socket, timeoutMs: number, steps: Steps) => {
  const { host, port, security, ca } = settings
  return new SMTPConnection({
    connection: socket,
    host,
    port,
    ...(settings.name !== undefined && { name: settings.name }),
    secure: security === 'tls' || (security === 'auto' && port === 465),
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    tls: { rejectUnauthorized: !mayBeStranger(settings), ...(ca !== undefined && { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    logger: protocolLogger(steps) as never,
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

/**
 * Sends one message over a connection of its own: greeting, encryption, login, envelope, data. Throws an `SmtpError`
 * or `PlainPassword`; a refused recipient does not stop the others.
 */
export const sendOverSmtp = async (
  settings: MailSettings,
  { raw, from, to }: OutgoingMail,
  limits: SmtpLimits,
  steps: Steps,
): Promise<SmtpResult> => {
  const { signal, timeoutMs } = limits
  signal.throwIfAborted()
  const socket = await openSocket(settings, limits)
  steps.mark('connect', socket.remoteAddress)
  const smtp = openConnection(settings, socket, timeoutMs, steps)
  const failed = trouble(smtp, socket, limits)
  const within = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failed])
  try {
    await within(new Promise<void>((resolve, reject) => smtp.connect((error) => (error ? reject(error) : resolve()))))
    const loggedIn = await within(login(smtp, settings))
    const info = await within(
      new Promise<SMTPConnection.SentMessageInfo>((resolve, reject) =>
        smtp.send({ from, to: [...to], size: raw.length }, raw, (error, sent) =>
          error ? reject(error) : resolve(sent!),
        ),
      ),
    )
    leave(smtp, limits.timers)
    return { response: info.response, refused: refusalsOf(info.rejectedErrors), withoutLogin: !loggedIn }
  } catch (error) {
    smtp.close()
    throw error
  }
}
