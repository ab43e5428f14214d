import type { Problem } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { done, type Failed } from '#lib/result.ts'
import type { AuditEntry } from '#storage/audit.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { detailsOf, type Naming } from './entry-details.ts'

/** What the audit log says of a change. */
export interface Entry {
  /** `create`, `pause`, `acknowledge`. */
  readonly action: string
  /** `monitor`, `silence`. */
  readonly object: string
  readonly objectId: number | null
  /** What people knew it by before, and know it by now; absent where it was not there, or is gone. */
  readonly before?: Naming | undefined
  readonly after?: Naming | undefined
  /** What there is to say beside that. Never a secret. */
  readonly details?: JsonObject
}

/** What an operation came to; without an entry nothing changed. */
export interface Change<Value> {
  readonly ok: true
  readonly value: Value
  readonly entry?: Entry | undefined
  /** Of what was done to many: the others, each with an entry of its own. */
  readonly further?: readonly Entry[] | undefined
}

export const changed = <Value>(value: Value, entry?: Entry): Change<Value> => ({ ok: true, value, entry })

/** What was done to many things at once. */
export const changedAll = <Value>(value: Value, [entry, ...further]: readonly Entry[]): Change<Value> => ({
  ok: true,
  value,
  entry,
  further,
})

const lineOf = (entry: Entry, { actor, address, asked }: By, at: number): Omit<AuditEntry, 'id'> => {
  const { action, object, objectId } = entry
  return { at, actor, address, action, object, objectId, details: detailsOf(entry, asked) }
}

export interface OperateDeps {
  readonly storage: Pick<Storage, 'transaction'>
  /** Ms. */
  readonly now: () => number
  /** Tells who watches live. */
  readonly announce: (kind: string, data: object) => void
}

/** What somebody who asked hears: the value of a change, or the refusal as it is. */
type Heard<Returned> = Returned extends Change<infer Value> ? { readonly ok: true; readonly value: Value } : Returned

/**
 * Does one thing that somebody asks for. `work` stores it in a transaction that the entry in the audit log shares: the one
 * is never there without the other. Then `inForce` puts it in force, and live listeners hear of it. What `work` refuses,
 * before it stores anything, is returned.
 */
export type Operate = <Returned extends Change<unknown> | Failed<Problem>>(
  by: By,
  work: (repositories: Repositories, at: number) => Promise<Returned>,
  inForce?: () => Promise<void>,
) => Promise<Heard<Returned>>

export const createOperate =
  ({ storage, now, announce }: OperateDeps): Operate =>
  async <Returned extends Change<unknown> | Failed<Problem>>(
    by: By,
    work: (repositories: Repositories, at: number) => Promise<Returned>,
    inForce?: () => Promise<void>,
  ) => {
    const change = await storage.transaction(async (repositories) => {
      const at = now()
      const change = await work(repositories, at)
      if (change.ok && change.entry) await repositories.audit.insert(lineOf(change.entry, by, at))
      if (change.ok) for (const entry of change.further ?? []) await repositories.audit.insert(lineOf(entry, by, at))
      return change
    })
    if (!change.ok) return change as Heard<Returned>
    if (change.entry) {
      await inForce?.()
      const { object, objectId } = change.entry
      const one = (change.further ?? []).length === 0
      announce('changed', { object, object_id: one ? objectId : null, by: by.actor })
    }
    return done(change.value) as Heard<Returned>
  }
