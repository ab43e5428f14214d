import { createHttpSink, type HttpAnswer } from '../../test/fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSinkOptions } from '../../test/fixtures/servers/smtp-sink.ts'

/** One message as a receiver acknowledged it, or may have: who asked is sometimes cut off before the answer. */
interface Received<Body> {
  readonly body: Body
  readonly at: number
  /** The sender was told that it is taken. */
  readonly taken: boolean
}

/** What the webhook gets, of the facts that matter here. */
export interface Post {
  readonly id: string
  readonly reason: string
  readonly subject: string
  readonly severity: string
  readonly monitor: string | null
  readonly state: string | null
  readonly resolved_by?: string
}

export interface Mail {
  /** The id in its Message-ID. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Which way a request goes wrong. */
const TROUBLES: readonly HttpAnswer[] = [
  { status: 503 },
  { status: 429, headers: { 'retry-after': '1' } },
  { drop: 'before' },
  { status: 200, drop: 'within' },
  { status: 200, delayMs: 400 },
]
type Script = Mutable<NonNullable<SmtpSinkOptions['script']>>
type Mutable<T> = { -readonly [K in keyof T]: T[K] }
const MAIL_TROUBLES: readonly Script[] = [
  { CONNECT: { answer: '421 4.3.2 too busy' } },
  { RCPT: { answer: '450 4.2.0 greylisted' } },
  { MESSAGE: { answer: '451 4.3.0 not now' } },
  { MESSAGE: { drop: true } },
  { DATA: { drop: true } },
]

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

const unfold = (raw: string) => raw.replace(/\r?\n[ \t]+/g, ' ')
const headerOf = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(unfold(raw))?.[1]?.trim() ?? ''
/** The first part is the plain text. */
const textOf = (raw: string): string => {
  const part = /Content-Type: text\/plain[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/i.exec(raw)
  const isQuoted = /Content-Type: text\/plain[\s\S]*?quoted-printable[\s\S]*?\r?\n\r?\n/i.test(raw)
  const text = part?.[1] ?? ''
  if (!isQuoted) return text
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** A webhook and a mail server that are well most of the time, and in `refuse` now and then go wrong in some way. */
export const openReceivers = async () => {
  let refusing = false
  const posts: Received<Post>[] = []
  const hook = await createHttpSink({
    answer: ({ body }) => {
      const answer = refusing && Math.random() < 0.6 ? pick(TROUBLES) : {}
      // A status that came is the answer, whatever becomes of its body.
      const taken = (answer.status ?? 200) === 200 && answer.drop !== 'before'
      posts.push({ body: JSON.parse(body) as Post, at: Date.now(), taken })
      return answer
    },
  })
  const mails: Received<Mail>[] = []
  const script: Script = {}
  const smtp = await createSmtpSink({
    script,
    onMail: ({ raw, to }) =>
      void mails.push({
        body: {
          id: /<([^@>]+)@/.exec(headerOf(raw, 'Message-ID'))?.[1] ?? '',
          to: to[0] ?? '',
          subject: decodeHeader(headerOf(raw, 'Subject')),
          text: textOf(raw),
        },
        at: Date.now(),
        taken: true,
      }),
  })
  return {
    posts,
    mails,
    hookUrl: hook.url,
    smtpPort: smtp.port,
    /** From now on some of what comes is refused, cut off or kept waiting; or all is well again. */
    refuse: (on: boolean) => {
      refusing = on
      for (const moment of Object.keys(script) as (keyof Script)[]) delete script[moment]
      if (on) Object.assign(script, pick(MAIL_TROUBLES))
    },
    close: () => Promise.all([hook.close(), smtp.close()]),
  }
}

const decodeHeader = (text: string): string =>
  text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, part: string) => {
    if (kind.toUpperCase() === 'B') return Buffer.from(part, 'base64').toString('utf8')
    const bytes = part
      .replace(/_/g, ' ')
      .replace(/=([0-9A-F]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    return Buffer.from(bytes, 'latin1').toString('utf8')
  })

export type Receivers = Awaited<ReturnType<typeof openReceivers>>
