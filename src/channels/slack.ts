import { defineChannel } from '#core/channel.ts'
import type { Rendered } from '#core/message.ts'
import { Type } from '#lib/schema.ts'
import { deliver, type HttpAnswer, type Reading } from './http.ts'
import { permanent } from './outcome.ts'
import { fit, oneLine } from './text.ts'

const options = Type.Object(
  {
    webhook_url: Type.String({
      title: 'Webhook URL',
      description: 'Address of an incoming webhook, as Slack shows it: https://hooks.slack.com/services/…',
      pattern: '^https?://',
      maxLength: 2000,
      'x-secret': true,
    }),
  },
  { additionalProperties: false },
)

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** The three characters that Slack's mrkdwn asks to be escaped; mentions and links need them. */
const escapeMrkdwn = (text: string): string => text.replace(/[&<>]/g, (character) => ESCAPES[character]!)
/** Mrkdwn has no escape for the star, so inside bold text it becomes its look-alike. */
const bold = (text: string, limit: number): string =>
  `*${fit(oneLine(text).replaceAll('*', '∗'), limit, escapeMrkdwn)}*`

const linkOf = ({ label, url }: Rendered['chat']['links'][number]): string =>
  `<${escapeMrkdwn(oneLine(url)).replaceAll('|', '%7C')}|${fit(oneLine(label).replaceAll('|', '/'), 75, escapeMrkdwn)}>`

const payload = ({ chat }: Rendered) => {
  const links = chat.links.map(linkOf).join(' · ')
  const lines = [fit(chat.detail, 3000, escapeMrkdwn), links].filter((line) => line !== '')
  return {
    text: `${chat.mark} ${bold(chat.title, 300)}`,
    attachments: [
      { color: chat.color, text: lines.join('\n'), mrkdwn_in: ['text'], fallback: fit(oneLine(chat.detail), 300) },
    ],
    unfurl_links: false,
    unfurl_media: false,
  }
}

const NEW_WEBHOOK = 'Make a new incoming webhook in Slack and write its URL here.'
/** Slack's own words for a refusal. */
const REFUSALS: Readonly<Record<string, ReturnType<typeof permanent>>> = {
  invalid_token: permanent('authentication_failed', 'Slack does not know this webhook.', NEW_WEBHOOK),
  no_active_hooks: permanent('authentication_failed', 'Slack has disabled this webhook.', NEW_WEBHOOK),
  no_service: permanent('not_found', 'Slack does not know this webhook.', NEW_WEBHOOK),
  no_team: permanent('not_found', 'Slack does not know the workspace of this webhook.', NEW_WEBHOOK),
  channel_not_found: permanent('recipient_refused', 'The channel of this webhook is gone.', NEW_WEBHOOK),
  channel_is_archived: permanent('recipient_refused', 'The channel of this webhook is archived.', NEW_WEBHOOK),
  action_prohibited: permanent(
    'recipient_refused',
    'The Slack workspace does not allow this webhook to post.',
    'Ask an administrator of the workspace.',
  ),
}

const read = ({ body }: HttpAnswer): Reading | undefined => REFUSALS[body.trim()]

/** Slack, by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack = defineChannel({
  name: 'slack',
  title: 'Slack',
  options,
  audience: 'people',
  // One message a second and webhook is what Slack allows.
  concurrency: 1,
  describe: ({ webhook_url }) => `${URL.parse(webhook_url)?.host ?? 'Slack'}/…`,
  send: (rendered, { webhook_url }, context) =>
    deliver(
      {
        url: webhook_url,
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(payload(rendered)),
        secrets: [webhook_url],
      },
      context,
      read,
    ),
})
