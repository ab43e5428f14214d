import type { BanCauses } from './ban-causes.ts'
import type { ConfigCauses } from './config-causes.ts'
import type { DeliveryCauses } from './delivery-causes.ts'
import type { EventCauses } from './event-causes.ts'
import type { FlowCauses } from './flow-causes.ts'
import type { ImportCauses } from './import-causes.ts'
import type { OpeningCauses } from './opening-causes.ts'
import type { ProbeCauses } from './probe-causes.ts'
import type { RuleCauses } from './rule-causes.ts'
import type { ServerCauses } from './server-causes.ts'
import type { StoreCauses } from './store-causes.ts'
import type { TemplateCauses } from './template-causes.ts'
import type { TroubleCauses } from './trouble-causes.ts'
import type { VerdictCauses } from './verdict-causes.ts'
import type { WorkCauses } from './work-causes.ts'

/** What a sentence says beside its fixed words. A cause within a cause is said in its place, several one after the other. */
export type Fact = string | number | Cause | readonly Cause[]
type CauseFacts = Readonly<Record<string, Fact>>

/** Every cause with the names of its facts. */
export interface Causes
  extends ProbeCauses,
    DeliveryCauses,
    ServerCauses,
    StoreCauses,
    TroubleCauses,
    EventCauses,
    FlowCauses,
    RuleCauses,
    VerdictCauses,
    WorkCauses,
    ImportCauses,
    TemplateCauses,
    BanCauses,
    OpeningCauses,
    ConfigCauses {}
export type CauseCode = keyof Causes
type FactsOf<Code extends CauseCode> = { readonly [Name in Causes[Code]]: Fact }

/**
 * Why something is so, as a code with its facts. People read it as a sentence of their language, which stands in
 * `templates/texts/causes`; a fact never holds a secret. It crosses threads as it is, and is stored beside its English
 * sentence: a newer version may have written a code that this one does not know.
 */
export interface Cause {
  readonly code: CauseCode
  readonly facts: CauseFacts
}

/** None: the cause that needs no facts is one object, whoever names it. */
const NO_FACTS: CauseFacts = {}

/**
 * A cause with the facts that its code asks for.
 *
 * @example
 * because('connection_refused', { target: '10.0.0.1:22' }) // "connection to 10.0.0.1:22 refused"
 */
export const because = <Code extends CauseCode>(
  code: Code,
  ...[facts]: [Causes[Code]] extends [never] ? [] : [facts: FactsOf<Code>]
): Cause => ({ code, facts: facts ?? NO_FACTS })

/** True for a fact that is a cause itself. */
export const isCause = (fact: Fact | undefined): fact is Cause =>
  typeof fact === 'object' && !Array.isArray(fact) && typeof (fact as Cause | null)?.code === 'string'
