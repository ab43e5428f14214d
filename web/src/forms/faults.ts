import { ApiError } from '../api/client.ts'
import type { Schema } from '../api/types.ts'
import { faultText } from '../i18n/problem-text.ts'
import type { Faults, Values } from './schema-form/schema-form.tsx'

/** What the server found wrong, by place. */
export const faultsOf = (error: unknown): Faults =>
  error instanceof ApiError ? Object.fromEntries(error.faults.map((fault) => [fault.path, faultText(fault)])) : {}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Paths of the fields that a schema needs and nobody has filled in, also within groups that somebody began. */
export const missingIn = (schema: Schema, values: Values, path = ''): readonly string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`
    const value = values[name]
    if (isEmpty(value)) return schema.required?.includes(name) ? [at] : []
    return field.properties ? missingIn(field, value as Values, at) : []
  })

/** Brings the first wrong field into sight. */
export const showFirstFault = (faults: Faults): void => {
  const [first] = Object.keys(faults)
  if (first === undefined) return
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)
    field?.scrollIntoView({ block: 'center' })
    field?.focus()
  })
}
