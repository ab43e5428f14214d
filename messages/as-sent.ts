import { once } from 'node:events'
import { createServer } from 'node:http'
import { buildMail } from '#channels/email/mail-message.ts'
import { channelTypes } from '#channels/index.ts'
import { pushPayload } from '#channels/web-push/web-push.ts'
import type { SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { systemTimers } from '#lib/time/timers.ts'

/** What a channel type put on the wire for one message, line by line as people or programs read it. */
export interface Sent {
  readonly channel: string
  readonly lines: readonly string[]
}

/** Options that lead to `url`, and which part of the body is the message. */
interface Way {
  readonly options: (url: string) => JsonObject
  readonly answer: string
  // biome-ignore lint/suspicious/noExplicitAny: each knows what its channel type sends.
  readonly read: (body: any) => readonly string[]
}

const WAYS: Readonly<Record<string, Way>> = {
  telegram: {
    options: (url) => ({ bot_token: '1:a', chat_id: '-1', api_url: url }),
    answer: '{"ok":true,"result":{"message_id":1}}',
    read: ({ text, reply_markup: markup }) => [
      ...String(text).split('\n'),
      ...(markup?.inline_keyboard ?? []).map((row: readonly { text: string }[]) =>
        row.map(({ text: label }) => `[${label}]`).join(' '),
      ),
    ],
  },
  slack: {
    options: (url) => ({ webhook_url: url }),
    answer: 'ok',
    read: ({ text, attachments: [{ color, text: detail, fallback }] }) => [
      text,
      ...String(detail).split('\n'),
      `(fallback) ${fallback}`,
      `(${color})`,
    ],
  },
  discord: {
    options: (url) => ({ webhook_url: url }),
    answer: '{"id":"1"}',
    read: ({ embeds: [{ title, description }] }) => [title, ...String(description).split('\n')],
  },
  webhook: {
    options: (url) => ({ url }),
    answer: '{}',
    read: (body) => Object.entries(body).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  },
  alertmanager: {
    options: (url) => ({ url }),
    answer: '{}',
    read: ({ status, alerts }) => [
      status,
      ...alerts.flatMap(({ labels, annotations }: JsonObject) => [
        `labels: ${JSON.stringify(labels)}`,
        `annotations: ${JSON.stringify(annotations)}`,
      ]),
    ],
  },
}

const MAIL = {
  from: { name: 'Vigía', address: 'vigia@isp.example' },
  to: ['noc@isp.example'],
} as unknown as Parameters<typeof buildMail>[1]

const mailOf = async (rendered: Rendered): Promise<Sent> => {
  const { raw } = await buildMail(rendered, MAIL, [], Date.now())
  const headers = raw.toString('utf8').split('\r\n\r\n')[0]!
  const importance = headers.split('\r\n').filter((line) => /^(importance|x-priority):/i.test(line))
  return { channel: 'email', lines: [`Subject: ${rendered.subject}`, ...importance, '', ...rendered.lines] }
}

/** What the browser shows, which nobody between can read. */
const pushOf = (rendered: Rendered): Sent => {
  const { title, body } = JSON.parse(String(pushPayload(rendered))) as { readonly title: string; readonly body: string }
  return { channel: 'web_push', lines: [title, ...body.split('\n')] }
}

/** Sends messages by every channel type to a receiver of one's own, and tells what came. */
export const createSender = async () => {
  let body = ''
  let answer = ''
  const server = createServer((request, response) => {
    body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => {
      body += part
    })
    request.on('end', () => response.setHeader('content-type', 'application/json').end(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  const context: SendContext = {
    signal: new AbortController().signal,
    timeoutMs: 5000,
    now: Date.now,
    timers: systemTimers,
    environment: {},
    references: [],
  }

  const by = async (channel: string, way: Way, rendered: Rendered): Promise<Sent> => {
    answer = way.answer
    const outcome = await channelTypes.get(channel)!.send(rendered, way.options(`http://127.0.0.1:${port}/x`), context)
    if (!outcome.ok) throw new Error(`${channel}: ${JSON.stringify(outcome)}`)
    const parsed: unknown = JSON.parse(body)
    return { channel, lines: isObject(parsed) ? way.read(parsed) : [body] }
  }

  return {
    /** As each channel type sends it; programs get no digests. */
    send: async (rendered: Rendered): Promise<readonly Sent[]> => {
      const sent = [await mailOf(rendered), pushOf(rendered)]
      for (const [channel, way] of Object.entries(WAYS)) {
        const people = channelTypes.get(channel)!.audience === 'people'
        if (people || rendered.message.reason !== 'digest') sent.push(await by(channel, way, rendered))
      }
      return sent
    },
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  }
}

/** Channel types that are printed: all but the one that passes messages on to others. */
export const PRINTED: readonly string[] = ['email', 'web_push', ...Object.keys(WAYS)]
