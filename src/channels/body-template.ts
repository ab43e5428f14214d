import { escapeHtml } from '#lib/html.ts'
import { isObject } from '#lib/json.ts'
import { oneLine } from './text.ts'

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

/** What is wrong with a template, with its place; undefined when it is fine. */
export const checkTemplate = (template: string): string | undefined => {
  const rest = template.replace(PLACEHOLDER, (found) => found.replace(/[^\n]/g, ' '))
  const index = rest.search(/\{\{|\{%/)
  if (index < 0) return undefined
  const before = rest.slice(0, index).split('\n')
  return `body, line ${before.length}, column ${before.at(-1)!.length + 1}: expected a field as {{ subject }} or {{ labels.site }}`
}

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
