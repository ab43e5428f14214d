import { stringify } from 'yaml'
import type { Exported } from './export.ts'

/** What of an export may be told: names of secrets, never their values. */
export interface ToldExport extends Pick<Exported, 'content' | 'elsewhere'> {
  /** Names of the environment that it refers to, in order. */
  readonly names: readonly string[]
}

const REFERENCE = /(\$?)\$\{([A-Za-z_]\w*)/g

/** Also those that parts of the server's own file refer to. */
export const toldExport = ({ content, elsewhere }: Exported): ToldExport => {
  const names = new Set(
    [...JSON.stringify(content).matchAll(REFERENCE)].flatMap(([, own, name]) => (own ? [] : [name!])),
  )
  return { content, elsewhere, names: [...names].sort() }
}

/** Only some of the top keys. */
export const onlyKinds = (told: ToldExport, kinds: readonly string[]): ToldExport =>
  toldExport({
    content: Object.fromEntries(Object.entries(told.content).filter(([kind]) => kinds.includes(kind))),
    elsewhere: told.elsewhere,
    environment: new Map(),
  })

const ABOUT = [
  '# yaml-language-server: $schema=./vigia.schema.json',
  '# The configuration of Vigía as it was exported; "vigia apply" takes it back. What editors know of its keys: "vigia schema > vigia.schema.json".',
]

const namesAbout = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        '# Its secrets stand in the environment, in .env, or in the file of --env ("vigia export --env-template" writes one to fill in):',
        ...names.map((name) => `#   ${name}`),
      ]

const elsewhereAbout = (elsewhere: ToldExport['elsewhere']): string[] =>
  elsewhere.length === 0
    ? []
    : [
        '# The options of these stand in a file that the running server knows: ask that one with --server.',
        ...elsewhere.map(({ name, origin }) => `#   ${name}: ${origin}`),
      ]

/** An export as a file. */
export const exportText = ({ content, names, elsewhere }: ToldExport): string => {
  const head = [...ABOUT, ...namesAbout(names), ...elsewhereAbout(elsewhere)].join('\n')
  const body =
    Object.keys(content).length === 0 ? '{}\n' : stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })
  return `${head}\n${body}`
}
