import { checkTemplate } from './check/check-template.ts'
import { tryTemplate } from './check/try-template.ts'
import { type Answer, countText, LONGEST_OUTPUT, type Part, problemOf, type Request, SPANISH_PARTS } from './parts.ts'
import { renderTemplate } from './run/render-template.ts'
import { parseTemplate } from './syntax/parse-template.ts'
import type { Template } from './syntax/statement.ts'
import { TemplateError, tooDeep } from './syntax/template-error.ts'

/** Templates that were read already: a rule's are rendered again and again. */
const KEPT = 50
const kept = new Map<string, Template>()

const read = (source: string): Template => {
  const known = kept.get(source)
  if (known) return known
  const template = parseTemplate(source)
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!)
  kept.set(source, template)
  return template
}

/** The error of a template as a problem: which part, which line, what is wrong and the way out. */
const problemFrom = (part: Part, { kind, words, line }: TemplateError): Answer => {
  const [en, es] = line === undefined ? ['', ''] : [`, line ${line}`, `, línea ${line}`]
  return problemOf(
    kind,
    part,
    { en: `the ${part} template${en}: ${words.en}`, es: `la plantilla de ${SPANISH_PARTS[part]}${es}: ${words.es}` },
    line,
  )
}

/** A subject is one line, whatever the template's lines are. */
const tidy = (part: Part, text: string): string =>
  part === 'subject' ? text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim() : text

const tooLong = (part: Part, length: number): Answer => {
  const counts = (language: 'en' | 'es') => [length, LONGEST_OUTPUT[part]].map((count) => countText(count, language))
  const [size, most] = counts('en')
  const [cuantos, limite] = counts('es')
  return problemOf('too_long', part, {
    en: `the ${part} has ${size} characters; at most ${most} are allowed`,
    es: `la parte ${SPANISH_PARTS[part]} tiene ${cuantos} caracteres; se permiten ${limite} como máximo`,
  })
}

const render = ({ kind, part, source, context }: Request): Answer => {
  const facts: { readonly time_zone?: unknown } = JSON.parse(context)
  const options = { html: part === 'html', timeZone: facts.time_zone }
  if (kind === 'try') {
    tryTemplate(read(source), facts, options)
    return { text: '' }
  }
  const text = tidy(part, renderTemplate(read(source), facts, options))
  return text.length <= LONGEST_OUTPUT[part] ? { text } : tooLong(part, text.length)
}

/** Renders or checks one part. Throws when the thread must end. */
export const answerRequest = (request: Request): Answer => {
  const { kind, part, source } = request
  try {
    if (kind !== 'check') return render(request)
    checkTemplate(read(source), part === 'html')
    return { text: '' }
  } catch (error) {
    if (error instanceof TemplateError) return problemFrom(part, error)
    // A template that nests beyond the stack.
    if (error instanceof RangeError) return problemFrom(part, tooDeep())
    throw error
  }
}
