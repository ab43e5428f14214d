import i18next from 'i18next'
import type { Missed } from '../../../src/core/alert/missed.ts'
import type { Trouble } from '../../../src/core/trouble.ts'

// What the server tells as a code with its facts, in the reader's language. A code without a sentence does not compile.

/** Why a rule did nothing about an event. */
export const missedText = ({ code, facts }: Missed): string =>
  String(i18next.t(`alerts.missed.${code}`, facts as never))

const FAULTS = ['full', 'read_only', 'busy', 'unreachable'] as const

/** What keeps the server from its work. */
export const troubleText = ({ code, facts }: Trouble): string => {
  const { reason, fault } = facts as { readonly reason?: string; readonly fault?: string }
  const known = FAULTS.find((one) => one === fault)
  const why = known ? i18next.t(`settings.storeFaults.${known}`) : reason
  return String(i18next.t(`settings.trouble.${code}`, { ...facts, why } as never))
}
