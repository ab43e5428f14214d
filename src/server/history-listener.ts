import type { Logger } from 'pino'
import type { NewEvent } from '#core/event/event.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import { historyDamaged } from '#pipeline/watch/storage-damage.ts'
import type { HistoryListener } from '#storage/history/index.ts'
import { inEnglish } from '#templates/said.ts'
import type { Faults } from './faults.ts'
import type { Health } from './health.ts'

export interface HistoryListenerDeps {
  readonly health: Pick<Health, 'hearHistory' | 'hearDamage' | 'restarted'>
  readonly persistence: Pick<Persistence, 'write'>
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly now: () => number
  readonly faults: Faults
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** Hears of the history what people should know: in the log, in what the server says of itself, by a message. */
export const createHistoryListener = (deps: HistoryListenerDeps): HistoryListener => {
  const { health, persistence, ingest, now, faults, log } = deps
  return {
    onTrouble: (trouble) => {
      health.hearHistory(trouble)
      if (trouble === undefined) log.info('results are kept again')
      else log.error({ trouble: inEnglish(trouble) }, 'results cannot be kept at present')
    },
    onDamage: (damage) => {
      log.error(inEnglish(damage))
      health.hearDamage(damage)
      persistence.write(() => ingest([historyDamaged(damage, now())])).catch(faults.bug)
    },
    onRestart: () => health.restarted('history'),
  }
}
