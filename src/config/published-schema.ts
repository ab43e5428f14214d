import type { ChannelType } from '#core/channel.ts'
import type { ProbeType } from '#core/probe.ts'
import { isObject } from '#lib/json.ts'
import { fileSchema } from './schema.ts'

/** The schema of the file as editors read it: made of those that validate it. */

type Plain = { readonly [key: string]: unknown }

/** A name of the environment, or a column of a table, stands where a value belongs. */
const REFERRING = { type: 'string', pattern: '\\{[^{}]+\\}' } as const
const BOUNDS = ['pattern', 'minLength', 'maxLength', 'enum', 'format', 'const'] as const
const NUMBERS = new Set(['integer', 'number'])
/** What only forms and this server read of a schema. */
const OURS = /^x-|^default$|^~/

const either = (one: Plain, ...others: readonly Plain[]): Plain => {
  const { description, title, ...rest } = one
  const words = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) }
  return { ...words, anyOf: [rest, ...others] }
}

/** Values that come of other text than they are checked as, and the one duration that is a number. */
const loosened = (schema: Plain): Plain => {
  const bounded = schema.type === 'string' && BOUNDS.some((key) => key in schema)
  if (bounded || NUMBERS.has(schema.type as string) || (schema.enum && schema.type === undefined))
    return schema.format === 'duration' ? either(schema, { const: 0 }, REFERRING) : either(schema, REFERRING)
  return schema
}

/** `partial`: what is asked for may stand in a profile. */
const published = (schema: unknown, partial: boolean): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => published(one, partial))
  if (!isObject(schema)) return schema
  const kept = Object.entries(schema).filter(([key]) => !OURS.test(key) && !(partial && key === 'required'))
  const inner = kept.map(([key, value]): [string, unknown] => {
    if (key === 'enum' || key === 'const' || key === 'examples' || key === 'required') return [key, value]
    if (key !== 'properties' && key !== 'patternProperties') return [key, published(value, partial)]
    return [
      key,
      Object.fromEntries(Object.entries(value as Plain).map(([name, one]) => [name, published(one, partial)])),
    ]
  })
  return loosened(Object.fromEntries(inner))
}

type Types = ReadonlyMap<string, Pick<ProbeType | ChannelType, 'name' | 'options'>>

/** What `options` hold, by the `type` beside them. */
const optionsByType = (types: Types, partial: boolean): Plain => ({
  allOf: [...types.values()].map(({ name, options }) => ({
    if: { properties: { type: { const: name } }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { properties: { options: published(options, partial) } },
  })),
})

const ofType = (entry: Plain, types: Types, options: string): Plain => ({
  ...entry,
  properties: { ...(entry.properties as object), type: { enum: [...types.keys()] } },
  allOf: [{ $ref: `#/definitions/${options}` }],
})

const listed = (list: unknown, types: Types, options: string): Plain => {
  const { items, ...rest } = list as { readonly items: Plain }
  return { ...rest, items: ofType(items, types, options) }
}

export const publishedSchema = (probeTypes: Types, channelTypes: Types): Plain => {
  const whole = published(fileSchema, false) as { readonly properties: Readonly<Record<string, Plain>> }
  const { channels, monitors, profiles, ...others } = whole.properties
  const profile = Object.values((profiles as { readonly patternProperties: Plain }).patternProperties)[0] as Plain
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Vigía',
    ...whole,
    properties: {
      ...others,
      channels: listed(channels, channelTypes, 'channel_options'),
      profiles: { ...profiles, patternProperties: { '^.*$': ofType(profile, probeTypes, 'probe_options') } },
      monitors: listed(monitors, probeTypes, 'probe_options'),
    },
    // What is asked for of a monitor may stand in its profile.
    definitions: {
      channel_options: optionsByType(channelTypes, false),
      probe_options: optionsByType(probeTypes, true),
    },
  }
}
