import type { Explanation } from '#core/alert/explanation.ts'
import type { NewEvent } from '#core/event/event.ts'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import { isTaken } from '#storage/storage-error.ts'
import { evaluate, forgetCounts, newFindings } from './evaluate.ts'
import { explain } from './explain.ts'
import { type IngestDeps, lookersOf } from './ingest.ts'

export type WouldHearDeps = Pick<
  IngestDeps,
  'storage' | 'registry' | 'quiets' | 'network' | 'correlated' | 'now' | 'tooOldMs' | 'enrich'
>

/** What is decided is forgotten: nothing remembers it beside the store either. */
const forgetful = (deps: WouldHearDeps): WouldHearDeps => ({
  ...deps,
  network: deps.network && { ...deps.network, mute: () => {} },
  correlated: deps.correlated && { of: deps.correlated.of, note: () => {} },
})

/**
 * What would become of an event if it came now: the way of any event, in a transaction that is undone. It is stored nowhere,
 * opens no alert, tells nobody, and no rule counts it.
 */
export const createWouldHear = (given: WouldHearDeps) => {
  const deps = forgetful(given)
  const { storage, registry, now, enrich } = deps

  const look = async (event: NewEvent): Promise<Explanation> => {
    let found: Explanation | undefined
    try {
      await storage.transaction(async (repositories) => {
        found = undefined
        const findings = newFindings()
        try {
          const [stored] = await repositories.events.insertAll([enrich ? enrich(event) : event])
          await evaluate(lookersOf(stored!, deps), findings, repositories)
          if (findings.decisions.length > 0) await repositories.decisions.insert(findings.decisions)
          found = await explain(stored!.id, { storage: repositories, registry })
        } finally {
          forgetCounts(findings)
        }
        // Nothing of it stays.
        throw new Error('undone')
      })
    } catch (error) {
      if (found === undefined) throw error
    }
    return { ...found!, event: { ...found!.event, at: event.at, receivedAt: now() } }
  }

  // On a database server another request of the same moment may open the same alert.
  return (event: NewEvent): Promise<Explanation> => inSpiteOf(isTaken, () => look(event))
}
