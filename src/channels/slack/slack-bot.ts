import type { DeliveryOutcome, SendContext } from '#core/channel.ts'
import type { JsonObject } from '#lib/json.ts'
import { deliver, type HttpAnswer, jsonBody, notItsAnswer, type Reading, succeeds } from '../http/http.ts'
import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { fit, oneLine } from '../text/text.ts'

const TOKEN = 'Check the bot token of the Slack app: it begins with xoxb-.'
const INVITE = 'Check the channel, and invite the app to it: /invite @app.'
const SCOPE = 'Give the Slack app the scope chat:write and install it again.'

/** Slack's own words for a refusal: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const REFUSALS: Readonly<Record<string, Explanation>> = {
  ...Object.fromEntries(
    ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'].map((code) => [
      code,
      permanent('authentication_failed', `Slack does not take the token: ${code}.`, TOKEN),
    ]),
  ),
  missing_scope: permanent('authentication_failed', 'The Slack app may not post messages.', SCOPE),
  channel_not_found: permanent(
    'recipient_refused',
    'Slack does not know the channel, or the app cannot see it.',
    INVITE,
  ),
  not_in_channel: permanent('recipient_refused', 'The Slack app is not in the channel.', INVITE),
  is_archived: permanent('recipient_refused', 'The Slack channel is archived.', 'Choose another channel.'),
  ratelimited: transient('rate_limited', 'Slack asks to wait.'),
  ...Object.fromEntries(
    ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'].map((code) => [
      code,
      transient('server_error', `Slack says: ${code}.`),
    ]),
  ),
}

const read = (answer: HttpAnswer): Reading | undefined => {
  const { ok, error, channel, ts } = jsonBody(answer)
  if (ok === true) return typeof channel === 'string' && typeof ts === 'string' ? { reference: `${channel} ${ts}` } : {}
  if (typeof error !== 'string') {
    // A body that was cut off while it came has said the word that counts.
    if (/^\s*\{\s*"ok"\s*:\s*true\b/.test(answer.body)) return {}
    return succeeds(answer) ? notItsAnswer(answer, "Slack's API") : undefined
  }
  if (Object.hasOwn(REFUSALS, error)) return REFUSALS[error]
  return permanent('message_refused', `Slack says: ${fit(oneLine(error), 200)}.`)
}

/** A message that was posted: the id of its channel, and its time, which is its name. */
export interface SlackPost {
  readonly channel: string
  readonly ts: string
}

/** What `callSlack` returned as the reference of a message. */
export const postOf = (reference: string | undefined): SlackPost | undefined => {
  const [, channel, ts] = /^(\w+) ([\d.]+)$/.exec(reference ?? '') ?? []
  return channel === undefined || ts === undefined ? undefined : { channel, ts }
}

/** Calls a method of the Web API: https://docs.slack.dev/apis/web-api/ */
export const callSlack = (
  bot_token: string,
  apiUrl: string | undefined,
  method: string,
  parameters: JsonObject,
  context: SendContext,
): Promise<DeliveryOutcome> =>
  deliver(
    {
      url: `${(apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '')}/${method}`,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${bot_token}` },
      body: JSON.stringify(parameters),
      secrets: [bot_token],
    },
    context,
    read,
  )
