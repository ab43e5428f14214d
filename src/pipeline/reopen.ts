import type { VigiaEvent } from '#core/event.ts'
import { monitorFacts, quietFor } from '#core/matcher.ts'
import { evaluate, newFindings } from './evaluate.ts'
import { lookersOf, storeFindings } from './ingest.ts'
import { atOnce, type Write } from './persistence.ts'
import type { RecordDeps } from './record.ts'

/**
 * Looks again at monitors whose trouble opened no alert, for they were in maintenance: what is still down after the
 * window is told now, dated from its beginning. True when anything was told.
 */
export const reopen = async (deps: RecordDeps, write: Write = atOnce): Promise<boolean> => {
  const { storage, network, registry, quiets, now } = deps
  const isOver = (id: number) => {
    const monitor = registry.monitor(id)?.monitor
    return !monitor || !quietFor(quiets().maintenance, monitorFacts(monitor), now())
  }
  const muted = network.muted().filter(isOver)
  if (muted.length === 0) return false
  const firing = new Set(await storage.alerts.firingMonitors())
  const events: VigiaEvent[] = []
  for (const id of muted) {
    const state = network.state(id)
    if (!registry.monitor(id) || firing.has(id) || (state !== 'down' && state !== 'degraded')) continue
    const [last] = await storage.events.list({ limit: 1, type: 'monitor_state', monitorId: id })
    if (last) events.push(last)
  }
  network.unmute(muted)
  if (events.length === 0) return false
  return write(() =>
    storage.transaction(async (repositories) => {
      const findings = newFindings()
      let told = false
      for (const event of events) told = (await evaluate(lookersOf(event, deps), findings, repositories)) || told
      await storeFindings(findings, now(), repositories)
      return told
    }),
  )
}
