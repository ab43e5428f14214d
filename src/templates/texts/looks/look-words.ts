import type { FoundName, StepName } from '#core/result/found.ts'

/** What the steps of a look, and what they find, are called; `last known` is a value among it. */
export type LookWords = Readonly<Record<StepName | FoundName | 'last known', string>>
