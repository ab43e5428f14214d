import type { DutyList, DutyRota } from './duty.ts'
import { type DutyWhy, onDutyAt } from './on-duty.ts'

/** Somebody on duty, with the names of the channels that reach them. */
interface Called {
  readonly person: string
  readonly why: DutyWhy
  readonly channels: readonly string[]
}

/** Whom a message goes to that is for who is on duty. */
export interface DutyCall {
  readonly list: string
  readonly called: readonly Called[]
  /** Names of the channels that hear it where nobody of those can be reached. */
  readonly fallback: readonly string[]
}

const fits = ({ match }: DutyList, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(match).every(([name, value]) => labels[name] === value)

/** Of lists in the order in which they are asked: the first that is for these labels; where none is, the last one. */
const listFor = (
  names: readonly string[],
  { lists }: DutyRota,
  labels: Readonly<Record<string, string>>,
): DutyList | undefined => {
  const known = names.map((name) => lists.find((list) => list.name === name)).filter((list) => list !== undefined)
  return known.find((list) => fits(list, labels)) ?? known.at(-1)
}

/** Who is called at a moment, ms, by the first of some lists that fits; undefined where none of them exists. */
export const dutyCall = (
  names: readonly string[],
  rota: DutyRota,
  labels: Readonly<Record<string, string>>,
  at: number,
  zone: string,
): DutyCall | undefined => {
  const list = listFor(names, rota, labels)
  if (!list) return undefined
  const called = onDutyAt(list, rota, at, zone).map(({ person, why }) => ({
    person,
    why,
    channels: rota.people.find(({ name }) => name === person)?.channels ?? [],
  }))
  return { list: list.name, called, fallback: list.fallback }
}

/** Who pressed a button of a chat, as far as its service says. */
export interface Pressing {
  /** The channel by which the message had gone. */
  readonly channel: string
  /** What stands for an account there and nobody else can take: its number, its name. */
  readonly accounts: readonly string[]
}

const plain = (name: string): string => name.trim().replace(/^@/, '').toLowerCase()

/** The person who pressed: by their account, else because the channel is theirs alone; undefined for anybody else. */
export const personWho = (
  { people }: Pick<DutyRota, 'people'>,
  { channel, accounts }: Pressing,
): string | undefined => {
  const wanted = new Set(accounts.map(plain))
  const known = people.find(({ aliases }) => aliases.some((one) => wanted.has(plain(one))))
  if (known) return known.name
  const owners = people.filter(({ channels }) => channels.includes(channel))
  return owners.length === 1 ? owners[0]!.name : undefined
}
