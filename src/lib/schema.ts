import type {
  TAddOptional,
  TArray,
  TArrayOptions,
  TBoolean,
  TEnum,
  TEnumValue,
  TInteger,
  TLiteral,
  TLiteralValue,
  TNull,
  TNumber,
  TNumberOptions,
  TObject,
  TObjectOptions,
  TProperties,
  TSchema,
  TSchemaOptions,
  TString,
  TStringOptions,
  TTuple,
  TTupleOptions,
  TUnion,
  TUnknown,
  TUnsafe,
  Type as Typebox,
} from 'typebox'

export type { Static, TObject, TSchema } from 'typebox'

/** What people call something, in English, and in Spanish: who has a title has it in both. */
export interface Titled {
  readonly title: string
  readonly 'x-es': { readonly title: string }
}

/**
 * What a form says of a field. The Spanish stands beside the English and travels with the schema; a title without one
 * does not compile. Where there is no title, the description alone is shown, and in Spanish where a form has the field.
 */
export type FieldWords =
  | { readonly title?: never; readonly description?: string; readonly 'x-es'?: { readonly description: string } }
  | (Titled & { readonly description?: never })
  | {
      readonly title: string
      readonly description: string
      readonly 'x-es': { readonly title: string; readonly description: string }
    }

type Worded<Options> = Options & FieldWords

/** typebox's constructors, but that words are checked. */
interface Constructors {
  Array<Items extends TSchema>(items: Items, options?: Worded<TArrayOptions>): TArray<Items>
  Boolean(options?: Worded<TSchemaOptions>): TBoolean
  Enum<Values extends TEnumValue[]>(values: readonly [...Values], options?: Worded<TSchemaOptions>): TEnum<Values>
  Integer(options?: Worded<TNumberOptions>): TInteger
  Literal<Value extends TLiteralValue>(value: Value, options?: Worded<TSchemaOptions>): TLiteral<Value>
  Null(options?: Worded<TSchemaOptions>): TNull
  Number(options?: Worded<TNumberOptions>): TNumber
  Object<Properties extends TProperties>(properties: Properties, options?: Worded<TObjectOptions>): TObject<Properties>
  Optional<Schema extends TSchema>(schema: Schema): TAddOptional<Schema>
  Record<Key extends TSchema, Value extends TSchema>(
    key: Key,
    value: Value,
    options?: Worded<TObjectOptions>,
  ): ReturnType<typeof Typebox.Record<Key, Value>>
  String(options?: Worded<TStringOptions>): TString
  Tuple<Items extends TSchema[]>(items: [...Items], options?: Worded<TTupleOptions>): TTuple<Items>
  Union<Members extends TSchema[]>(members: [...Members], options?: Worded<TSchemaOptions>): TUnion<Members>
  Unknown(options?: Worded<TSchemaOptions>): TUnknown
  Unsafe<Value>(schema: TSchema): TUnsafe<Value>
}

type Schema = Readonly<Record<string, unknown>>

const OPTIONAL = Symbol('optional')
const STRING_KEY = '^.*$'

const isOptional = (schema: Schema): boolean => OPTIONAL in schema

const constructors = {
  Array: (items: Schema, options?: Schema) => ({ type: 'array', items, ...options }),
  Boolean: (options?: Schema) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: 'integer', ...options }),
  Literal: (value: string | number | boolean, options?: Schema) => ({ type: typeof value, const: value, ...options }),
  Null: (options?: Schema) => ({ type: 'null', ...options }),
  Number: (options?: Schema) => ({ type: 'number', ...options }),
  Object: (properties: Readonly<Record<string, Schema>>, options?: Schema) => {
    const required = Object.keys(properties).filter((key) => !isOptional(properties[key]!))
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
  },
  Optional: (schema: Schema) => Object.defineProperty({ ...schema }, OPTIONAL, { value: true }),
  Record: (key: Schema, value: Schema, options?: Schema) => ({
    type: 'object',
    patternProperties: { [String(key.pattern ?? STRING_KEY)]: value },
    ...options,
  }),
  String: (options?: Schema) => ({ type: 'string', ...options }),
  Tuple: (items: readonly Schema[], options?: Schema) => ({
    type: 'array',
    additionalItems: false,
    items,
    minItems: items.length,
    ...options,
  }),
  Union: (anyOf: readonly Schema[], options?: Schema) => ({ anyOf, ...options }),
  Unknown: (options?: Schema) => ({ ...options }),
  Unsafe: (schema: Schema) => schema,
}

/**
 * Constructors of JSON Schemas: typebox's types over plain values. Only its types are used, because its code costs
 * each thread 15 MB and the start of the server 70 ms, for compilers that stand idle here: ajv validates.
 */
export const Type = constructors as unknown as Constructors
