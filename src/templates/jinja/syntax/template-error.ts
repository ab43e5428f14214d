/** A sentence for people in both languages. */
export interface Words {
  readonly en: string
  readonly es: string
}

/** `syntax`: wrong whatever the facts are. `runtime`: wrong with these facts. The others: more than a template may cost. */
export type TemplateErrorKind = 'syntax' | 'runtime' | 'timeout' | 'memory'

/**
 * Why a template cannot be read or rendered. It is thrown inside of the templates' thread only, and becomes a value where
 * one request is answered.
 */
export class TemplateError extends Error {
  readonly kind: TemplateErrorKind
  readonly words: Words
  /** Counted from 1; whoever knows the line sets it where the thrower did not. */
  line: number | undefined

  constructor(kind: TemplateErrorKind, words: Words, line?: number) {
    super(words.en)
    this.kind = kind
    this.words = words
    this.line = line
  }
}

/** A template that is none, whatever the facts are; both languages say what is wrong and the way out. */
export const syntaxError = (line: number, en: string, es: string): TemplateError =>
  new TemplateError('syntax', { en, es }, line)

/** What goes wrong with these facts; whoever knows the line sets it. */
export const runtimeError = (en: string, es: string): TemplateError => new TemplateError('runtime', { en, es })

/** Beyond what may nest: of the template, or of its values. */
export const tooDeep = (line?: number): TemplateError =>
  new TemplateError('memory', { en: 'this nests too deeply', es: 'esto se anida demasiado' }, line)

/** More work than a template may cost. */
export const tooManySteps = (): TemplateError =>
  new TemplateError('timeout', {
    en: 'this takes too many steps; make its loops shorter',
    es: 'esto toma demasiados pasos; acorte sus ciclos',
  })

/** Beyond what one text or list may be. */
export const tooLarge = (): TemplateError =>
  new TemplateError('memory', {
    en: 'this makes too large a text or list; make its loops and texts shorter',
    es: 'esto hace un texto o una lista demasiado grande; acorte sus ciclos y textos',
  })
