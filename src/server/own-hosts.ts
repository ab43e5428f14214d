import type { Registry } from '#pipeline/decide/registry.ts'
import { probeTypes } from '#probes/index.ts'
import { channelHosts } from './delivery-names.ts'

export interface OwnHostsDeps {
  readonly registry: Pick<Registry, 'monitors' | 'channels'>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where the server says that it lives. */
  readonly heartbeat: string | undefined
}

/** Every host, name or address, that the server looks at or sends to. */
export const ownHosts = ({ registry, environment, heartbeat }: OwnHostsDeps): readonly string[] => [
  ...registry.monitors().flatMap(({ monitor: { type, options } }) => probeTypes.get(type)?.hosts?.(options) ?? []),
  ...registry.channels().flatMap((channel) => channelHosts(channel, environment)),
  ...(heartbeat === undefined ? [] : [URL.parse(heartbeat)?.hostname ?? '']),
]
