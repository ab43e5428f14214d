import { type Outcome, type Problem, refused } from '#core/problem.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { done, type Failed } from '#lib/result.ts'
import type { TSchema } from '#lib/schema.ts'
import { keepMasked, MASK, mapSecrets, type SecretPath, unknownMask } from '#storage/secret-fields.ts'

/** Options that say where something is sent, by their names in any type. */
const PLACES = new Set(['url', 'api_url', 'webhook_url', 'host', 'port', 'resolver', 'proxy', 'ca', 'server_name'])
/** Options that say how well the way is protected, from least to most, and what holds where they are not set. */
const PROTECTIONS: Readonly<Record<string, { readonly order: readonly unknown[]; readonly unset: unknown }>> = {
  security: { order: ['none', 'auto', 'starttls', 'tls'], unset: 'auto' },
  verify: { order: [false, true], unset: true },
}

/** Of a URL counts which server it is, and whether the way there is encrypted. */
const placeOf = (value: unknown): unknown =>
  typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : value

const inOf = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

/** The first option, by its path, that leads elsewhere or over a way that protects less. */
const movedOption = (now: unknown, before: unknown, path: SecretPath = []): SecretPath | undefined => {
  const keys = new Set([now, before].flatMap((value) => (isObject(value) ? Object.keys(value) : [])))
  for (const key of keys) {
    const [sent, stored, at] = [inOf(now, key), inOf(before, key), [...path, key]]
    const protection = Object.hasOwn(PROTECTIONS, key) ? PROTECTIONS[key] : undefined
    const rank = (value: unknown) => protection?.order.indexOf(value ?? protection.unset) ?? 0
    if (rank(sent) < rank(stored)) return at
    // A header `Host` chooses a server behind the address.
    if (PLACES.has(key.toLowerCase()) && placeOf(sent) !== placeOf(stored)) return at
    const inner = movedOption(sent, stored, at)
    if (inner) return inner
  }
  return undefined
}

const firstMasked = (schema: TSchema, value: unknown): SecretPath | undefined => {
  let found: SecretPath | undefined
  mapSecrets(schema, value, (secret, path) => {
    if (secret === MASK) found ??= path
    return secret
  })
  return found
}

const nameOf = (path: SecretPath): string => ['options', ...path].join('.')

/**
 * Options as somebody changed them, with the stored secret wherever the mask came back. A secret that is kept unseen must
 * not follow its object to another server, nor over a way that protects it less: whoever changed that could read it.
 */
export const keepSecrets = (schema: TSchema, sent: JsonObject, stored: JsonObject): Outcome<JsonObject> => {
  const masked = firstMasked(schema, sent)
  const options = keepMasked(schema, sent, stored)
  const moved = masked && movedOption(options, stored)
  if (!moved) return done(options)
  return refused(
    'invalid_input',
    nameOf(moved),
    `leads elsewhere or protects less than before; a secret does not go there unseen: write ${nameOf(masked)} out again`,
    { code: 'secret_again', facts: { secret: nameOf(masked) } },
  )
}

/**
 * What is wrong with a change of what is locked. Its secrets cannot be kept, for nobody here can read them: whoever changes
 * it writes them out.
 */
export const lockedProblem = (schema: TSchema, options: unknown): Outcome<never> | undefined => {
  if (isObject(options) && firstMasked(schema, options) === undefined) return undefined
  return refused(
    'key_missing',
    'options',
    'its secrets cannot be read, the key that sealed them is missing: write all options out, with the secrets, or bring the key back',
  )
}

/** What is wrong when a secret is masked and there is none that the mask could stand for; ask after `keepSecrets`. */
export const maskProblem = (schema: TSchema, options: JsonObject): Failed<Problem> | undefined => {
  const masked = unknownMask(schema, options)
  return (
    masked &&
    refused('invalid_input', nameOf(masked), 'is masked and there is none yet: write it out', {
      code: 'no_secret_yet',
      facts: {},
    })
  )
}
