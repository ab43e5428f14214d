type None = Readonly<Record<never, never>>

/** What may be wrong with a value that people wrote: each code with what its sentence names. */
interface ValueFacts {
  readonly missing: None
  /** Something that belongs within it. */
  readonly missing_key: { readonly key: string }
  readonly unknown_key: { readonly key: string }
  readonly not_one_of: { readonly allowed: string }
  readonly not_known: { readonly value: string }
  readonly not_text: None
  readonly not_number: None
  readonly not_whole: None
  readonly not_boolean: None
  readonly not_list: None
  readonly not_mapping: None
  readonly not_duration: None
  /** A number where a duration belongs. */
  readonly no_unit: { readonly value: number }
  readonly not_time_of_day: None
  readonly too_small: { readonly limit: number }
  readonly too_large: { readonly limit: number }
  readonly empty: None
  readonly too_short: { readonly limit: number }
  readonly too_long: { readonly limit: number }
  readonly too_few: { readonly limit: number }
  readonly too_many: { readonly limit: number }
  readonly repeated: None
  /** A pattern, or none of the shapes that are allowed. */
  readonly bad_form: None
  readonly nul: None
  readonly name_taken: { readonly name: string }
  readonly named_twice: { readonly name: string }
  readonly no_channel: { readonly name: string }
  readonly own_fallback: None
  readonly zone_unknown: { readonly zone: string }
  readonly bad_cron: None
  /** An end that is over, or before the begin. */
  readonly bad_end: None
  readonly bad_length: None
  /** A time that no clock shows: the 31st of February, or an hour that the change of clocks skips or repeats. */
  readonly no_such_time: { readonly value: string }
  /** Windows that begin again before they have ended. */
  readonly never_ends: None
  readonly bad_expiry: None
  readonly forbidden_address: None
  readonly interval_too_short: { readonly least: string }
  readonly no_timeout: None
  readonly bad_threshold: { readonly most: number }
  readonly not_positive: None
  readonly bad_target: None
  /** Masked, and there is none to keep. */
  readonly no_secret_yet: None
  /** What it belongs to has changed, so the named secret has to be written again. */
  readonly secret_again: { readonly secret: string }
  /** Of a thing as a whole. */
  readonly used_by: { readonly names: string }
}
type ValueFaultCode = keyof ValueFacts

/** What is wrong with a value, as a code with facts: beside the English sentence, for other languages and for programs. */
export type ValueFault = {
  readonly [Code in ValueFaultCode]: { readonly code: Code; readonly facts: ValueFacts[Code] }
}[ValueFaultCode]

/** A name that another thing of its kind has. */
export const nameTaken = (name: string): ValueFault => ({ code: 'name_taken', facts: { name } })

/** That a time zone is none. */
export const zoneFault = (zone: string): ValueFault => ({ code: 'zone_unknown', facts: { zone } })

type Params = Readonly<Record<string, unknown>>

const TYPES = {
  string: 'not_text',
  number: 'not_number',
  integer: 'not_whole',
  boolean: 'not_boolean',
  array: 'not_list',
  object: 'not_mapping',
} as const

const limited =
  (code: 'too_small' | 'too_large' | 'too_short' | 'too_long' | 'too_few' | 'too_many') =>
  ({ limit }: Params): ValueFault => ({ code, facts: { limit: Number(limit) } })

const BY_KEYWORD: Readonly<Record<string, (params: Params) => ValueFault | undefined>> = {
  required: () => ({ code: 'missing', facts: {} }),
  additionalProperties: ({ additionalProperty }) => ({
    code: 'unknown_key',
    facts: { key: String(additionalProperty) },
  }),
  enum: ({ allowedValues }) => ({ code: 'not_one_of', facts: { allowed: (allowedValues as unknown[]).join(', ') } }),
  const: ({ allowedValue }) => ({ code: 'not_one_of', facts: { allowed: String(allowedValue) } }),
  type: ({ type }) => {
    const code = TYPES[type as keyof typeof TYPES]
    return code && { code, facts: {} }
  },
  minimum: limited('too_small'),
  maximum: limited('too_large'),
  minLength: (params) => (params.limit === 1 ? { code: 'empty', facts: {} } : limited('too_short')(params)),
  maxLength: limited('too_long'),
  minItems: limited('too_few'),
  maxItems: limited('too_many'),
  uniqueItems: () => ({ code: 'repeated', facts: {} }),
  pattern: () => ({ code: 'bad_form', facts: {} }),
  anyOf: () => ({ code: 'bad_form', facts: {} }),
}

/** What a keyword of JSON Schema that does not hold says, with its parameters as ajv names them; undefined of others. */
export const faultByKeyword = (keyword: string, params: Params): ValueFault | undefined =>
  Object.hasOwn(BY_KEYWORD, keyword) ? BY_KEYWORD[keyword]!(params) : undefined
