import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { REGION_PATTERN } from '#core/region.ts'
import { type FieldWords, Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'

/** Fields that more than one part of the file has. */

export const duration = (words?: FieldWords) => Type.String({ ...words, pattern: DURATION_PATTERN, format: 'duration' })

export const name = (words: FieldWords) => Type.String({ ...words, minLength: 1, maxLength: 200 })

export const severity = (words: FieldWords) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { ...words },
    ),
  )

/** So many in a row, or `3 of 5`. */
export const threshold = (words: FieldWords) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 30 }), Type.String({ pattern: '^[1-9]\\d? of [1-9]\\d?$' })], {
    ...words,
  })

export const languageField = Type.Union([Type.Literal('en'), Type.Literal('es')], {
  description: 'Language of messages: en or es',
})

export const regionField = Type.String({
  description: 'Region by which numbers and dates go: es-AR, es-MX, en-US, …',
  pattern: REGION_PATTERN,
})

export const timeZone = Type.String({
  description: 'Time zone of messages by IANA name, for example America/Lima',
  minLength: 1,
})
