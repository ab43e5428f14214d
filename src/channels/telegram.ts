import { defineChannel } from '#core/channel.ts'
import type { Rendered } from '#core/message.ts'
import { escapeHtml } from '#lib/html.ts'
import { isObject } from '#lib/json.ts'
import { Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, jsonBody, type Reading } from './http.ts'
import { type Explanation, permanent } from './outcome.ts'
import { secondsToMs } from './retry-after.ts'
import { fit, oneLine } from './text.ts'

const options = Type.Object(
  {
    bot_token: Type.String({
      title: 'Bot token',
      description: 'The token that @BotFather gave to the bot: 123456:ABC…',
      pattern: '^[A-Za-z0-9:_-]+$',
      maxLength: 200,
      'x-secret': true,
    }),
    // YAML reads an unquoted number as one.
    chat_id: Type.Union([Type.String({ pattern: '^(-?\\d+|@\\w+)$', maxLength: 100 }), Type.Integer()], {
      title: 'Chat',
      description: 'Number of the chat (groups begin with -100), or @name of a public channel.',
    }),
    api_url: Type.Optional(
      Type.String({
        title: 'API address',
        description: 'Address of a Bot API server of your own. Without it, api.telegram.org.',
        pattern: '^https?://',
        maxLength: 2000,
      }),
    ),
  },
  { additionalProperties: false },
)

/** Longest message after its markup is taken away; we stay below it with the markup. */
const LONGEST = 4096

const linkOf = ({ label, url }: Rendered['chat']['links'][number]): string =>
  `<a href="${escapeHtml(oneLine(url))}">${fit(oneLine(label), 75, escapeHtml)}</a>`

/** The title and the links are kept whole; the detail takes what is left. */
const text = ({ chat }: Rendered): string => {
  const title = `${chat.mark} <b>${fit(oneLine(chat.title), 300, escapeHtml)}</b>`
  const links = chat.links.map(linkOf).join(' · ')
  const left = LONGEST - title.length - links.length - 2
  const detail = chat.detail === '' || left < 2 ? '' : fit(chat.detail, left, escapeHtml)
  return [title, detail, links].filter((line) => line !== '').join('\n')
}

/** A later message of the alert answers the first one, so that the chat reads as a thread. */
const answering = (references: readonly string[]) => {
  const first = Number(references[0])
  return Number.isSafeInteger(first) && first > 0
    ? { reply_parameters: { message_id: first, allow_sending_without_reply: true } }
    : {}
}

const refusal = (status: number, description: string): Explanation | undefined => {
  const said = `Telegram says: ${fit(oneLine(description), 200)}.`
  if (status === 401 || status === 404)
    return permanent('authentication_failed', said, 'Check the bot token: @BotFather shows it with /mybots.')
  if (/migrate|upgraded to a supergroup/i.test(description))
    return permanent('recipient_refused', said, 'The group has a new number: write it as chat_id.')
  if (status === 403 || /chat not found|chat_write_forbidden|not enough rights/i.test(description))
    return permanent(
      'recipient_refused',
      said,
      'Add the bot to the chat (people: send it /start first) and check chat_id; groups begin with -100.',
    )
  return status === 400 ? permanent('message_refused', said) : undefined
}

const read = (answer: HttpAnswer): Reading => {
  const { ok, description, result, parameters, error_code } = jsonBody(answer)
  const said = typeof description === 'string' ? description : ''
  if (ok === true) return isObject(result) ? { reference: String(result.message_id) } : {}
  const status = typeof error_code === 'number' ? error_code : answer.status
  const failure = said === '' ? undefined : refusal(status, said)
  const wait = isObject(parameters) ? secondsToMs(parameters.retry_after) : undefined
  const moved = isObject(parameters) && typeof parameters.migrate_to_chat_id === 'number'
  const cure = moved ? { cure: `Write chat_id: "${parameters.migrate_to_chat_id}": the group has a new number.` } : {}
  return { ...failure, ...cure, retryAfterMs: wait }
}

/** Telegram, by a bot: https://core.telegram.org/bots/api#sendmessage */
export const telegram = defineChannel({
  name: 'telegram',
  title: 'Telegram',
  options,
  audience: 'people',
  // About one message a second and chat is what Telegram allows.
  concurrency: 1,
  describe: ({ chat_id }) => `Telegram chat ${chat_id}`,
  send: (rendered, { bot_token, chat_id, api_url = 'https://api.telegram.org' }, context) =>
    deliver(
      {
        url: `${api_url.replace(/\/+$/, '')}/bot${bot_token}/sendMessage`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          chat_id,
          text: text(rendered),
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
          ...answering(context.references),
        }),
        secrets: [bot_token],
      },
      context,
      read,
    ),
})
