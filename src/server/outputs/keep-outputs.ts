import type { OutputsWanted } from '#core/outputs.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { OutputsDeps } from './outputs.ts'

/** Writes the files of older tools while somebody asks for them; what writes them is loaded then. */
export const keepOutputs = (deps: OutputsDeps) => {
  let wanted: OutputsWanted | undefined
  let stop: (() => Promise<void>) | undefined
  const inTurn = createTurns()
  const set = (next: OutputsWanted | undefined): Promise<void> =>
    inTurn(async () => {
      if (JSON.stringify(next) === JSON.stringify(wanted)) return
      wanted = next
      await stop?.()
      stop = next && (await (await import('./outputs.ts')).startOutputs(next, deps))
    })
  return { set, stop: () => set(undefined) }
}
