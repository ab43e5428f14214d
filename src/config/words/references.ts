import { isObject } from '#lib/json.ts'
import type { TSchema } from '#lib/schema.ts'
import { mapSecrets } from '#storage/secret-fields.ts'

const upper = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase()

/** A text that means itself: `${` would be taken for the name of a variable. */
export const plainWords = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${')
  if (Array.isArray(value)) return value.map(plainWords)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainWords(inner)]))
}

const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value)

export interface References {
  /** Names that stand in place of secrets, with those. */
  readonly environment: ReadonlyMap<string, string>
  /** Options with names in place of their secrets; `of` is what they belong to. */
  optionsOf(schema: TSchema | undefined, options: unknown, of: string): unknown
}

/** Puts names of the environment in the place of secrets, each secret by what it belongs to and its own place there. */
export const createReferences = (): References => {
  const environment = new Map<string, string>()
  const refer = (value: unknown, of: string, field: string): unknown => {
    if (Array.isArray(value)) return value.map((inner, index) => refer(inner, of, `${field}_${index}`))
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner, of, `${field}_${key}`)]))
    // An empty one cannot be told from one that is missing.
    if (value === '') return ''
    const secret = typeof value === 'string' ? value : JSON.stringify(value)
    const wanted = `VIGIA_${upper(of)}_${upper(field)}`
    let name = wanted
    for (let number = 2; environment.has(name) && environment.get(name) !== secret; number++)
      name = `${wanted}_${number}`
    environment.set(name, secret)
    return `\${${name}}`
  }
  return {
    environment,
    optionsOf: (schema, options, of) => {
      const written = plainWords(options)
      if (!schema) return written
      return mapSecrets(
        schema,
        written,
        (_, path, secretOf) => refer(secretOf(valueAt(options, path)), of, path.map(String).join('_')) as string,
      )
    },
  }
}
