import { because, type Cause } from '#core/cause/cause.ts'
import type { DeliveryOutcome, Served } from '#core/channel.ts'
import { type Explanation, type Steps, transient } from '../text/outcome.ts'
import { excerpt } from '../text/text.ts'
import { afterSession, named, type Recipients } from './recipients.ts'
import { explainSmtp, namedWaitMs, type SmtpError, type SmtpPlace } from './smtp-errors.ts'
import { refusalsOf, type SmtpRefusal } from './smtp-refusals.ts'
import type { SmtpResult } from './smtp-session.ts'

/** What an attempt that was cut short, or refused as a whole, leaves behind: what earlier ones came to. */
const known = ({ earlier }: Recipients, refusals: readonly SmtpRefusal[] = []): { served?: Served } => {
  const refused = refusals.filter(({ code }) => code >= 500)
  // Refused alike by a session that fails for all of them, it says nothing of one of them.
  const own =
    refused.length < refusals.length
      ? refused.map(({ recipient, answer, cause }) => ({ recipient, answer, ...(cause && { cause }) }))
      : []
  if (earlier.accepted.length + earlier.refused.length + own.length === 0) return {}
  return { served: { accepted: earlier.accepted, refused: [...earlier.refused, ...own] } }
}

/** All have it but those who were refused for good. */
const finished = (served: Served): Pick<Extract<DeliveryOutcome, { ok: true }>, 'ok' | 'refused' | 'served'> => ({
  ok: true,
  ...(served.refused.length > 0 && {
    refused: served.refused.map((one) => ({ ...one, answer: excerpt(one.answer) })),
    served,
  }),
})

const notWithAll = ({ waiting, served: { accepted } }: ReturnType<typeof afterSession>, why: Cause): Cause => {
  const open = { who: named(waiting), why }
  if (accepted.length === 0) return because('mail_not_with_all', open)
  const code = accepted.length === 1 ? 'mail_not_with_all_one_has_it' : 'mail_not_with_all_others_have_it'
  return because(code, { ...open, had: named(accepted) })
}

/** Some have it, and others are tried again. */
const partly = (after: ReturnType<typeof afterSession>, place: SmtpPlace): Explanation & { served: Served } => {
  const [first] = after.deferred
  const why = first
    ? explainSmtp({ code: 'EENVELOPE', message: '', command: 'RCPT TO', ...refusalOf(first) }, place)
    : transient('recipient_refused', because('mail_earlier_waits'))
  return { ...why, kind: 'transient', cause: notWithAll(after, why.cause), served: after.served }
}

const refusalOf = ({ answer, code }: SmtpRefusal) => ({ response: answer, responseCode: code })

/** What a mail that left means for each of its recipients. */
export const delivered = (
  { response, refused, withoutLogin }: SmtpResult,
  reference: string,
  steps: Steps,
  recipients: Recipients,
  place: SmtpPlace,
): DeliveryOutcome => {
  if (withoutLogin) steps.mark('auth', because('mail_login_not_offered'))
  const code = Number(response.slice(0, 3))
  const after = afterSession(recipients, refused)
  const seen = { response: excerpt(response), reference, ...(code > 0 && { code }) }
  if (after.waiting.length === 0) return { ...finished(after.served), ...seen }
  const wait = namedWaitMs(after.deferred[0]?.answer ?? '')
  return { ok: false, ...partly(after, place), ...seen, ...(wait !== undefined && { retryAfterMs: wait }) }
}

/** What a mail that did not leave means for them. */
export const failed = (
  error: unknown,
  explanation: Explanation,
  recipients: Recipients,
  place: SmtpPlace,
): DeliveryOutcome => {
  const {
    response,
    responseCode,
    rejectedErrors,
    refusals = refusalsOf(rejectedErrors),
  } = error as SmtpError & {
    readonly refusals?: readonly SmtpRefusal[]
  }
  const { kind, reason } = explanation
  // Others have it from an earlier attempt: these are what is left, and they are refused.
  if (kind === 'permanent' && reason === 'recipient_refused' && recipients.earlier.accepted.length > 0) {
    const after = afterSession(recipients, refusals)
    const seen = { ...(responseCode && { code: responseCode }), ...(response && { response: excerpt(response) }) }
    return after.waiting.length === 0
      ? { ...finished(after.served), ...seen }
      : { ok: false, ...partly(after, place), ...seen }
  }
  const wait = explanation.kind === 'transient' ? namedWaitMs(response ?? '') : undefined
  return {
    ok: false,
    ...explanation,
    ...(responseCode && { code: responseCode }),
    ...(response && { response: excerpt(response) }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...known(recipients, refusals),
  }
}

/** Nobody is to be told now: all have it, or those who do not wait for an earlier message. */
export const nothingToSend = (recipients: Recipients, place: SmtpPlace): DeliveryOutcome | undefined => {
  if (recipients.now.length > 0) return undefined
  const after = afterSession(recipients, [])
  return after.waiting.length === 0 ? finished(after.served) : { ok: false, ...partly(after, place) }
}
