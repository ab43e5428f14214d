import type { NewEvent } from '#core/event/event.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Faults } from './faults.ts'

export interface OwnEventsDeps {
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly persistence: Pick<Persistence, 'write'>
  readonly faults: Faults
}

/** What the server tells of itself waits for a store that refuses, in its order; more than this at once is a bug of ours. */
const MOST_WAITING = 1000

/** The door for what the server has to tell of itself. */
export const createOwnEvents = ({ ingest, persistence, faults }: OwnEventsDeps) => {
  const inTurn = createTurns()
  let waiting = 0
  return (event: NewEvent): void => {
    if (waiting >= MOST_WAITING) return void faults.bug(new Error(`too many events of our own wait: ${event.type}`))
    waiting++
    const told = async () => {
      await persistence.write(() => ingest([event])).catch(faults.bug)
      waiting--
    }
    void inTurn(told)
  }
}
