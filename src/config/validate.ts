import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { because } from '#core/cause/cause.ts'
import { faultByKeyword, type ValueFault } from '#core/value-fault.ts'
import type { TSchema } from '#lib/schema.ts'
import { nearest } from '#lib/text/nearest.ts'
import { withLogin } from '#lib/text/url-login.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'
import { rightWord } from './right-name.ts'
import { type ConfigProblem, type ConfigSource, fieldOf, type Path } from './source.ts'

/** The schemas are ours: they are not checked against that of schemas, and nobody reads what is made of them. */
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  verbose: true,
  formats: { duration: true },
  meta: false,
  validateSchema: false,
  code: { optimize: false },
})
const compiled = new WeakMap<object, ValidateFunction>()
const PROBLEMS_TOLD = 50
const DURATION_FORM = DURATION_PATTERN.slice(1, -1)

const validatorOf = (schema: TSchema): ValidateFunction => {
  const known = compiled.get(schema)
  if (known) return known
  const made = ajv.compile(schema)
  compiled.set(schema, made)
  return made
}

/** `/monitors/0/interval` as path. */
const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing'
  const text = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'a mapping') : String(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

const example = (schema: Record<string, unknown> | undefined): string => {
  const { examples, description, title } = (schema ?? {}) as {
    examples?: unknown[]
    description?: string
    title?: string
  }
  if (examples?.length) return `write for example ${String(examples[0])}`
  return description ? `it is: ${description}` : (title ?? 'see the reference')
}

const isDuration = (schema: Record<string, unknown> | undefined): boolean =>
  schema?.format === 'duration' || String(schema?.pattern ?? '').includes(DURATION_FORM)

/** A value may be secret: it is shown only where its schema does not say so. */
const shownValue = ({ parentSchema, data }: ErrorObject): string => {
  const { 'x-secret': secret, 'x-login': login } = (parentSchema ?? {}) as Record<string, unknown>
  return secret ? '(secret)' : shown(login && typeof data === 'string' ? withLogin(data, '(secret)') : data)
}

/** What of it has a code: the choices of a union are literals of it. */
const faultOf = (error: ErrorObject): ValueFault | undefined => {
  const { keyword, params, data, parentSchema } = error
  if (keyword === 'required') return { code: 'missing_key', facts: { key: String(params.missingProperty) } }
  const isChoice =
    keyword === 'enum' || keyword === 'const' || (keyword === 'anyOf' && choices(parentSchema).length > 0)
  const members = keyword === 'anyOf' ? (parentSchema?.anyOf as Record<string, unknown>[]) : [parentSchema]
  if (members.some(isDuration)) {
    if (typeof data === 'number') return { code: 'no_unit', facts: { value: data } }
    if (keyword !== 'anyOf') return { code: 'not_duration', facts: {} }
  }
  if (isChoice && typeof data !== 'object') return { code: 'not_known', facts: { value: shownValue(error) } }
  return faultByKeyword(keyword, params)
}

const sentence = (error: ErrorObject, field: string): string => {
  const schema = error.parentSchema as Record<string, unknown> | undefined
  const { params } = error
  if (isDuration(schema)) {
    if (typeof error.data === 'number') return `${field}: ${error.data} has no unit, write ${error.data}s`
    return `${field}: ${shownValue(error)} is not a duration, write 500ms, 30s, 5m, 1h or 2d`
  }
  if (error.keyword === 'required') return `${field ? `${field}: ` : ''}${String(params.missingProperty)} is missing`
  if (error.keyword === 'type')
    return `${field}: ${shownValue(error)} is not ${String(params.type) === 'object' ? 'a mapping' : String(params.type) === 'array' ? 'a list' : `of type ${params.type}`}, ${example(schema)}`
  if (error.keyword === 'minimum' || error.keyword === 'maximum')
    return `${field}: ${shownValue(error)} must be ${params.comparison} ${params.limit}`
  if (error.keyword === 'enum' || error.keyword === 'const') return `${field}: ${shownValue(error)} is not known`
  if (error.keyword === 'minLength') return `${field}: is empty, ${example(schema)}`
  if (error.keyword === 'minItems') return `${field}: has fewer than ${params.limit}`
  if (error.keyword === 'maxItems') return `${field}: has more than ${params.limit}`
  return `${field}: ${shownValue(error)} does not fit, ${example(schema)}`
}

/** The choices of a union of literals, for its message. */
const choices = (schema: Record<string, unknown> | undefined): string[] =>
  ((schema?.anyOf ?? []) as { const?: unknown }[])
    .map((one) => one.const)
    .filter((one) => one !== undefined)
    .map(String)

const unknownKey = (error: ErrorObject, path: Path, source: ConfigSource): ConfigProblem => {
  const wrong = String(error.params.additionalProperty)
  const known = Object.keys((error.parentSchema as { properties?: object })?.properties ?? {})
  const what = because('config_key_unknown', { key: wrong, right: rightWord(wrong, known) })
  return source.problem(path, what, wrong, faultOf(error))
}

/** An empty text that must not be empty needs no second word on its form. */
const saysEmpty = (one: ErrorObject, other: ErrorObject): boolean =>
  one.keyword === 'minLength' && one.instancePath === other.instancePath

/** Of which member of a union an error speaks; undefined when of none of them. */
const memberOf = (union: ErrorObject, error: ErrorObject): string | undefined =>
  error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`)
    ? error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0]
    : undefined

/**
 * The one member of a union that takes this kind of value, where there is just one for a list or a mapping: what is
 * wrong within it says more than that nothing fits.
 */
const meantMember = (union: ErrorObject, errors: readonly ErrorObject[]): string | undefined => {
  if (typeof union.data !== 'object' || union.data === null) return undefined
  const members = Map.groupBy(errors, (error) => memberOf(union, error))
  members.delete(undefined)
  const isOfKind = (one: ErrorObject) => one.keyword !== 'type' || one.instancePath !== union.instancePath
  const fitting = [...members].filter(([, said]) => said.every(isOfKind))
  return fitting.length === 1 ? fitting[0]![0] : undefined
}

/** `0` is a number to YAML, and the one duration that needs no unit: it becomes the text. True when there was any. */
const writeZeros = (value: unknown, errors: readonly ErrorObject[]): boolean => {
  const zeros = errors.filter(({ data, parentSchema }) => data === 0 && isDuration(parentSchema))
  for (const { instancePath } of zeros) {
    const path = pathOf(instancePath)
    const parent = path.slice(0, -1).reduce<unknown>((one, part) => (one as Record<string, unknown>)[part], value)
    ;(parent as Record<string, unknown>)[path.at(-1)!] = '0'
  }
  return zeros.length > 0
}

/**
 * What of a value does not fit its schema, at the places where it stands. `base` is the value's own path. A duration that is
 * written as the number 0 becomes the text `0` in the value.
 */
export const validate = (schema: TSchema, value: unknown, base: Path, source: ConfigSource): ConfigProblem[] => {
  const check = validatorOf(schema)
  if (check(value) || (writeZeros(value, check.errors ?? []) && check(value))) return []
  const errors = check.errors ?? []
  // A union that fits nothing reports each of its members; its own line says all there is to say.
  const unions = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .map((union) => ({ union, meant: meantMember(union, errors) }))
  const within = (error: ErrorObject) =>
    unions.some(({ union, meant }) => {
      if (error === union) return meant !== undefined
      const { schemaPath, instancePath } = union
      const member = memberOf(union, error)
      // A union within a union speaks for itself.
      if (member === undefined ? !error.schemaPath.startsWith(schemaPath) : error.keyword === 'anyOf' && !meant)
        return false
      return error.instancePath.startsWith(instancePath) && (meant === undefined || member !== meant)
    })
  const isEmpty = ({ keyword, data }: ErrorObject) => keyword === 'pattern' && data === ''
  return errors
    .filter((error) => !within(error) && !(isEmpty(error) && errors.some((one) => saysEmpty(one, error))))
    .slice(0, PROBLEMS_TOLD)
    .map((error) => {
      const path = [...base, ...pathOf(error.instancePath)]
      const field = fieldOf(path)
      const fault = faultOf(error)
      if (error.keyword === 'additionalProperties') return unknownKey(error, path, source)
      if (error.keyword === 'anyOf') {
        const parent = error.parentSchema as Record<string, unknown> | undefined
        const known = choices(parent)
        const meant = typeof error.data === 'string' ? nearest(error.data, known) : undefined
        const durations = ((parent?.anyOf ?? []) as Record<string, unknown>[]).some(isDuration)
        if (durations && typeof error.data === 'number')
          return source.problem(path, `${field}: ${error.data} has no unit, write ${error.data}s`, undefined, fault)
        const isWord = known.length > 0 && typeof error.data !== 'object'
        if (isWord && (meant !== undefined || !durations)) {
          const right = rightWord(String(error.data), known)
          const what = because('config_value_unknown', { field, value: shownValue(error), right })
          return source.problem(path, what, undefined, fault)
        }
        const unfit = isWord ? 'is not known' : 'does not fit'
        const right =
          meant !== undefined
            ? `did you mean ${meant}?`
            : known.length > 0 && !durations
              ? `known are: ${known.join(', ')}`
              : example(parent)
        return source.problem(path, `${field}: ${shownValue(error)} ${unfit}, ${right}`, undefined, fault)
      }
      return source.problem(path, sentence(error, field), undefined, fault)
    })
}
