import { type CauseFields, codeFields } from '#core/cause/cause-fields.ts'
import type { Cure } from '#core/cause/delivery-cures.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import type { ChannelTrouble, DeliveryOutcome, DeliveryStep } from '#core/channel.ts'
import type { JsonObject } from '#lib/json.ts'
import { inEnglish, inSpanish } from './said.ts'
import { cureSentences } from './texts/causes/index.ts'

/** A cure as programs are told: an English sentence, and what it is made of, for who says it in another language. */
interface CureFields {
  readonly cure?: string
  readonly cure_code?: string
  readonly cure_facts?: JsonObject
}

const cureInEnglish = (cure: Cure): string => sayCause(cureSentences.en, cure) ?? cure.code

const cureFields = (cure: Cure | undefined): CureFields =>
  cure === undefined ? {} : { cure: cureInEnglish(cure), cure_code: cure.code, cure_facts: cure.facts }

/** What is wrong and what helps, in English. */
export const troubleInEnglish = ({ cause, cure }: ChannelTrouble): string =>
  [inEnglish(cause), ...(cure ? [cureInEnglish(cure)] : [])].join(' ')

/** The same in Spanish. */
export const troubleInSpanish = ({ cause, cure }: ChannelTrouble): string =>
  [inSpanish(cause), ...(cure ? [sayCause(cureSentences.es, cure) ?? cureInEnglish(cure)] : [])].join(' ')

interface StepView extends Omit<DeliveryStep, 'cause'>, Omit<CauseFields, 'cause'> {}

const stepView = ({ cause, ...step }: DeliveryStep): StepView =>
  cause === undefined ? step : { ...step, detail: inEnglish(cause), ...codeFields(cause) }

type Succeeded = Extract<DeliveryOutcome, { ok: true }>
type Failed = Extract<DeliveryOutcome, { ok: false }>

/** An outcome as programs are told: sentences in English, with code and facts beside them. */
export type DeliveryOutcomeView =
  | (Omit<Succeeded, 'steps'> & { readonly steps?: readonly StepView[] })
  | (Omit<Failed, 'cause' | 'cure' | 'steps'> &
      Omit<CauseFields, 'cause'> &
      CureFields & { readonly message: string; readonly steps?: readonly StepView[] })

export const deliveryOutcomeView = (outcome: DeliveryOutcome): DeliveryOutcomeView => {
  const steps = outcome.steps && { steps: outcome.steps.map(stepView) }
  if (outcome.ok) return { ...outcome, ...steps }
  const { cause, cure, ...rest } = outcome
  return { ...rest, message: inEnglish(cause), ...codeFields(cause), ...cureFields(cure), ...steps }
}
