import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'

/** Fields that more than one part of the file has. */

export const duration = (description: string, title?: string) =>
  Type.String({ ...(title && { title }), description, pattern: DURATION_PATTERN, format: 'duration' })

export const name = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 })

export const severity = (description: string) =>
  Type.Unsafe<Severity>(
    Type.Union(
      SEVERITIES.map((one) => Type.Literal(one)),
      { description },
    ),
  )

/** So many in a row, or `3 of 5`. */
export const threshold = (title: string, description: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 30 }), Type.String({ pattern: '^[1-9]\\d? of [1-9]\\d?$' })], {
    title,
    description,
  })

export const languageField = Type.Union([Type.Literal('en'), Type.Literal('es')], {
  description: 'Language of messages: en or es',
})

export const timeZone = Type.String({
  description: 'Time zone of messages by IANA name, for example America/Lima',
  minLength: 1,
})
