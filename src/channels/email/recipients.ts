import { because, type Fact } from '#core/cause/cause.ts'
import type { SendContext, Served } from '#core/channel.ts'
import type { SmtpRefusal } from './smtp-refusals.ts'

const NOBODY: Served = { accepted: [], refused: [] }
/** Names of recipients in a sentence. */
const MOST_NAMED = 3

export interface Recipients {
  /** Those to whom this attempt goes. */
  readonly now: readonly string[]
  /** Those whose earlier message has not left yet. */
  readonly behind: readonly string[]
  readonly earlier: Served
}

/** Who of `to` is still to be told, and who of them now. */
export const recipientsNow = (to: readonly string[], { served = NOBODY, only }: SendContext): Recipients => {
  const done = new Set([...served.accepted, ...served.refused.map(({ recipient }) => recipient)])
  const open = to.filter((address) => !done.has(address))
  const may = only && new Set(only)
  return {
    now: open.filter((address) => may?.has(address) ?? true),
    behind: open.filter((address) => may !== undefined && !may.has(address)),
    earlier: served,
  }
}

/** RFC 5321, 4.2.1: what begins with 5 is final for this recipient, everything else may be otherwise the next time. */
const isFinal = ({ code }: SmtpRefusal): boolean => code >= 500

/** What is known of all recipients after an attempt: `refusals` of those it went to. */
export const afterSession = (
  { now, behind, earlier }: Recipients,
  refusals: readonly SmtpRefusal[],
): { readonly served: Served; readonly deferred: readonly SmtpRefusal[]; readonly waiting: readonly string[] } => {
  const asWritten = new Map(now.map((address) => [address.toLowerCase(), address]))
  const own = refusals.map((one) => ({
    ...one,
    recipient: asWritten.get(one.recipient.toLowerCase()) ?? one.recipient,
  }))
  const turnedAway = new Set(own.map(({ recipient }) => recipient))
  const deferred = own.filter((one) => !isFinal(one))
  const refused = own
    .filter(isFinal)
    .map(({ recipient, answer, cause }) => ({ recipient, answer, ...(cause && { cause }) }))
  return {
    served: {
      accepted: [...earlier.accepted, ...now.filter((address) => !turnedAway.has(address))],
      refused: [...earlier.refused, ...refused],
    },
    deferred,
    waiting: [...deferred.map(({ recipient }) => recipient), ...behind],
  }
}

/** `a@x, b@x, c@x and 4 more`. */
export const named = (addresses: readonly string[]): Fact => {
  const rest = addresses.length - MOST_NAMED
  const names = addresses.slice(0, MOST_NAMED).join(', ')
  return rest > 0 ? because('names_and_more', { names, more: rest }) : names
}
