import type { SeenTable } from '../../../../src/importers/import-plan.ts'
import type { ImportView, RefusedView, WhyView } from '../../../../src/operations/import/import-view.ts'
import type { PlanCounts } from '../../../../src/operations/import/reader-order.ts'
import type { UploadView } from '../../../../src/operations/import/uploads.ts'
import { language } from '../../i18n/language.ts'

interface Table {
  readonly table?: SeenTable
}

export type ShownPlan = ImportView & Table & { readonly tools: readonly string[] }
export type ShownRefusal = RefusedView & Table

/** An upload as the server answers. */
export interface ImportAnswer extends Omit<UploadView, 'body'> {
  readonly counts: PlanCounts | null
  readonly plan: ShownPlan | ShownRefusal | null
}

export const isRefusal = (plan: ShownPlan | ShownRefusal): plan is ShownRefusal => 'refused' in plan

/** Why something comes in otherwise, or not at all, as a sentence of its own. */
export const whyText = ({ message, message_es }: WhyView): string => {
  const text = language() === 'es' ? message_es : message
  return text.charAt(0).toUpperCase() + text.slice(1)
}
