import type { Cause } from '#core/cause/cause.ts'
import { codeFields } from '#core/cause/cause-fields.ts'
import { type Trouble, troubleCode } from '#core/trouble.ts'
import { inEnglish, plainFacts, saidFields } from './said.ts'

/** What keeps the server from its work, as programs are told: its own code and facts, and what its sentence is made of. */
export const troubleView = (trouble: Trouble) => {
  const { facts, fault } = trouble
  return {
    code: troubleCode(trouble),
    facts: { ...plainFacts(facts), ...(fault !== undefined && { fault }) },
    ...codeFields(trouble),
  }
}

/** What people should know although the server does its work: in English, and what those sentences are made of. */
export const notesView = (notes: readonly Cause[]) => ({
  notes: notes.map(inEnglish),
  notes_causes: notes.map(saidFields),
})
