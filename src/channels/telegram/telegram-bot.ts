import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome, SendContext } from '#core/channel.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { deliver, type HttpAnswer, jsonBody, notItsAnswer, type Reading, succeeds } from '../http/http.ts'
import { secondsToMs } from '../http/retry-after.ts'
import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { fit, oneLine } from '../text/text.ts'

/** A bot, and the server that speaks for it. */
export interface BotAddress {
  readonly bot_token: string
  readonly api_url?: string
}

const refusal = (status: number, description: string): Explanation | undefined => {
  const said = because('telegram_says', { description: fit(oneLine(description), 200) })
  if (status === 401 || status === 404) return permanent('authentication_failed', said, helps('check_bot_token'))
  if (status === 409) return permanent('message_refused', said, helps('one_program_per_bot'))
  if (/migrate|upgraded to a supergroup/i.test(description))
    return permanent('recipient_refused', said, helps('write_new_chat_id'))
  if (status === 403 || /chat not found|chat_write_forbidden|not enough rights/i.test(description))
    return permanent('recipient_refused', said, helps('add_bot_to_chat'))
  return status === 400 ? permanent('message_refused', said) : undefined
}

const read = (answer: HttpAnswer): Reading => {
  const { ok, description, result, parameters, error_code } = jsonBody(answer)
  const said = typeof description === 'string' ? description : ''
  // A body that was cut off while it came has said the word that counts.
  if (ok === undefined && succeeds(answer) && /^\s*\{\s*"ok"\s*:\s*true\b/.test(answer.body)) return {}
  if (ok === undefined && succeeds(answer)) return notItsAnswer(answer, 'answer_of_telegram')
  if (ok === true) return isObject(result) && 'message_id' in result ? { reference: String(result.message_id) } : {}
  const status = typeof error_code === 'number' ? error_code : answer.status
  const refused = transient('bad_answer', because('telegram_says_not_why'))
  const failure = (said === '' ? undefined : refusal(status, said)) ?? (succeeds(answer) ? refused : undefined)
  const wait = isObject(parameters) ? secondsToMs(parameters.retry_after) : undefined
  const chat = isObject(parameters) ? parameters.migrate_to_chat_id : undefined
  const cure = typeof chat === 'number' ? { cure: helps('write_this_chat_id', { chat }) } : {}
  return { ...failure, ...cure, retryAfterMs: wait }
}

/**
 * Calls a method of the Bot API (https://core.telegram.org/bots/api#making-requests). `onAnswer` hears the whole answer
 * before the outcome is made of it.
 */
export const callBot = (
  { bot_token, api_url = 'https://api.telegram.org' }: BotAddress,
  method: string,
  parameters: JsonObject,
  context: SendContext,
  {
    onAnswer,
    ...limits
  }: { onAnswer?: (answer: HttpAnswer) => void; longestAnswer?: number; bodyPatienceMs?: number } = {},
): Promise<DeliveryOutcome> =>
  deliver(
    {
      url: `${api_url.replace(/\/+$/, '')}/bot${bot_token}/${method}`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      secrets: [bot_token],
      ...limits,
    },
    context,
    (answer) => {
      onAnswer?.(answer)
      return read(answer)
    },
  )
