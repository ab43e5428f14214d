import { because } from '#core/cause/cause.ts'
import { parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { fallbackProblem } from './fallbacks.ts'
import { rightName } from './right-name.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'

interface Named {
  readonly name: string
  readonly path: Path
  readonly source: ConfigSource
}

/** Names are what people use: two of the same would make one of them unreachable. */
export const duplicates = (named: readonly Named[]): ConfigProblem[] => {
  const first = new Map<string, Named>()
  return named.flatMap((one) => {
    const before = first.get(one.name)
    if (before === undefined) {
      first.set(one.name, one)
      return []
    }
    const place = before.source.origin([...before.path, 'name'])
    return [one.source.problem([...one.path, 'name'], because('config_name_taken_at', { name: one.name, place }))]
  })
}

/** Every place of the file where channels are named. */
const channelLists = (content: FileContent): { readonly names: readonly string[]; readonly path: Path }[] => [
  { names: content.defaults?.channels ?? [], path: ['defaults', 'channels'] },
  { names: content.witnesses?.channels ?? [], path: ['witnesses', 'channels'] },
  ...Object.entries(content.profiles ?? {}).map(([name, { channels = [] }]) => ({
    names: channels,
    path: ['profiles', name, 'channels'],
  })),
  ...(['monitors', 'rules', 'escalation'] as const).flatMap((kind) =>
    (content[kind] ?? []).map(({ channels = [] }, index) => ({
      names: channels.map(String),
      path: [kind, index, 'channels'],
    })),
  ),
]

const missingChannels = (content: FileContent, source: ConfigSource): ConfigProblem[] => {
  const known = (content.channels ?? []).map(({ name }) => name)
  return channelLists(content).flatMap(({ names, path }) =>
    names.flatMap((name, index) => {
      if (known.includes(name)) return []
      const right = rightName(name, known, because('none_add_channels'))
      return [source.problem([...path, index], because('config_no_channel', { name, right }))]
    }),
  )
}

const fallbackProblems = ({ channels = [] }: FileContent, source: ConfigSource): ConfigProblem[] =>
  channels.flatMap((channel, index) => {
    const problem = fallbackProblem(channel, channels)
    return problem === undefined
      ? []
      : [
          source.problem(
            ['channels', index, 'fallback', 'to'],
            because('in_field', { field: 'fallback', why: problem }),
          ),
        ]
  })

const proxyProblems = (content: FileContent, source: ConfigSource): ConfigProblem[] =>
  (content.server?.trusted_proxies ?? []).flatMap((text, index) =>
    parseAddress(text) || parseNetwork(text)
      ? []
      : [
          source.problem(
            ['server', 'trusted_proxies', index],
            because('config_no_network', {
              field: 'trusted_proxies',
              text,
              example: '127.0.0.1 or 10.0.0.0/8',
            }),
          ),
        ],
  )

/** What a file names that is not there, or is no address: its channels, their fallbacks, trusted proxies. */
export const referenceProblems = (content: FileContent, source: ConfigSource): ConfigProblem[] => [
  ...missingChannels(content, source),
  ...fallbackProblems(content, source),
  ...proxyProblems(content, source),
]
