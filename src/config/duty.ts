import { because } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import type { DutyList, DutyPerson } from '#core/duty/duty.ts'
import { dutyListOf, dutyPersonOf } from '#core/duty/duty-entry.ts'
import { type DutyProblem, dutyListProblems, dutyPersonProblems } from '#core/duty/duty-problem.ts'
import type { JsonObject } from '#lib/json.ts'
import { rightName } from './right-name.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'

/** Who is on duty, as a file says it; each with its place there. */
export interface WantedDuty {
  readonly people: readonly DutyPerson[]
  readonly lists: readonly DutyList[]
}

interface Deps {
  readonly source: ConfigSource
  readonly problems: ConfigProblem[]
  readonly channelTypes: ReadonlyMap<string, ChannelType>
}

const listsOf = (channel: NonNullable<FileContent['channels']>[number], { channelTypes }: Deps) => {
  const lists = channelTypes.get(channel.type)?.passesOnTo?.((channel.options ?? {}) as JsonObject as never)
  // Options that do not fit are told elsewhere.
  return Array.isArray(lists) ? (lists as readonly unknown[]) : undefined
}

/** Each name once. */
const twice = (
  entries: readonly { readonly name: string }[],
  section: 'people' | 'lists',
  { source }: Deps,
): ConfigProblem[] =>
  entries.flatMap(({ name }, index) =>
    entries.findIndex((one) => one.name === name) < index
      ? [source.problem(['duty', section, index, 'name'], because('config_name_taken', { name }))]
      : [],
  )

const missingLists = (content: FileContent, known: readonly string[], deps: Deps): ConfigProblem[] =>
  (content.channels ?? []).flatMap((channel, index) =>
    (listsOf(channel, deps) ?? []).flatMap((name, at) =>
      known.includes(String(name))
        ? []
        : [
            deps.source.problem(
              ['channels', index, 'options', 'lists', at],
              because('config_no_duty_list', {
                name: String(name),
                right: rightName(String(name), known, because('add_duty_list')),
              }),
            ),
          ],
    ),
  )

/** Who is on duty by the file; what is wrong with it is then among the problems. */
export const buildDuty = (content: FileContent, deps: Deps): WantedDuty | undefined => {
  const { source, problems } = deps
  const { people: peopleEntries = [], lists: listEntries = [] } = content.duty ?? {}
  const named = peopleEntries.map(({ name }) => name)
  const names = {
    channels: (content.channels ?? []).filter((one) => !listsOf(one, deps)).map(({ name }) => name),
    people: named,
  }
  const tell = (path: Path, found: readonly DutyProblem[]) => {
    for (const one of found) problems.push(source.problem([...path, ...one.path], one.message, undefined, one.fault))
  }
  problems.push(
    ...twice(peopleEntries, 'people', deps),
    ...twice(listEntries, 'lists', deps),
    ...missingLists(
      content,
      listEntries.map(({ name }) => name),
      deps,
    ),
  )
  const people = peopleEntries.map((entry, index): DutyPerson => {
    const path = ['duty', 'people', index]
    const person = dutyPersonOf(entry)
    tell(path, dutyPersonProblems(person, names))
    return { ...person, origin: source.origin(path) }
  })
  const lists = listEntries.map((entry, index): DutyList => {
    const path = ['duty', 'lists', index]
    const list = dutyListOf(entry)
    tell(path, dutyListProblems(list, names))
    return { ...list, origin: source.origin(path) }
  })
  return content.duty ? { people, lists } : undefined
}
