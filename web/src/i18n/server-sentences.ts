import i18next from 'i18next'
import type { Missed } from '../../../src/core/alert/missed.ts'
import type { Trouble } from '../../../src/core/trouble.ts'
import { language } from './language.ts'
import { fill } from './sentences.ts'
import { MISSED, STORE_FAULTS, TROUBLES } from './texts/told.ts'

// What the server tells as a code with its facts, in the reader's language.

/** Why a rule did nothing about an event. */
export const missedText = ({ code, facts }: Missed): string => {
  const stateWord = 'state' in facts ? i18next.t(`words.${facts.state as 'down'}`) : ''
  return fill(MISSED[language()][code], { ...facts, stateWord })
}

/** What keeps the server from its work. */
export const troubleText = ({ code, facts }: Trouble): string => {
  const { reason, fault } = facts as { readonly reason?: string; readonly fault?: string }
  return fill(TROUBLES[language()][code], { ...facts, why: (fault && STORE_FAULTS[fault]) ?? reason })
}
