import { stringify } from 'yaml'
import { createReferences, plainWords } from '#config/words/references.ts'
import type { ChannelType } from '#core/channel.ts'
import type { ProbeType } from '#core/probe.ts'
import type { TSchema } from '#lib/schema.ts'
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

/** Writes what comes in as a configuration file; its secrets stand in the environment. */
export const fileText = (
  items: readonly PreparedItem[],
  sections: Readonly<Record<string, unknown>>,
  { probeTypes, channelTypes }: FileTextDeps,
): WrittenFile => {
  const { environment, optionsOf } = createReferences()
  const schemaOf = ({ object, entry }: PreparedItem): TSchema | undefined => {
    const type = String(entry.type ?? '')
    if (object === 'channel') return channelTypes.get(type)?.options
    return object === 'monitor' ? probeTypes.get(type)?.options : undefined
  }
  const written = (item: PreparedItem): unknown => {
    const { options, ...rest } = item.entry
    const words = plainWords(rest) as Record<string, unknown>
    return options === undefined ? words : { ...words, options: optionsOf(schemaOf(item), options, item.name) }
  }
  const content: Record<string, unknown[]> = {}
  for (const item of items) {
    content[KEYS[item.object]] ??= []
    content[KEYS[item.object]]!.push(written(item))
  }
  return { text: stringify({ ...content, ...sections }, { lineWidth: 0, aliasDuplicateObjects: false }), environment }
}
