import { parseMail } from '#cli/demo/mail-parts.ts'
import { createHttpSink, type ReceivedRequest } from '../test/fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpMail } from '../test/fixtures/servers/smtp-sink.ts'
import type { OfficeNews, Order } from './messages.ts'

/**
 * The office of the provider's people, in the namespace of the servers: their mail server, their chat, and a browser that
 * asks the servers' API. Runs as a process of its own and speaks to the drill by messages.
 */
const HOST = '127.0.0.1'
const PATIENCE_MS = 10_000

const say = (news: OfficeNews): void => void process.send!(news)

const readMail = ({ to, raw }: SmtpMail) => {
  const { headers, text } = parseMail(raw)
  const reader = (to[0] ?? '').split('@')[0]!
  say({
    kind: 'told',
    told: { channel: 'mail', reader, title: headers.subject?.[0] ?? '', text: text ?? '' },
    wall: Date.now(),
  })
}

/** Answers as the Bot API of Telegram does; only new posts are messages that wake somebody. */
let posts = 0
const answerChat = ({ path, body }: ReceivedRequest) => {
  const { chat_id = '', text = '' } = JSON.parse(body || '{}') as { chat_id?: string; text?: string }
  if (path.endsWith('/sendMessage')) {
    posts++
    const plain = text.replace(/<[^>]+>/g, '')
    const told = {
      channel: 'chat',
      reader: chat_id.replace('@', ''),
      title: plain.split('\n')[0]!,
      text: plain,
    } as const
    say({ kind: 'told', told, wall: Date.now() })
  }
  return { body: JSON.stringify({ ok: true, result: path.endsWith('/getUpdates') ? [] : { message_id: posts } }) }
}

const openMail = (port: number) => createSmtpSink({ host: HOST, port, security: 'none', onMail: readMail })

let mail = await openMail(0)
const { port: mailPort } = mail
const chat = await createHttpSink({ host: HOST, answer: answerChat })

const fetchJson = async (url: string, token: string): Promise<unknown> => {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}

const perform = async (order: Order): Promise<unknown> => {
  if (order.do === 'fetch') return fetchJson(order.url, order.token)
  if (order.open) mail = await openMail(mailPort)
  else await mail.close()
  return null
}

process.on('message', (order: Order) => {
  perform(order).then(
    (body) => say({ kind: 'done', id: order.id, body }),
    (error: Error) => say({ kind: 'done', id: order.id, error: error.message }),
  )
})
// Whoever started it may be gone without a word.
process.on('disconnect', () => process.exit(0))
say({ kind: 'ready', mailPort, chatPort: chat.port })
