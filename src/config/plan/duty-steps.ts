import type { DutyList, DutyPerson } from '#core/duty/duty.ts'
import { dutyListEntryOf, dutyPersonEntryOf } from '#core/duty/duty-entry.ts'
import type { WantedDuty } from '../duty.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { namedSteps, type Step, type Taking } from './step.ts'

export type PersonStep = Step<DutyPerson, DutyPerson>
export type ListStep = Step<DutyList, DutyList>

const stepsOf = <One extends DutyPerson | DutyList>(
  wanted: readonly One[],
  byHand: readonly One[],
  ofFile: readonly One[],
  taking: Taking,
  wordsOf: (one: One) => object,
): Step<One, One>[] => {
  const others = byHand.filter(({ name }) => !ofFile.some((one) => one.name === name))
  return namedSteps(wanted, [...ofFile, ...others], (before, spec) => sameWords(wordsOf(before), wordsOf(spec)), taking)
}

/** Who is on duty by a file is not stored: it is compared with what the server's own file says at this moment. */
export const dutySteps = (
  wanted: WantedDuty | undefined,
  { people, lists, running }: Pick<Present, 'people' | 'lists' | 'running'>,
  taking: Taking,
): { readonly people: PersonStep[]; readonly lists: ListStep[] } => ({
  people: stepsOf(wanted?.people ?? [], people, running?.duty?.people ?? [], taking, dutyPersonEntryOf),
  lists: stepsOf(wanted?.lists ?? [], lists, running?.duty?.lists ?? [], taking, dutyListEntryOf),
})
