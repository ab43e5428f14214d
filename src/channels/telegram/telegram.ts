import { defineChannel } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { Type } from '#lib/schema.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { fit, oneLine } from '../text/text.ts'
import { EDIT_TIMEOUT_MS, thenEdit } from '../text/then-edit.ts'
import { callBot } from './telegram-bot.ts'
import { callbackData, telegramReceiver } from './telegram-receiver.ts'

const options = Type.Object(
  {
    bot_token: Type.String({
      title: 'Bot token',
      description: 'The token that @BotFather gave to the bot: 123456:ABC…',
      'x-es': { title: 'Token del bot', description: 'El token que @BotFather dio al bot: 123456:ABC…' },
      pattern: '^[A-Za-z0-9:_-]+$',
      maxLength: 200,
      'x-secret': true,
    }),
    // YAML reads an unquoted number as one.
    chat_id: Type.Union([Type.String({ pattern: '^(-?\\d+|@\\w+)$', maxLength: 100 }), Type.Integer()], {
      title: 'Chat',
      description: 'Number of the chat (groups begin with -100), or @name of a public channel.',
      'x-es': {
        title: 'Chat',
        description: 'Número del chat (los grupos empiezan con -100), o @nombre de un canal público.',
      },
    }),
    api_url: Type.Optional(
      Type.String({
        title: 'API address',
        description: 'Address of a Bot API server of your own. Without it, api.telegram.org.',
        'x-es': {
          title: 'Dirección de la API',
          description: 'Dirección de un servidor Bot API propio. Sin ella, api.telegram.org.',
        },
        pattern: '^https?://',
        'x-login': true,
        maxLength: 2000,
        'x-rare': true,
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
  // A button says who pressed it; a link that all of the chat can follow does not.
  const shown = chat.actions === undefined ? chat.links : chat.links.filter(({ acknowledges }) => !acknowledges)
  const links = shown.map(linkOf).join(' · ')
  const left = LONGEST - title.length - links.length - 2
  const detail = chat.detail === '' || left < 2 ? '' : fit(chat.detail, left, escapeHtml)
  return [title, detail, links].filter((line) => line !== '').join('\n')
}

const firstOf = (references: readonly string[]): number | undefined => {
  const first = Number(references[0])
  return Number.isSafeInteger(first) && first > 0 ? first : undefined
}

/** A later message of the alert answers the first one, so that the chat reads as a thread. */
const answering = (first: number | undefined) =>
  first === undefined ? {} : { reply_parameters: { message_id: first, allow_sending_without_reply: true } }

const keyboard = ({ actions = [] }: Rendered['chat']) =>
  actions.length === 0
    ? {}
    : {
        reply_markup: {
          inline_keyboard: [actions.map((one) => ({ text: one.label, callback_data: callbackData(one) }))],
        },
      }

/** Telegram, by a bot: https://core.telegram.org/bots/api#sendmessage */
export const telegram = defineChannel({
  name: 'telegram',
  title: 'Telegram',
  'x-es': { title: 'Telegram' },
  options,
  audience: 'people',
  // About one message a second and chat is what Telegram allows.
  concurrency: 1,
  hosts: ({ api_url }) => (api_url === undefined ? ['api.telegram.org'] : []),
  describe: ({ chat_id }) => `Telegram chat ${chat_id}`,
  receiver: telegramReceiver,
  reach: ({ chat_id, ...bot }, context) => callBot(bot, 'getChat', { chat_id }, context),
  send: async (rendered, { chat_id, ...bot }, context) => {
    const first = firstOf(context.references)
    const post = {
      chat_id,
      text: text(rendered),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    }
    const sent = await callBot(
      bot,
      'sendMessage',
      { ...post, ...keyboard(rendered.chat), ...answering(first) },
      context,
    )
    if (rendered.message.reason !== 'resolved' || first === undefined) return sent
    // Without its buttons: there is nothing left to acknowledge.
    const edit = { ...post, message_id: first }
    return thenEdit(sent, () => callBot(bot, 'editMessageText', edit, { ...context, timeoutMs: EDIT_TIMEOUT_MS }))
  },
})
