import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome, SendContext } from '#core/channel.ts'
import type { JsonObject } from '#lib/json.ts'
import { deliver, type HttpAnswer, jsonBody, notItsAnswer, type Reading, succeeds } from '../http/http.ts'
import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { fit, oneLine } from '../text/text.ts'

const INVITE = helps('invite_slack_app')

/** Slack's own words for a refusal: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const REFUSALS: Readonly<Record<string, Explanation>> = {
  ...Object.fromEntries(
    ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'].map((error) => [
      error,
      permanent('authentication_failed', because('slack_token_refused', { error }), helps('check_slack_token')),
    ]),
  ),
  missing_scope: permanent('authentication_failed', because('slack_app_may_not_post'), helps('give_slack_scope')),
  channel_not_found: permanent('recipient_refused', because('slack_channel_unknown'), INVITE),
  not_in_channel: permanent('recipient_refused', because('slack_app_not_in_channel'), INVITE),
  is_archived: permanent('recipient_refused', because('slack_channel_archived'), helps('choose_another_channel')),
  ratelimited: transient('rate_limited', because('slack_asks_to_wait')),
  ...Object.fromEntries(
    ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'].map((error) => [
      error,
      transient('server_error', because('slack_says', { error })),
    ]),
  ),
}

const read = (answer: HttpAnswer): Reading | undefined => {
  const { ok, error, channel, ts } = jsonBody(answer)
  if (ok === true) return typeof channel === 'string' && typeof ts === 'string' ? { reference: `${channel} ${ts}` } : {}
  if (typeof error !== 'string') {
    // A body that was cut off while it came has said the word that counts.
    if (/^\s*\{\s*"ok"\s*:\s*true\b/.test(answer.body)) return {}
    return succeeds(answer) ? notItsAnswer(answer, 'answer_of_slack_api') : undefined
  }
  if (Object.hasOwn(REFUSALS, error)) return REFUSALS[error]
  return permanent('message_refused', because('slack_says', { error: fit(oneLine(error), 200) }))
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
