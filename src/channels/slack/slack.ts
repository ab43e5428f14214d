import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import { type DeliveryOutcome, defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { says } from '#core/said.ts'
import { type Static, Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, jsonBody, notItsAnswer, type Reading, succeeds } from '../http/http.ts'
import { outsideUrls } from '../http/outside-urls.ts'
import { isTemplate } from '../text/body-template.ts'
import { type Explanation, permanent } from '../text/outcome.ts'
import { fit, oneLine } from '../text/text.ts'
import { EDIT_TIMEOUT_MS, thenEdit } from '../text/then-edit.ts'
import { callSlack, postOf } from './slack-bot.ts'

const options = Type.Object(
  {
    webhook_url: Type.Optional(
      Type.String({
        title: 'Webhook URL',
        description: 'Address of an incoming webhook, as Slack shows it: https://hooks.slack.com/services/…',
        'x-es': {
          title: 'URL del webhook',
          description: 'Dirección de un webhook entrante, como la muestra Slack: https://hooks.slack.com/services/…',
        },
        pattern: '^https?://',
        maxLength: 2000,
        'x-secret': true,
      }),
    ),
    bot_token: Type.Optional(
      Type.String({
        title: 'Bot token',
        description:
          'Instead of a webhook: token of a Slack app with the scope chat:write, xoxb-…. A bot edits its first message and answers in its thread; a webhook cannot.',
        'x-es': {
          title: 'Token del bot',
          description:
            'En lugar de un webhook: token de una aplicación de Slack con el permiso chat:write, xoxb-…. Un bot edita su primer mensaje y responde en su hilo; un webhook no puede.',
        },
        pattern: '^[A-Za-z0-9._-]+$',
        maxLength: 300,
        'x-secret': true,
      }),
    ),
    channel: Type.Optional(
      Type.String({
        title: 'Channel',
        description: 'With a bot token: id of the Slack channel (C…), or its #name. The app must be in it.',
        'x-es': {
          title: 'Canal',
          description: 'Con un token de bot: id del canal de Slack (C…), o su #nombre. La aplicación debe estar en él.',
        },
        pattern: '^[#\\p{L}\\p{N}._-]+$',
        maxLength: 100,
      }),
    ),
    api_url: Type.Optional(
      Type.String({
        title: 'API address',
        description: 'With a bot token: address of the Web API where it is another than https://slack.com/api.',
        'x-es': {
          title: 'Dirección de la API',
          description: 'Con un token de bot: dirección de la Web API si es otra que https://slack.com/api.',
        },
        pattern: '^https?://',
        'x-login': true,
        maxLength: 2000,
      }),
    ),
  },
  { additionalProperties: false },
)

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** The three characters that Slack's mrkdwn asks to be escaped; mentions and links need them. */
const escapeMrkdwn = (text: string): string => text.replace(/[&<>]/g, (character) => ESCAPES[character]!)
/** What begins bold, italic, struck or fixed text, or a quotation, and has no escape: look-alikes begin nothing. */
const LOOKS_LIKE: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ', '>': '›' }
const BEGINS_FORMAT = /(?<![\p{L}\p{N}])[*_~`](?=\S)|^>/gmu

const plain = (text: string): string =>
  outsideUrls(text, (words) => words.replace(BEGINS_FORMAT, (character) => LOOKS_LIKE[character]!))

/** Mrkdwn has no escape for the star, so inside bold text it becomes its look-alike. */
const bold = (text: string, limit: number): string =>
  `*${fit(plain(oneLine(text)).replaceAll('*', '∗'), limit, escapeMrkdwn)}*`

const linkOf = ({ label, url }: Rendered['chat']['links'][number]): string =>
  `<${escapeMrkdwn(oneLine(url)).replaceAll('|', '%7C')}|${fit(oneLine(label).replaceAll('|', '/'), 75, escapeMrkdwn)}>`

const payload = ({ chat }: Rendered) => {
  const links = chat.links.map(linkOf).join(' · ')
  const lines = [fit(plain(chat.detail), 3000, escapeMrkdwn), links].filter((line) => line !== '')
  return {
    text: `${chat.mark} ${bold(chat.title, 300)}`,
    attachments: [
      { color: chat.color, text: lines.join('\n'), mrkdwn_in: ['text'], fallback: fit(oneLine(chat.detail), 300) },
    ],
    unfurl_links: false,
    unfurl_media: false,
  }
}

const NEW_WEBHOOK = helps('new_slack_webhook')
/** Slack's own words for a refusal. */
const REFUSALS: Readonly<Record<string, Explanation>> = {
  invalid_token: permanent('authentication_failed', because('slack_webhook_unknown'), NEW_WEBHOOK),
  no_active_hooks: permanent('authentication_failed', because('slack_webhook_disabled'), NEW_WEBHOOK),
  no_service: permanent('not_found', because('slack_webhook_unknown'), NEW_WEBHOOK),
  no_team: permanent('not_found', because('slack_workspace_unknown'), NEW_WEBHOOK),
  channel_not_found: permanent('recipient_refused', because('slack_webhook_channel_gone'), NEW_WEBHOOK),
  channel_is_archived: permanent('recipient_refused', because('slack_webhook_channel_archived'), NEW_WEBHOOK),
  action_prohibited: permanent(
    'recipient_refused',
    because('slack_webhook_not_allowed'),
    helps('ask_slack_administrator'),
  ),
}

/** `ok` is Slack's word; services that take the same webhooks say it in JSON. */
const isTaken = (answer: HttpAnswer): boolean => {
  const { ok, success, result } = jsonBody(answer)
  return /^"?ok\b/i.test(answer.body.trim()) || ok === true || success === true || result === 'success'
}

const read = (answer: HttpAnswer): Reading | undefined => {
  const word = answer.body.trim()
  if (Object.hasOwn(REFUSALS, word)) return REFUSALS[word]
  return succeeds(answer) && !isTaken(answer) ? notItsAnswer(answer, 'answer_of_slack_webhooks') : undefined
}

type SlackOptions = Static<typeof options>

const byWebhook = (rendered: Rendered, url: string, context: SendContext): Promise<DeliveryOutcome> =>
  deliver(
    {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload(rendered)),
      secrets: [url],
    },
    context,
    read,
  )

/** Answers in the thread of the first message. The end of an alert changes that one too. */
const byBot = async (
  rendered: Rendered,
  token: string,
  { channel = '', api_url }: SlackOptions,
  context: SendContext,
): Promise<DeliveryOutcome> => {
  const first = postOf(context.references[0])
  const { reason } = rendered.message
  // What is still open must be seen by who does not open the thread; the end shows in the first message.
  const thread = first && { thread_ts: first.ts, reply_broadcast: reason !== 'resolved' }
  const post = payload(rendered)
  const sent = await callSlack(token, api_url, 'chat.postMessage', { ...post, channel, ...thread }, context)
  if (reason !== 'resolved' || !first) return sent
  const { text, attachments } = post
  const edit = { ...first, text, attachments }
  return thenEdit(sent, () =>
    callSlack(token, api_url, 'chat.update', edit, { ...context, timeoutMs: EDIT_TIMEOUT_MS }),
  )
}

/**
 * Slack, by an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks) or by a bot
 * (https://docs.slack.dev/reference/methods/chat.postMessage).
 */
export const slack = defineChannel({
  name: 'slack',
  title: 'Slack',
  'x-es': { title: 'Slack' },
  options,
  audience: 'people',
  // One message a second and webhook or channel is what Slack allows.
  concurrency: 1,
  hosts: ({ bot_token, api_url }) => (bot_token !== undefined && api_url === undefined ? ['slack.com'] : []),
  describe: ({ webhook_url, channel }) =>
    webhook_url === undefined ? `Slack ${channel ?? ''}`.trim() : `${URL.parse(webhook_url)?.host ?? 'Slack'}/…`,
  check: ({ webhook_url, bot_token, channel, api_url }) => {
    if (webhook_url !== undefined && bot_token !== undefined)
      return says(
        'there are webhook_url and bot_token: keep the one by which to send',
        'hay webhook_url y bot_token: deje aquel por el que se envía',
      )
    if (webhook_url !== undefined) {
      if (isTemplate(webhook_url))
        return says(
          'webhook_url is sent as it is written: {{ … }} is filled by the type webhook',
          'webhook_url se envía tal como está escrita: {{ … }} lo rellena el tipo webhook',
        )
      return channel === undefined && api_url === undefined
        ? undefined
        : says(
            'channel and api_url belong to bot_token: a webhook posts where it was made for',
            'channel y api_url van con bot_token: un webhook publica donde se creó',
          )
    }
    if (bot_token === undefined)
      return says(
        'webhook_url is missing; or write bot_token and channel',
        'falta webhook_url; o escriba bot_token y channel',
      )
    return channel === undefined
      ? says(
          'channel is missing: bot_token needs to know where to post',
          'falta channel: bot_token necesita saber dónde publicar',
        )
      : undefined
  },
  // A webhook says nothing before something is posted.
  reach: ({ bot_token, api_url }, context) =>
    bot_token === undefined ? undefined : callSlack(bot_token, api_url, 'auth.test', {}, context),
  send: async (rendered, own, context) => {
    if (own.bot_token !== undefined) return byBot(rendered, own.bot_token, own, context)
    if (own.webhook_url !== undefined) return byWebhook(rendered, own.webhook_url, context)
    return { ok: false, ...permanent('bad_configuration', because('slack_not_configured')) }
  },
})
