import type { DutyList, DutyPerson, DutyRota, DutyTakeover } from '#core/duty/duty.ts'
import { type DutyProblem, dutyListProblems, dutyPersonProblems } from '#core/duty/duty-problem.ts'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { nameTaken } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { changed, type Operate } from './operation.ts'

export interface DutyDeps {
  readonly operate: Operate
  readonly rota: () => DutyRota
  /** Names of channels that could reach somebody, and of those that pass messages on by a list. */
  readonly reaching: () => readonly string[]
  readonly passingOn: (list: string) => readonly PassingChannel[]
  /** Puts in force what is stored. */
  readonly inForce: () => Promise<void>
  /** The same where channels have changed with it. */
  readonly channelsInForce: () => Promise<void>
  readonly now: () => number
}

/** A channel that passes messages on by a list. */
interface PassingChannel extends Pick<Channel, 'name' | 'origin'> {
  /** The same by a list of another name. */
  renamed(was: string, name: string): ChannelSpec
}

/** Who is on duty, as people arrange it by hand. */
export interface DutyOperations {
  /** `was`: the name that they had before; whatever names them does so by the new one. */
  savePerson(by: By, person: DutyPerson, was?: string): Promise<Outcome<DutyPerson>>
  removePerson(by: By, name: string): Promise<Outcome<undefined>>
  saveList(by: By, list: DutyList, was?: string): Promise<Outcome<DutyList>>
  removeList(by: By, name: string): Promise<Outcome<undefined>>
  /** "I am on", until its end, ms. */
  takeOver(by: By, list: string, person: string, endsAt: number): Promise<Outcome<DutyTakeover>>
  endTakeover(by: By, id: number): Promise<Outcome<undefined>>
}

/** Who says "I am on" for longer has another rota in mind. */
const LONGEST_MS = 31 * 86_400_000

const refusal = ({ path, message, fault }: DutyProblem) => refused('invalid_input', path.join('.'), message, fault)

const fromFile = (what: string, origin: string) => refused('owned_by_file', '', `This ${what} is written in ${origin}.`)

const taken = (name: string) => refused('name_taken', 'name', `there is another ${name}`, nameTaken(name))

const usedBy = (names: readonly string[]) =>
  refused('in_use', '', `It is named by ${names.join(', ')}.`, {
    code: 'used_by',
    facts: { names: names.join(', ') },
  })

const namesPerson = (shifts: DutyList['shifts'], name: string): boolean =>
  shifts.some(({ people }) => people.includes(name))

const entryOf = (
  object: string,
  before: { readonly name: string } | undefined,
  { name }: { readonly name: string },
) => ({
  action: before ? 'update' : 'create',
  object,
  objectId: null,
  before: before && { name: before.name },
  after: { name },
})

export const createDutyOperations = (deps: DutyDeps): DutyOperations => {
  const { operate, rota, reaching, passingOn, inForce, channelsInForce, now } = deps
  const person = (name: string) => rota().people.find((one) => one.name === name)
  const list = (name: string) => rota().lists.find((one) => one.name === name)
  const names = () => ({ channels: reaching(), people: rota().people.map(({ name }) => name) })

  return {
    savePerson: async (by, wanted, was = wanted.name) => {
      const before = person(was)
      const renames = was !== wanted.name
      if (renames && !before) return notThere('person')
      if (renames && person(wanted.name)) return taken(wanted.name)
      if (before?.origin !== undefined) return fromFile('person', before.origin)
      const ofFile = rota().lists.filter(({ origin, shifts }) => origin !== undefined && namesPerson(shifts, was))
      if (renames && ofFile.length > 0) return usedBy(ofFile.map(({ name }) => name))
      const [wrong] = dutyPersonProblems(wanted, names())
      if (wrong) return refusal(wrong)
      return operate(
        by,
        async ({ duty }) => {
          if (renames) await duty.renamePerson(was, wanted.name)
          await duty.savePerson(wanted)
          return changed(wanted, entryOf('duty person', before, wanted))
        },
        inForce,
      )
    },

    removePerson: async (by, name) => {
      const before = person(name)
      if (before?.origin !== undefined) return fromFile('person', before.origin)
      const users = rota().lists.filter(({ shifts }) => namesPerson(shifts, name))
      if (users.length > 0) return usedBy(users.map((one) => one.name))
      return operate(
        by,
        async ({ duty }) => {
          if (!(await duty.removePerson(name))) return notThere('person')
          return changed(undefined, { action: 'delete', object: 'duty person', objectId: null, before: { name } })
        },
        inForce,
      )
    },

    saveList: async (by, wanted, was = wanted.name) => {
      const before = list(was)
      const renames = was !== wanted.name
      if (renames && !before) return notThere('list')
      if (renames && list(wanted.name)) return taken(wanted.name)
      if (before?.origin !== undefined) return fromFile('list', before.origin)
      const channels = renames ? passingOn(was) : []
      const ofFile = channels.filter(({ origin }) => origin !== undefined)
      if (ofFile.length > 0) return usedBy(ofFile.map(({ name }) => name))
      const [wrong] = dutyListProblems(wanted, names())
      if (wrong) return refusal(wrong)
      return operate(
        by,
        async ({ duty, channels: stored }, at) => {
          if (renames) await duty.renameList(was, wanted.name)
          await duty.saveList(wanted)
          for (const channel of channels) await stored.save(channel.renamed(was, wanted.name), at)
          return changed(wanted, entryOf('duty list', before, wanted))
        },
        channels.length > 0 ? channelsInForce : inForce,
      )
    },

    removeList: async (by, name) => {
      const before = list(name)
      if (before?.origin !== undefined) return fromFile('list', before.origin)
      const users = passingOn(name)
      if (users.length > 0) return usedBy(users.map((one) => one.name))
      return operate(
        by,
        async ({ duty }) => {
          if (!(await duty.removeList(name))) return notThere('list')
          return changed(undefined, { action: 'delete', object: 'duty list', objectId: null, before: { name } })
        },
        inForce,
      )
    },

    takeOver: async (by, listName, personName, endsAt) => {
      if (!list(listName)) return notThere('list')
      if (!person(personName))
        return refused('invalid_input', 'person', `nobody is named ${personName}`, {
          code: 'not_known',
          facts: { value: personName },
        })
      const at = now()
      if (!(endsAt > at && endsAt <= at + LONGEST_MS))
        return refused('invalid_input', 'until', 'must be a time within the next 31 days', {
          code: 'bad_end',
          facts: {},
        })
      const takeover = { list: listName, person: personName, startsAt: at, endsAt, by: by.name }
      const stored = await operate(
        by,
        async ({ duty }) => {
          const id = await duty.takeOver(takeover)
          return changed(id, { action: 'take over', object: 'duty', objectId: id, after: { name: personName } })
        },
        inForce,
      )
      return done({ ...takeover, id: stored.value })
    },

    endTakeover: (by, id) =>
      operate(
        by,
        async ({ duty }, at) => {
          if (!(await duty.endTakeover(id, at))) return notThere('takeover that still runs')
          return changed(undefined, { action: 'end takeover', object: 'duty', objectId: id })
        },
        inForce,
      ),
  }
}
