import { because, type Cause, type Causes, type Fact } from './cause/cause.ts'
import type { TroubleCauses } from './cause/trouble-causes.ts'

/** What keeps the server from its work. */
export interface Trouble extends Cause {
  readonly code: keyof TroubleCauses | 'probes_late'
  /** What is wrong with the store, by its own code where it has one: `full`, `read_only`, `busy`, `unreachable`. */
  readonly fault?: string | undefined
}

/** Trouble with the facts that its code asks for. */
export const trouble = <Code extends Trouble['code']>(
  code: Code,
  facts: { readonly [Name in Causes[Code]]: Fact },
  fault?: string,
): Trouble => ({ ...because<Trouble['code']>(code, facts as never), code, ...(fault !== undefined && { fault }) })

/** By which code programs know it, where that is another than its sentence's. */
const KNOWN_AS: Readonly<Partial<Record<Trouble['code'], string>>> = {
  all_probes_late: 'probes_late',
  probes_late: 'some_probes_late',
}

/** By which code programs know a trouble: it stays, whatever its sentence is called by. */
export const troubleCode = ({ code }: Trouble): string => KNOWN_AS[code] ?? code
