import { because, type Cause } from '#core/cause/cause.ts'
import { type Sentences, sayCause } from '#core/cause/say-cause.ts'
import type { Language } from '#core/message/message.ts'
import type { TemplateFault } from './syntax/template-faults.ts'

/** The parts of a message that people may write a template for. The part is also the template's name in an error. */
export const PARTS = ['subject', 'text', 'html'] as const
export type Part = (typeof PARTS)[number]

/** What each part is called. */
export const PART_NAMES: Readonly<Record<Part, Cause>> = {
  subject: because('subject_part'),
  text: because('text_part'),
  html: because('html_part'),
}

export type Templates = { readonly [part in Part]?: string | undefined }
export type RenderedTemplates = { readonly [part in Part]?: string }

/** Why a template has no text: a sentence for people, and where to look. */
export interface TemplateProblem {
  readonly problem: {
    readonly code: 'timeout' | 'memory' | 'syntax' | 'runtime' | 'too_long'
    readonly part: Part
    readonly line?: number
    readonly message: string
    readonly 'x-es': { readonly message: string }
  }
}

/** Characters of a template. */
export const LONGEST_SOURCE = 100_000
/** Characters of what a template gives. */
export const LONGEST_OUTPUT: Readonly<Record<Part, number>> = { subject: 1000, text: 100_000, html: 500_000 }

/** Where an example names the fields that it lacks: a template cannot ask for such a name. */
export const LACKING = '-lacking'

/** What the thread is asked: one part of one call. */
export interface Request {
  /** `try`: whether it renders with an example, as far as that goes. */
  readonly kind: 'render' | 'check' | 'try'
  readonly part: Part
  readonly source: string
  /** JSON: what crosses is plain data, whatever the object was. */
  readonly context: string
}
export type Answer = { readonly text: string } | TemplateProblem

/** A count in a sentence: 1,000 in English, 1.000 in Spanish. */
const countText = (count: number, language: Language): string =>
  count.toLocaleString(language, { useGrouping: 'always' } as Intl.NumberFormatOptions)

/** A problem of one part, as the API and the log tell it: said in these sentences of both languages. */
export const problemOf = (
  sentences: Readonly<Record<Language, Sentences>>,
  code: TemplateProblem['problem']['code'],
  part: Part,
  why: Cause | TemplateFault,
  line?: number,
): TemplateProblem => {
  const said = (language: Language): string =>
    sayCause(sentences[language], why, (count) => countText(count, language)) ?? why.code
  return {
    problem: {
      code,
      part,
      ...(line !== undefined && { line }),
      message: said('en'),
      'x-es': { message: said('es') },
    },
  }
}
