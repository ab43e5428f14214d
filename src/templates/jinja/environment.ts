import { templateEn } from '../texts/causes/template-en.ts'
import { templateEs } from '../texts/causes/template-es.ts'
import { templateFaultsEn } from '../texts/template-faults-en.ts'
import { templateFaultsEs } from '../texts/template-faults-es.ts'
import { checkTemplate } from './check/check-template.ts'
import { tryTemplate } from './check/try-template.ts'
import { type Answer, LONGEST_OUTPUT, PART_NAMES, type Part, problemOf, type Request } from './parts.ts'
import { renderTemplate } from './run/render-template.ts'
import { parseTemplate } from './syntax/parse-template.ts'
import type { Template } from './syntax/statement.ts'
import { TemplateError, tooDeep } from './syntax/template-error.ts'
import { faultOf } from './syntax/template-faults.ts'

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

/** What is said here: of templates alone, whatever else the server has words for. */
const SENTENCES = { en: { ...templateEn, ...templateFaultsEn }, es: { ...templateEs, ...templateFaultsEs } }

/** The error of a template as a problem: which part, which line, what is wrong and the way out. */
const problemFrom = (name: Part, { kind, fault, line }: TemplateError): Answer => {
  const part = PART_NAMES[name]
  const placed =
    line === undefined ? faultOf('in_part', { part, fault }) : faultOf('in_line', { part, line: String(line), fault })
  return problemOf(SENTENCES, kind, name, placed, line)
}

/** A subject is one line, whatever the template's lines are. */
const tidy = (part: Part, text: string): string =>
  part === 'subject' ? text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim() : text

const tooLong = (part: Part, size: number): Answer =>
  problemOf(
    SENTENCES,
    'too_long',
    part,
    faultOf('output_too_long', { part: PART_NAMES[part], size, most: LONGEST_OUTPUT[part] }),
  )

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
