import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import { defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, jsonBody, notItsAnswer, type Reading, succeeds } from './http/http.ts'
import { outsideUrls } from './http/outside-urls.ts'
import { secondsToMs } from './http/retry-after.ts'
import { permanent } from './text/outcome.ts'
import { fit, oneLine } from './text/text.ts'
import { EDIT_TIMEOUT_MS, thenEdit } from './text/then-edit.ts'

const options = Type.Object(
  {
    webhook_url: Type.String({
      title: 'Webhook URL',
      description: 'Address of a webhook, as the settings of the Discord channel show it.',
      'x-es': {
        title: 'URL del webhook',
        description: 'Dirección de un webhook, como la muestran los ajustes del canal de Discord.',
      },
      pattern: '^https?://',
      maxLength: 2000,
      'x-secret': true,
    }),
  },
  { additionalProperties: false },
)

/** Limits of an embed: https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const LONGEST_TITLE = 256
const LONGEST_DESCRIPTION = 4096

/** A backslash takes its meaning from each character of Discord's Markdown. */
const escapeMarkdown = (text: string): string =>
  outsideUrls(text, (words) => words.replace(/[\\*_~`|<>[\]()#]/g, '\\$&'))

/** Characters that would end a link's address. */
const escapeUrl = (url: string): string =>
  url.replace(/[()\s<>]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

const linkOf = ({ label, url }: Rendered['chat']['links'][number]): string =>
  `[${fit(oneLine(label), 75, escapeMarkdown)}](${escapeUrl(oneLine(url))})`

const payload = ({ chat, message }: Rendered) => {
  const links = chat.links.map(linkOf).join(' · ')
  const left = LONGEST_DESCRIPTION - links.length - 1
  const description = [left > 1 ? fit(chat.detail, left, escapeMarkdown) : '', links]
    .filter((line) => line !== '')
    .join('\n')
  const title = `${chat.mark} ${fit(oneLine(chat.title), LONGEST_TITLE - chat.mark.length - 1, escapeMarkdown)}`
  return {
    embeds: [{ title, description, color: Number.parseInt(chat.color.slice(1), 16) || 0, timestamp: message.since }],
    // Nothing in an alert may call people by name.
    allowed_mentions: { parse: [] },
  }
}

/** Discord's own codes of a webhook that is gone. */
const UNKNOWN_WEBHOOK = 10015
const INVALID_WEBHOOK_TOKEN = 50027

const read = (answer: HttpAnswer): Reading => {
  const { code, retry_after, id } = jsonBody(answer)
  // With what it says, or without: https://discord.com/developers/docs/resources/webhook#execute-webhook
  const taken = answer.status === 204 || typeof id === 'string' || /^\s*\{.*"id"\s*:\s*"\d/s.test(answer.body)
  if (succeeds(answer) && !taken) return notItsAnswer(answer, 'answer_of_discord')
  const gone = code === UNKNOWN_WEBHOOK || code === INVALID_WEBHOOK_TOKEN
  return {
    ...(gone && permanent('not_found', because('discord_webhook_unknown'), helps('new_discord_webhook'))),
    retryAfterMs: secondsToMs(retry_after),
    ...(typeof id === 'string' && { reference: id }),
  }
}

/** The webhook's own address, which answers with the message, or that of a message of its own; a thread stays named. */
const addressOf = (webhookUrl: string, messageId?: string): string => {
  const url = URL.parse(webhookUrl)
  if (url === null) return webhookUrl
  if (messageId === undefined) url.searchParams.set('wait', 'true')
  else url.pathname = `${url.pathname.replace(/\/+$/, '')}/messages/${messageId}`
  return url.href
}

const call = (method: string, webhookUrl: string, messageId: string | undefined, body: object, context: SendContext) =>
  deliver(
    {
      url: addressOf(webhookUrl, messageId),
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      secrets: [webhookUrl],
    },
    context,
    read,
  )

/**
 * Discord, by a webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook. A webhook may edit its
 * messages; it cannot answer one, so later messages follow as they are.
 */
export const discord = defineChannel({
  name: 'discord',
  title: 'Discord',
  'x-es': { title: 'Discord' },
  options,
  audience: 'people',
  // Five messages in two seconds and webhook is what Discord allows.
  concurrency: 1,
  describe: ({ webhook_url }) => `${URL.parse(webhook_url)?.host ?? 'Discord'}/…`,
  // What a webhook says of itself: https://discord.com/developers/docs/resources/webhook#get-webhook-with-token
  reach: ({ webhook_url }, context) =>
    deliver({ url: webhook_url, method: 'GET', headers: {}, secrets: [webhook_url] }, context, read),
  send: async (rendered, { webhook_url }, context) => {
    const body = payload(rendered)
    const sent = await call('POST', webhook_url, undefined, body, context)
    const first = context.references.find((reference) => /^\d{1,20}$/.test(reference))
    if (rendered.message.reason !== 'resolved' || first === undefined) return sent
    return thenEdit(sent, () => call('PATCH', webhook_url, first, body, { ...context, timeoutMs: EDIT_TIMEOUT_MS }))
  },
})
