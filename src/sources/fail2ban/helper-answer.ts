import type { BanAnswer, BanClient } from '#core/ban/ban-client.ts'
import { banRefusal, liftRefusal } from '#core/ban/ban-limits.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { inEnglish } from '#templates/said.ts'

/** What a helper is asked. Two verbs change something. */
export type HelperRequest =
  | { readonly verb: 'jails' }
  | { readonly verb: 'status' | 'banned' | 'bantime'; readonly jail: string }
  | { readonly verb: 'ban' | 'unban'; readonly jail: string; readonly ip: string }

const refused = (why: Cause): BanAnswer<never> => ({ ok: false, fault: 'refused', why })

/** Nobody's list is known here: what may never be banned by anybody. */
const ANYBODY = { allowed: [], longestMs: Number.POSITIVE_INFINITY }

type Verb = (client: BanClient, jail: string, ip: string) => Promise<BanAnswer<unknown>>

/** What changes a ban is looked at again, for the right to do it is here and not with who asks. */
const VERBS: Readonly<Record<string, Verb>> = {
  jails: (client) => client.jails(),
  status: (client, jail) => client.status(jail),
  banned: (client, jail) => client.banned(jail),
  bantime: (client, jail) => client.bantime(jail),
  ban: async (client, jail, ip) => {
    const refusal = banRefusal(ip, undefined, ANYBODY)
    return refusal ? refused(refusal.why) : client.ban(jail, ip)
  },
  unban: async (client, jail, ip) => {
    const refusal = liftRefusal(ip)
    return refusal ? refused(refusal.why) : client.unban(jail, ip)
  },
}

/**
 * An answer as it crosses to who asked, who may be of an older version: that reads the English sentence alone.
 */
export const helperLine = (answer: BanAnswer<unknown>): string =>
  JSON.stringify(answer.ok ? answer : { ...answer, message: inEnglish(answer.why) })

/** A question is short: a jail and an address. */
const LONGEST_QUESTION = 1000

/**
 * Answers one question of one line of JSON, as a helper that has the right to ask fail2ban and is asked by somebody who has
 * not. What is no question is refused; nothing else of it is ever run.
 */
export const answerHelper = async (line: string, client: BanClient): Promise<BanAnswer<unknown>> => {
  if (line.length > LONGEST_QUESTION) return refused(because('ban_question_too_long'))
  let question: unknown
  try {
    question = JSON.parse(line)
  } catch {
    return refused(because('ban_question_not_json'))
  }
  const { verb, jail = '', ip = '' } = (question ?? {}) as Record<string, unknown>
  const known = typeof verb === 'string' && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (!known || typeof jail !== 'string' || typeof ip !== 'string') return refused(because('ban_question_unknown'))
  return known(client, jail, canonicalNetwork(ip) ?? ip)
}
