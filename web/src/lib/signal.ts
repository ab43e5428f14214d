import { useSyncExternalStore } from 'react'

export interface Signal<T> {
  get(): T
  set(value: T): void
  listen(hear: () => void): () => void
}

/** A value outside of the components, of which they hear. */
export const createSignal = <T>(initial: T): Signal<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return
      value = next
      for (const hear of listeners) hear()
    },
    listen: (hear) => {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
  }
}

export const useSignal = <T>({ listen, get }: Signal<T>): T => useSyncExternalStore(listen, get)
