import { isObject } from '#lib/json.ts'
import type { TSchema } from '#lib/schema.ts'
import { loginIn, withLogin } from '#lib/text/url-login.ts'
import { isSealed, type Opened, type Sealer } from './seal.ts'

/** What stands for a secret in every answer; sent back, it means "unchanged". */
export const MASK = '***'

export type SecretPath = readonly (string | number)[]

/** The keywords of a schema that this file reads. */
interface Schema {
  readonly 'x-secret'?: boolean
  /** An address: a user and password in it are secret, the rest is not. */
  readonly 'x-login'?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema | readonly Schema[]
  readonly prefixItems?: readonly Schema[]
  readonly additionalItems?: boolean | Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

/** A schema and all members of its unions: a value is treated as secret where any of them says so. */
const members = (schema: Schema): Schema[] => [
  schema,
  ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((group) => group ?? []).flatMap(members),
]

const present = (schemas: readonly (boolean | Schema | undefined)[]): Schema[] =>
  schemas.filter((schema): schema is Schema => isObject(schema)).flatMap(members)

const ofKey = (schema: Schema, key: string): (boolean | Schema | undefined)[] => {
  const named = schema.properties && Object.hasOwn(schema.properties, key) ? [schema.properties[key]] : []
  const patterned = Object.entries(schema.patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, inner]) => inner)
  const known = [...named, ...patterned]
  return known.length > 0 ? known : [schema.additionalProperties]
}

const ofIndex = (schema: Schema, index: number): (boolean | Schema | undefined)[] => {
  const { items, prefixItems, additionalItems } = schema
  const leading = prefixItems ?? (Array.isArray(items) ? (items as readonly Schema[]) : [])
  if (index < leading.length) return [leading[index]]
  return [Array.isArray(items) ? additionalItems : (items as Schema | undefined)]
}

/** `secretOf` finds in a value of the same place what is secret of it: all, or the login of an address. */
type Visit = (secret: unknown, path: SecretPath, secretOf: (value: unknown) => unknown) => unknown

const whole = (value: unknown): unknown => value
const login = (value: unknown): string | undefined => (typeof value === 'string' ? loginIn(value) : undefined)

const walk = (schemas: readonly Schema[], value: unknown, path: SecretPath, visit: Visit): unknown => {
  if (schemas.length === 0 || value === undefined || value === null) return value
  if (schemas.some((schema) => schema['x-secret'] === true)) return visit(value, path, whole)
  if (typeof value === 'string') {
    const secret = schemas.some((schema) => schema['x-login'] === true) ? login(value) : undefined
    return secret === undefined ? value : withLogin(value, String(visit(secret, path, login)))
  }
  if (Array.isArray(value))
    return value.map((item, index) =>
      walk(present(schemas.flatMap((schema) => ofIndex(schema, index))), item, [...path, index], visit),
    )
  if (!isObject(value)) return value
  // From entries, so that a key such as `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      walk(present(schemas.flatMap((schema) => ofKey(schema, key))), inner, [...path, key], visit),
    ]),
  )
}

/** Schemas by whether they know of anything secret: most types know of nothing, and thousands of monitors are of one type. */
const known = new WeakMap<TSchema, boolean>()
const SECRET = /"x-(secret|login)":true/

const hasSecrets = (schema: TSchema): boolean => {
  const before = known.get(schema)
  if (before !== undefined) return before
  const has = SECRET.test(JSON.stringify(schema))
  known.set(schema, has)
  return has
}

/**
 * The value with `visit` applied to everything that stands under `x-secret: true`, whatever its type, and to the
 * login of addresses under `x-login: true`, for which it returns text; what is absent or null stays so. Knows objects, records, lists, tuples and unions.
 */
export const mapSecrets = <Value>(schema: TSchema, value: Value, visit: Visit): Value =>
  hasSecrets(schema) ? (walk(members(schema as Schema), value, [], visit) as Value) : value

/** For answers, logs and exports. */
export const maskSecrets = <Value>(schema: TSchema, value: Value): Value => mapSecrets(schema, value, () => MASK)

const valueAt = (value: unknown, path: SecretPath): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? at[key as keyof typeof at] : undefined,
    value,
  )

/** What a client sent, with the stored secret wherever it sent the mask back. */
export const keepMasked = <Value>(schema: TSchema, sent: Value, stored: unknown): Value =>
  mapSecrets(schema, sent, (secret, path, secretOf) =>
    secret === MASK ? (secretOf(valueAt(stored, path)) ?? secret) : secret,
  )

/** Where the mask stands though nothing was stored there that it could stand for; ask after `keepMasked`. */
export const unknownMask = (schema: TSchema, value: unknown): SecretPath | undefined => {
  let found: SecretPath | undefined
  mapSecrets(schema, value, (secret, path) => {
    if (secret === MASK) found ??= path
    return secret
  })
  return found
}

/** For the database. */
export const sealSecrets = <Value>(schema: TSchema, value: Value, sealer: Sealer): Value =>
  mapSecrets(schema, value, (secret) => sealer.seal(JSON.stringify(secret)))

export type OpenedSecrets<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `path` is the first secret that does not open. */
  | { readonly ok: false; readonly reason: 'key_missing' | 'damaged'; readonly path: SecretPath }

/** What `sealSecrets` made, readable again; or why not. */
export const openSecrets = <Value>(schema: TSchema, value: Value, sealer: Sealer): OpenedSecrets<Value> => {
  let failure: { reason: 'key_missing' | 'damaged'; path: SecretPath } | undefined
  const opened = mapSecrets(schema, value, (sealed, path, secretOf) => {
    // Of a time before logins were sealed.
    if (secretOf === login && !isSealed(String(sealed))) return sealed
    const one: Opened = typeof sealed === 'string' ? sealer.open(sealed) : { ok: false, reason: 'damaged' }
    if (one.ok) return JSON.parse(one.value)
    failure ??= { reason: one.reason, path }
    return sealed
  })
  return failure ? { ok: false, ...failure } : { ok: true, value: opened }
}
