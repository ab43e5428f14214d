import type { Schema } from '../../api/types.ts'

/** How a schema is edited. The form knows shapes, never a type of probe or channel. */
export type Kind = 'group' | 'pairs' | 'choice' | 'switch' | 'number' | 'tags' | 'secret' | 'long' | 'text' | 'json'

const LONG_FROM = 2000

const isNull = ({ type }: Schema) => type === 'null'

/** Fixed values that a schema allows, where it allows nothing else. */
export const choicesOf = ({ enum: values, anyOf }: Schema): readonly unknown[] | undefined => {
  if (values) return values
  if (anyOf && anyOf.length > 0 && anyOf.every((one) => 'const' in one)) return anyOf.map((one) => one.const)
  return undefined
}

const isText = ({ type }: Schema) => type === 'string'
const isTexts = ({ type, items }: Schema) =>
  type === 'array' &&
  items !== undefined &&
  (isText(items) || (items.enum?.length ?? 0) > 0 || (items.anyOf?.some(isText) ?? false))

/** A list of one list says what that list says; only several of them are more than a list of texts. */
export const flatValue = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value

const ofVariants = (variants: readonly Schema[]): Kind => {
  if (variants.some(isTexts)) return 'tags'
  if (variants.every(({ type }) => type === 'string' || type === 'integer' || type === 'number')) return 'text'
  return variants.length === 1 ? kindOf(variants[0]!) : 'json'
}

const widgetOf = ({ maxLength = 0 }: Schema) => (maxLength >= LONG_FROM ? 'textarea' : 'line')

export const kindOf = (schema: Schema): Kind => {
  if (choicesOf(schema)) return 'choice'
  if (schema.anyOf) return ofVariants(schema.anyOf.filter((one) => !isNull(one)))
  if (schema['x-secret'] && isText(schema)) return 'secret'
  if (schema.properties) return 'group'
  if (schema.patternProperties) {
    const [values] = Object.values(schema.patternProperties)
    return values && (isText(values) || values.anyOf) ? 'pairs' : 'json'
  }
  if (isTexts(schema)) return 'tags'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (isText(schema)) return (schema['x-widget'] ?? widgetOf(schema)) === 'textarea' ? 'long' : 'text'
  return 'json'
}

/** What a typed text becomes: a number where the schema takes one as well as text. */
export const textValue = (schema: Schema, text: string): string | number | undefined => {
  if (text === '') return undefined
  const takesNumber = schema.anyOf?.some(({ type }) => type === 'integer' || type === 'number')
  return takesNumber && /^-?\d+(\.\d+)?$/.test(text) && Number.isSafeInteger(Math.trunc(Number(text)))
    ? Number(text)
    : text
}

/**
 * What a list of tags becomes: one alone is the text itself where the schema takes a text too (which may hold commas of
 * its own), and an empty list is the constant for "none" (0) where there is one.
 */
export const tagsValue = (schema: Schema, tags: readonly string[]): unknown => {
  if (tags.length === 1 && schema.anyOf?.some(({ type }) => type === 'string')) return tags[0]
  if (tags.length > 0) return tags
  const none = schema.anyOf?.find((one) => 'const' in one)
  return none ? none.const : undefined
}

export const tagsOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.map(String)
  return value === undefined || value === null || value === '' || value === 0 ? [] : [String(value)]
}
