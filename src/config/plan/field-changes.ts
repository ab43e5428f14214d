import { isObject } from '#lib/json.ts'
import type { TSchema } from '#lib/schema.ts'
import { mapSecrets } from '#storage/secret-fields.ts'
import { sameWords } from './same-words.ts'

/** What changes of one field, in the words of the file. Of a secret nobody hears more than that it is another. */
export interface FieldChange {
  /** Dotted path: `interval`, `options.smtp.host`, `labels.site`. */
  readonly field: string
  readonly from?: unknown
  readonly to?: unknown
  readonly secret?: true
}

const at = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

const differences = (from: unknown, to: unknown, path: string): FieldChange[] => {
  if (sameWords(from, to)) return []
  if ((isObject(from) || from === undefined) && (isObject(to) || to === undefined) && path !== 'conditions')
    if (isObject(from) || isObject(to)) {
      const keys = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])
      return [...keys].flatMap((key) => differences(from?.[key], to?.[key], at(path, key)))
    }
  return [{ field: path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
}

/** What of two things in the words of the file is not the same. */
export const fieldChanges = (from: object, to: object): FieldChange[] => differences(from, to, '')

const secretsOf = (schema: TSchema, options: unknown): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  mapSecrets(schema, options, (secret, path) => {
    found.set(['options', ...path].join('.'), JSON.stringify(secret))
    return secret as string
  })
  return found
}

/** Secrets that are not the same, by their places alone. */
export const secretChanges = (schema: TSchema, from: unknown, to: unknown): FieldChange[] => {
  const [before, after] = [secretsOf(schema, from), secretsOf(schema, to)]
  const fields = new Set([...before.keys(), ...after.keys()])
  return [...fields]
    .filter((field) => before.get(field) !== after.get(field))
    .map((field) => ({ field, secret: true }) as const)
}
