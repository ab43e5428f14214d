import { because, type Cause, type Causes, type Fact } from '../cause/cause.ts'
import type { MissedCauses } from '../cause/verdict-causes.ts'

/** Why a rule did nothing about an event. */
export interface Missed extends Cause {
  readonly code: keyof MissedCauses
}

/** Why a rule did nothing, with the facts that its code asks for. */
export const missed = <Code extends Missed['code']>(
  code: Code,
  ...facts: [Causes[Code]] extends [never] ? [] : [facts: { readonly [Name in Causes[Code]]: Fact }]
): Missed => ({ ...because(code, ...(facts as never)), code })
