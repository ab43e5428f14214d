import { type Said, says } from '#core/said.ts'
import { isObject } from '#lib/json.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { unknownField } from './message-fields.ts'
import { fit, oneLine } from './text.ts'

/** One placeholder: `{{ name }}` or `{{ labels.site }}`. */
const PLACEHOLDER = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*)\s*\}\}/gu

const same = (text: string): string => text

/** How a value is written into a body of this content type, so that no value can change the body's structure. */
const escapeFor = (contentType: string): ((text: string) => string) => {
  if (/json/i.test(contentType)) return (text) => JSON.stringify(text).slice(1, -1)
  if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent
  return /html|xml/i.test(contentType) ? escapeHtml : same
}

const valueAt = (fields: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), fields)

/** The place and what is wrong there. */
const at = (template: string, index: number, option: string, { message, 'x-es': spanish }: Said): Said => {
  if (option !== 'body') return says(`${option}: ${message}`, `${option}: ${spanish.message}`)
  const before = template.slice(0, index).split('\n')
  const [line, column] = [before.length, before.at(-1)!.length + 1]
  return says(
    `body, line ${line}, column ${column}: ${message}`,
    `body, línea ${line}, columna ${column}: ${spanish.message}`,
  )
}

const FIELD_EXPECTED = says(
  'expected a field as {{ subject }} or {{ labels.site }}',
  'se esperaba un campo como {{ subject }} o {{ labels.site }}',
)

/** What is wrong with a template, with its place; undefined when it is fine. `option` is whose value it is. */
export const checkTemplate = (template: string, option = 'body'): Said | undefined => {
  const rest = template.replace(PLACEHOLDER, (found) => found.replace(/[^\n]/g, ' '))
  const index = rest.search(/\{\{|\{%/)
  if (index >= 0) return at(template, index, option, FIELD_EXPECTED)
  for (const found of template.matchAll(PLACEHOLDER)) {
    const problem = unknownField(found[1]!)
    if (problem) return at(template, found.index, option, problem)
  }
  return undefined
}

/** A template with each of its placeholders in place of which `by` stands. */
export const withoutFields = (template: string, by: string): string => template.replace(PLACEHOLDER, by)

export const isTemplate = (text: string): boolean => /\{\{|\{%/.test(text)

/** The texts of a template between its placeholders. */
export const fixedParts = (template: string): string[] => withoutFields(template, '\0').split('\0')

/** What of one value fits into an address or a header that servers still take. */
const LONGEST_VALUE = 1000

/** Replaces `{{ path }}` in an address, each value as one part of it. */
export const fillUrl = (template: string, fields: object): string =>
  fill(template, fields, (text) => {
    const part = encodeURIComponent(fit(text, LONGEST_VALUE))
    // A part of dots alone would lead to another path, encoded or not.
    return /^\.+$/.test(part) ? part.replaceAll('.', '-') : part
  })

/** Replaces `{{ path }}` in the value of a header: one line, in the bytes of UTF-8. One without fields stays as it is. */
export const fillHeader = (template: string, fields: object): string =>
  isTemplate(template)
    ? Buffer.from(
        fill(template, fields, (text) => fit(oneLine(text), LONGEST_VALUE)),
        'utf8',
      ).toString('latin1')
    : template

const fill = (template: string, fields: object, escaped: (text: string) => string): string =>
  template.replace(PLACEHOLDER, (_found, path: string) => {
    const value = valueAt(fields, path)
    if (value === undefined || value === null) return ''
    return escaped(typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value))
  })

/**
 * Replaces `{{ path }}` by fields, escaped for the content type. Texts stand without quotes, numbers and objects as
 * JSON; an absent or null field is empty text.
 */
export const fillTemplate = (template: string, fields: object, contentType: string): string => {
  const escaped = escapeFor(contentType)
  // In plain text nothing is escaped: only the message, which is clean, has lines of its own.
  const plain = escaped === same
  const write = (value: unknown, path: string): string => {
    if (value === undefined || value === null) return ''
    if (typeof value === 'string') return escaped(plain && path !== 'message' ? oneLine(value) : value.toWellFormed())
    // Inside JSON an object is structure, not text.
    return /json/i.test(contentType) ? JSON.stringify(value) : escaped(JSON.stringify(value))
  }
  return template.replace(PLACEHOLDER, (_found, path: string) => write(valueAt(fields, path), path))
}
