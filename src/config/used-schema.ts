import type { TSchema } from '#lib/schema.ts'

type Schema = Record<string, unknown>

const ANYTHING: Schema = {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What of a schema values use, and its name: the same for values that use the same. */
interface Used {
  readonly schema: Schema
  readonly name: string
}

const usedOf = (schema: Schema, values: readonly unknown[]): Used => {
  const { properties, items } = schema as { readonly properties?: Record<string, Schema>; readonly items?: Schema }
  if (properties) {
    const objects = values.filter(isObject)
    const parts = Object.entries(properties).map(([key, part]) => {
      const held = objects.flatMap((value) => (value[key] === undefined ? [] : [value[key]]))
      return { key, used: held.length === 0 ? undefined : usedOf(part, held) }
    })
    return {
      schema: {
        ...schema,
        properties: Object.fromEntries(parts.map(({ key, used }) => [key, used?.schema ?? ANYTHING])),
      },
      name: `{${parts.flatMap(({ key, used }) => (used ? [`${key}${used.name}`] : [])).join()}}`,
    }
  }
  if (items && isObject(items)) {
    const used = usedOf(
      items,
      values.flatMap((value) => (Array.isArray(value) ? value : [])),
    )
    return { schema: { ...schema, items: used.schema }, name: `[${used.name}]` }
  }
  return { schema, name: '' }
}

const made = new WeakMap<TSchema, Map<string, TSchema>>()

/**
 * A schema that says of a value what the whole one says, without those parts that the value has nothing for: a file names
 * few of all things that one may name, and a check of the others takes longer to make than all the rest of a start.
 */
export const usedSchema = (schema: TSchema, value: unknown): TSchema => {
  const used = usedOf(schema as Schema, [value])
  const known = made.get(schema) ?? new Map<string, TSchema>()
  made.set(schema, known)
  const before = known.get(used.name)
  if (before) return before
  known.set(used.name, used.schema as TSchema)
  return used.schema as TSchema
}
