import { stringify } from 'yaml'
import type { ChannelType } from '#core/channel.ts'
import type { ProbeType } from '#core/probe.ts'
import { isObject } from '#lib/json.ts'
import type { TSchema } from '#lib/schema.ts'
import { mapSecrets } from '#storage/secret-fields.ts'
import type { PreparedItem } from './prepare-things.ts'

/** A configuration file, and the values of the names that it refers to in place of secrets. */
export interface WrittenFile {
  readonly text: string
  readonly environment: ReadonlyMap<string, string>
}

export interface FileTextDeps {
  readonly probeTypes: ReadonlyMap<string, Pick<ProbeType, 'options'>>
  readonly channelTypes: ReadonlyMap<string, Pick<ChannelType, 'options'>>
}

const KEYS = { channel: 'channels', monitor: 'monitors', rule: 'rules', 'maintenance plan': 'maintenance' } as const

const upper = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase()

/** A text that means itself: `${` would be taken for the name of a variable. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${')
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

/** Writes what comes in as a configuration file; its secrets stand in the environment. */
export const fileText = (
  items: readonly PreparedItem[],
  sections: Readonly<Record<string, unknown>>,
  { probeTypes, channelTypes }: FileTextDeps,
): WrittenFile => {
  const environment = new Map<string, string>()
  const refer = (value: unknown, of: string, field: string): string => {
    const secret = typeof value === 'string' ? value : JSON.stringify(value)
    const wanted = `VIGIA_${upper(of)}_${upper(field)}`
    let name = wanted
    for (let number = 2; environment.has(name) && environment.get(name) !== secret; number++)
      name = `${wanted}_${number}`
    environment.set(name, secret)
    return `\${${name}}`
  }
  const schemaOf = ({ object, entry }: PreparedItem): TSchema | undefined => {
    const type = String(entry.type ?? '')
    if (object === 'channel') return channelTypes.get(type)?.options
    return object === 'monitor' ? probeTypes.get(type)?.options : undefined
  }
  const written = (item: PreparedItem): unknown => {
    const { options, ...rest } = plain(item.entry) as Record<string, unknown>
    if (options === undefined) return rest
    const schema = schemaOf(item)
    const own = item.entry.options
    const masked = schema
      ? mapSecrets(schema, options, (_, path, secretOf) =>
          refer(secretOf(valueAt(own, path)), item.name, path.map(String).join('_')),
        )
      : options
    return { ...rest, options: masked }
  }
  const content: Record<string, unknown[]> = {}
  for (const item of items) {
    content[KEYS[item.object]] ??= []
    content[KEYS[item.object]]!.push(written(item))
  }
  return { text: stringify({ ...content, ...sections }, { lineWidth: 0, aliasDuplicateObjects: false }), environment }
}

const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value)
