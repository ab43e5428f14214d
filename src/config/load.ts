import { readFileSync } from 'node:fs'
import type { ChannelSpec } from '#core/channel-spec.ts'
import type { Language } from '#core/message.ts'
import { parseAddress, parseNetwork } from '#lib/cidr.ts'
import { parseDuration } from '#lib/duration.ts'
import { type BuildDeps, buildChannel, buildMonitor, checkZone, type WantedMonitor } from './build.ts'
import { nearest } from './nearest.ts'
import { type FileContent, fileSchema } from './schema.ts'
import { type ConfigProblem, type ConfigSource, problemText, readSource } from './source.ts'
import { validate } from './validate.ts'

export { type ConfigProblem, problemText }

/** A configuration that holds together. */
export interface Config {
  readonly server: {
    readonly host?: string
    readonly port?: number
    readonly url?: string
    readonly language: Language
    readonly timeZone: string
    readonly trustedProxies?: readonly string[]
  }
  readonly heartbeat?: { readonly url: string; readonly everyMs: number }
  readonly channels: readonly ChannelSpec[]
  readonly monitors: readonly WantedMonitor[]
}

export type LoadDeps = Pick<BuildDeps, 'environment' | 'probeTypes' | 'channelTypes' | 'parseTarget'>

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

const HEARTBEAT_EVERY_MS = 60_000

/** Names are what people use: two of the same would make one of them unreachable. */
const duplicates = (
  kind: 'channels' | 'monitors',
  entries: readonly { name: string }[],
  source: ConfigSource,
): ConfigProblem[] => {
  const first = new Map<string, number>()
  return entries.flatMap(({ name }, index) => {
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, index)
      return []
    }
    const place = source.origin([kind, before, 'name'])
    return [source.problem([kind, index, 'name'], `name: ${name} is taken already (${place}), choose another`)]
  })
}

const missingChannels = (content: FileContent, source: ConfigSource): ConfigProblem[] => {
  const known = (content.channels ?? []).map(({ name }) => name)
  const check = (names: readonly string[] | undefined, path: readonly (string | number)[]) =>
    (names ?? []).flatMap((name, index) => {
      if (known.includes(name)) return []
      const meant = nearest(name, known)
      const right = meant
        ? `did you mean ${meant}?`
        : known.length > 0
          ? `there are: ${known.join(', ')}`
          : 'there are none, add it under channels'
      return [source.problem([...path, index], `channels: no channel is named ${name}, ${right}`)]
    })
  return [
    ...check(content.defaults?.channels, ['defaults', 'channels']),
    ...(content.monitors ?? []).flatMap(({ channels }, index) => check(channels, ['monitors', index, 'channels'])),
  ]
}

/** Reads configuration text; `file` is its name in messages. Never throws: what is wrong is told with its place. */
export const loadConfigText = (text: string, file: string, deps: LoadDeps): Loaded => {
  const read = readSource(text, file, deps.environment)
  if (!read.ok) return read
  const { source } = read
  const shape = validate(fileSchema, source.value, [], source)
  if (shape.length > 0) return { ok: false, problems: shape }
  const content = source.value as FileContent
  const channelEntries = content.channels ?? []
  const monitorEntries = content.monitors ?? []
  const problems = [
    ...duplicates('channels', channelEntries, source),
    ...duplicates('monitors', monitorEntries, source),
    ...missingChannels(content, source),
  ]
  const build: BuildDeps = { ...deps, source, problems }
  checkZone(content.server?.time_zone, ['server', 'time_zone'], build)
  for (const [index, text] of (content.server?.trusted_proxies ?? []).entries())
    if (!parseAddress(text) && !parseNetwork(text))
      problems.push(
        source.problem(
          ['server', 'trusted_proxies', index],
          `trusted_proxies: ${text} is not an address or a network, write for example 127.0.0.1 or 10.0.0.0/8`,
        ),
      )
  const channels = channelEntries.map((entry, index) => buildChannel(entry, ['channels', index], build))
  const monitors = monitorEntries.map((entry, index) =>
    buildMonitor(entry, content.defaults ?? {}, ['monitors', index], build),
  )
  if (problems.length > 0)
    return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
  const { server = {}, heartbeat } = content
  return {
    ok: true,
    config: {
      server: {
        ...(server.host !== undefined && { host: server.host }),
        ...(server.port !== undefined && { port: server.port }),
        ...(server.url !== undefined && { url: server.url }),
        language: server.language ?? 'en',
        ...(server.trusted_proxies && { trustedProxies: server.trusted_proxies }),
        timeZone: server.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      ...(heartbeat && {
        heartbeat: {
          url: heartbeat.url,
          everyMs: heartbeat.every === undefined ? HEARTBEAT_EVERY_MS : parseDuration(heartbeat.every)!,
        },
      }),
      channels: channels as ChannelSpec[],
      monitors: monitors as WantedMonitor[],
    },
  }
}

/** Reads a configuration file. */
export const loadConfig = (path: string, deps: LoadDeps): Loaded => {
  try {
    return loadConfigText(readFileSync(path, 'utf8'), path, deps)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const words =
      code === 'ENOENT'
        ? 'the file does not exist'
        : code === 'EISDIR'
          ? 'this is a folder, not a file'
          : `cannot be read: ${code ?? message}`
    return { ok: false, problems: [{ file: path, line: 1, column: 1, message: words }] }
  }
}
