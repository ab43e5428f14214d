import { codeFields } from '#core/cause/cause-fields.ts'
import { type Trouble, troubleCode } from '#core/trouble.ts'
import { plainFacts } from './said.ts'

/** What keeps the server from its work, as programs are told: its own code and facts, and what its sentence is made of. */
export const troubleView = (trouble: Trouble) => {
  const { facts, fault } = trouble
  return {
    code: troubleCode(trouble),
    facts: { ...plainFacts(facts), ...(fault !== undefined && { fault }) },
    ...codeFields(trouble),
  }
}
