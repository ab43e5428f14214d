import { createTurns } from './turns.ts'

/** Something that runs until it is stopped. */
export interface Startable {
  /** What it is made from: with another marker it is another one. */
  readonly marker: string
  /** Returns the way to stop it. */
  start(): (() => Promise<void>) | Promise<() => Promise<void>>
}

/** Things that run as long as they are wanted. */
export interface RunningSet {
  /** Ends what is no longer wanted, or wanted otherwise, before it starts what is new; the rest goes on where it is. */
  sync(wanted: ReadonlyMap<string, Startable>): Promise<void>
  /** Ends everything, for good. */
  stop(): Promise<void>
}

/** A set in which nothing runs yet. */
export const createRunningSet = (): RunningSet => {
  const running = new Map<string, { readonly marker: string; readonly stop: () => Promise<void> }>()
  const inTurn = createTurns()
  let stopped = false

  const settle = async (wanted: ReadonlyMap<string, Startable>) => {
    const over = [...running].filter(([key, { marker }]) => wanted.get(key)?.marker !== marker)
    await Promise.all(
      over.map(([key, { stop }]) => {
        running.delete(key)
        return stop()
      }),
    )
    for (const [key, { marker, start }] of wanted)
      if (!running.has(key)) running.set(key, { marker, stop: await start() })
  }

  return {
    sync: (wanted) => inTurn(() => settle(stopped ? new Map() : wanted)),
    stop: () => {
      stopped = true
      return inTurn(() => settle(new Map()))
    },
  }
}
