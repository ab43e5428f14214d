import type { DutyList, DutyPerson, DutyRota, DutyTakeover } from '#core/duty/duty.ts'
import { type DutyProblem, dutyListProblems, dutyPersonProblems } from '#core/duty/duty-problem.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { changed, type Operate } from './operation.ts'

export interface DutyDeps {
  readonly operate: Operate
  readonly rota: () => DutyRota
  /** Names of channels that could reach somebody, and of those that pass messages on by a list. */
  readonly reaching: () => readonly string[]
  readonly passingOn: (list: string) => readonly string[]
  /** Puts in force what is stored. */
  readonly inForce: () => Promise<void>
  readonly now: () => number
}

/** Who is on duty, as people arrange it by hand. */
export interface DutyOperations {
  savePerson(by: By, person: DutyPerson): Promise<Outcome<DutyPerson>>
  removePerson(by: By, name: string): Promise<Outcome<undefined>>
  saveList(by: By, list: DutyList): Promise<Outcome<DutyList>>
  removeList(by: By, name: string): Promise<Outcome<undefined>>
  /** "I am on", until its end, ms. */
  takeOver(by: By, list: string, person: string, endsAt: number): Promise<Outcome<DutyTakeover>>
  endTakeover(by: By, id: number): Promise<Outcome<undefined>>
}

/** Who says "I am on" for longer has another rota in mind. */
const LONGEST_MS = 31 * 86_400_000

const refusal = ({ path, message, fault }: DutyProblem) => refused('invalid_input', path.join('.'), message, fault)

const fromFile = (what: string, origin: string) => refused('owned_by_file', '', `This ${what} is written in ${origin}.`)

const usedBy = (names: readonly string[]) =>
  refused('in_use', '', `It is named by ${names.join(', ')}.`, {
    code: 'used_by',
    facts: { names: names.join(', ') },
  })

export const createDutyOperations = (deps: DutyDeps): DutyOperations => {
  const { operate, rota, reaching, passingOn, inForce, now } = deps
  const person = (name: string) => rota().people.find((one) => one.name === name)
  const list = (name: string) => rota().lists.find((one) => one.name === name)
  const names = () => ({ channels: reaching(), people: rota().people.map(({ name }) => name) })

  return {
    savePerson: async (by, wanted) => {
      const before = person(wanted.name)
      if (before?.origin !== undefined) return fromFile('person', before.origin)
      const [wrong] = dutyPersonProblems(wanted, names())
      if (wrong) return refusal(wrong)
      return operate(
        by,
        async ({ duty }) => {
          await duty.savePerson(wanted)
          const action = before ? 'update' : 'create'
          return changed(wanted, { action, object: 'duty person', objectId: null, after: { name: wanted.name } })
        },
        inForce,
      )
    },

    removePerson: async (by, name) => {
      const before = person(name)
      if (before?.origin !== undefined) return fromFile('person', before.origin)
      const users = rota().lists.filter(({ shifts }) => shifts.some(({ people }) => people.includes(name)))
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

    saveList: async (by, wanted) => {
      const before = list(wanted.name)
      if (before?.origin !== undefined) return fromFile('list', before.origin)
      const [wrong] = dutyListProblems(wanted, names())
      if (wrong) return refusal(wrong)
      return operate(
        by,
        async ({ duty }) => {
          await duty.saveList(wanted)
          const action = before ? 'update' : 'create'
          return changed(wanted, { action, object: 'duty list', objectId: null, after: { name: wanted.name } })
        },
        inForce,
      )
    },

    removeList: async (by, name) => {
      const before = list(name)
      if (before?.origin !== undefined) return fromFile('list', before.origin)
      const users = passingOn(name)
      if (users.length > 0) return usedBy(users)
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
