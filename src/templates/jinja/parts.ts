import type { Words } from './syntax/template-error.ts'

/** The parts of a message that people may write a template for. The part is also the template's name in an error. */
export const PARTS = ['subject', 'text', 'html'] as const
export type Part = (typeof PARTS)[number]

/** What each part is called in Spanish. */
export const SPANISH_PARTS: Readonly<Record<Part, string>> = { subject: 'asunto', text: 'texto', html: 'HTML' }

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

/** A problem of one part, as the API and the log tell it. */
export const problemOf = (
  code: TemplateProblem['problem']['code'],
  part: Part,
  { en, es }: Words,
  line?: number,
): TemplateProblem => ({
  problem: { code, part, ...(line !== undefined && { line }), message: en, 'x-es': { message: es } },
})

/** A count in a sentence: 1,000 in English, 1.000 in Spanish. */
export const countText = (count: number, language: 'en' | 'es'): string =>
  count.toLocaleString(language, { useGrouping: 'always' } as Intl.NumberFormatOptions)

/** A template of more characters than one may have. */
export const tooLongSource = (part: Part, length: number): TemplateProblem => {
  const counts = (language: 'en' | 'es') => [length, LONGEST_SOURCE].map((count) => countText(count, language))
  const [size, most] = counts('en')
  const [cuantos, limite] = counts('es')
  return problemOf('too_long', part, {
    en: `the ${part} template has ${size} characters; at most ${most} are allowed`,
    es: `la plantilla de ${SPANISH_PARTS[part]} tiene ${cuantos} caracteres; se permiten ${limite} como máximo`,
  })
}
