import { notThere, type Outcome, type Problem, refused } from '#core/problem.ts'
import type { Matcher, Quiet } from '#core/rule/matcher.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import type { Failed } from '#lib/result.ts'
import type { Repositories } from '#storage/index.ts'
import type { MaintenanceWindow, NewMaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'
import type { Naming } from './entry-details.ts'
import { matchText } from './match-text.ts'
import { matchersRefusal } from './matchers-refusal.ts'
import { changed, changedAll, type Entry, type Operate } from './operation.ts'

/** A stretch of time and what is quiet in it, times in ms. */
type NewQuiet = Pick<Quiet, 'matchers' | 'startsAt' | 'endsAt'>

/** One maintenance window, as people plan it. */
type PlannedWindow = NewQuiet & Pick<NewMaintenanceWindow, 'name' | 'behind' | 'note' | 'tell'>

export interface QuietDeps {
  readonly operate: Operate
  readonly now: () => number
  /** Puts silences and windows in force, and looks at what they held back. */
  readonly inForce: () => Promise<void>
}

/** Silences and maintenance windows, as people begin and end them. */
export interface QuietOperations {
  /** `replaces`: id of one that ends in the same moment. */
  beginSilence(by: By, quiet: NewQuiet & { readonly comment: string }, replaces?: number): Promise<Outcome<Silence>>
  /** Silences many monitors in one transaction, each by a silence of its own; their ids. */
  silenceMonitors(
    by: By,
    names: readonly string[],
    silence: { readonly endsAt: number; readonly comment: string },
  ): Promise<Outcome<readonly number[]>>
  endSilence(by: By, id: number): Promise<Outcome<undefined>>
  beginWindow(by: By, quiet: PlannedWindow): Promise<Outcome<MaintenanceWindow>>
  /** Changes one that is not over and that no plan made. */
  changeWindow(by: By, id: number, quiet: PlannedWindow): Promise<Outcome<MaintenanceWindow>>
  endWindow(by: By, id: number): Promise<Outcome<undefined>>
}

const COMES_AGAIN = says(
  'This window comes again: change the recurring window, or end this one.',
  'Esta ventana se repite: cambie la ventana recurrente, o termine esta.',
)
const RANGE = 'must be a time in the future and after starts_at'

const problemOf = ({ matchers, startsAt, endsAt }: NewQuiet, now: number) => {
  if (!(startsAt < endsAt && endsAt > now))
    return refused('invalid_input', 'ends_at', RANGE, { code: 'bad_end', facts: {} })
  return matchersRefusal(matchers as Matcher[])
}

/** One kind of quiet time: where it is stored, and what people call it. */
interface Kind<One extends Quiet, New> {
  readonly object: string
  readonly title: string
  readonly book: (repositories: Repositories) => {
    insert(quiet: New): Promise<number>
    list(limit: number, before: number): Promise<readonly One[]>
    end(id: number, now: number): Promise<boolean>
  }
  readonly named: (one: One) => Naming
  /** Why there may be no more of them; undefined when there may. */
  readonly full?: (repositories: Repositories, now: number) => Promise<Failed<Problem> | undefined>
}

/** Each is asked of whatever happens to a monitor while it lasts. */
const MOST_WINDOWS = 1000

const windowsFull = async ({ maintenance }: Repositories, now: number) =>
  (await maintenance.countSingle(now)) < MOST_WINDOWS
    ? undefined
    : refused('invalid_input', '', `${MOST_WINDOWS} windows are planned already: end some first`, {
        code: 'too_many',
        facts: { limit: MOST_WINDOWS },
      })

const silenceKind: Kind<Silence, Omit<Silence, 'id'>> = {
  object: 'silence',
  title: 'silence that still runs',
  book: ({ silences }) => silences,
  named: ({ matchers, comment }) => ({ matches: matchText(matchers), comment }),
}
const windowKind: Kind<MaintenanceWindow, NewMaintenanceWindow> = {
  object: 'maintenance',
  title: 'maintenance window that still runs',
  book: ({ maintenance }) => maintenance,
  named: ({ name, matchers }) => ({ name, matches: matchText(matchers) }),
  full: windowsFull,
}

const byId = async <One extends Quiet, New>({ book }: Kind<One, New>, id: number, repositories: Repositories) => {
  const [found] = await book(repositories).list(1, id + 1)
  return found?.id === id ? found : undefined
}

export const createQuietOperations = ({ operate, now, inForce }: QuietDeps): QuietOperations => {
  const begin = async <One extends Quiet, New extends NewQuiet>(
    kind: Kind<One, New>,
    by: By,
    quiet: New,
    replaces?: number,
  ) => {
    const problem = problemOf(quiet, now())
    if (problem) return problem
    const { object, book, named } = kind
    return operate(
      by,
      async (repositories, at) => {
        const full = await kind.full?.(repositories, at)
        if (full) return full
        if (replaces !== undefined) await book(repositories).end(replaces, at)
        const objectId = await book(repositories).insert(quiet)
        const made = (await byId(kind, objectId, repositories))!
        return changed(made, { action: 'create', object, objectId, after: named(made) })
      },
      inForce,
    )
  }

  const end = <One extends Quiet, New>(kind: Kind<One, New>, by: By, id: number): Promise<Outcome<undefined>> =>
    operate(
      by,
      async (repositories, at) => {
        const before = await byId(kind, id, repositories)
        if (!before || !(await kind.book(repositories).end(id, at))) return notThere(kind.title)
        return changed(undefined, { action: 'delete', object: kind.object, objectId: id, before: kind.named(before) })
      },
      inForce,
    )

  const made = (by: By) => ({ createdBy: by.name, createdAt: now() })

  return {
    beginSilence: (by, quiet, replaces) => begin(silenceKind, by, { ...quiet, ...made(by) }, replaces),
    silenceMonitors: async (by, names, { endsAt, comment }) => {
      const quiets = names.map((value) => ({
        matchers: [{ name: 'monitor', operator: '=', value } as const],
        startsAt: now(),
        endsAt,
        comment,
        ...made(by),
      }))
      const wrong = quiets[0] && problemOf(quiets[0], now())
      if (wrong) return wrong
      return operate(
        by,
        async ({ silences }) => {
          const ids: number[] = []
          const entries: Entry[] = []
          for (const quiet of quiets) {
            const objectId = await silences.insert(quiet)
            ids.push(objectId)
            entries.push({
              action: 'create',
              object: 'silence',
              objectId,
              after: silenceKind.named({ ...quiet, id: objectId }),
            })
          }
          return changedAll(ids, entries)
        },
        inForce,
      )
    },
    endSilence: (by, id) => end(silenceKind, by, id),
    beginWindow: (by, quiet) => begin(windowKind, by, { ...quiet, ...made(by) }),
    changeWindow: async (by, id, quiet) =>
      problemOf(quiet, now()) ??
      operate(
        by,
        async ({ maintenance }, at) => {
          const before = await maintenance.byId(id)
          if (!before || before.endsAt <= at) return notThere(windowKind.title)
          if (before.planId !== undefined) return refused('in_use', '', COMES_AGAIN.message, COMES_AGAIN)
          await maintenance.change({
            ...quiet,
            behind: quiet.behind ?? false,
            note: quiet.note ?? '',
            id,
            told: before.told,
          })
          const after = (await maintenance.byId(id))!
          return changed(after, {
            action: 'update',
            object: windowKind.object,
            objectId: id,
            before: windowKind.named(before),
            after: windowKind.named(after),
          })
        },
        inForce,
      ),
    endWindow: (by, id) => end(windowKind, by, id),
  }
}
