import { useEffect } from 'react'
import { api, query } from '../../api/client.ts'
import type { Page, Strip } from '../../api/types.ts'
import { createSignal, useSignal } from '../../lib/signal.ts'

const FRESH_MS = 15_000
const SETTLE_MS = 120
const MOST_AT_ONCE = 100
const KEPT = 2000

interface Kept {
  readonly strip: Strip
  readonly readAt: number
}

const kept = createSignal<ReadonlyMap<number, Kept>>(new Map())

const load = async (ids: readonly number[], signal: AbortSignal) => {
  const { items } = await api.get<Page<Strip>>(`/monitors/strips${query({ ids: ids.join() })}`, signal)
  const before = kept.get().size > KEPT ? [] : kept.get()
  const readAt = Date.now()
  kept.set(new Map([...before, ...items.map((strip) => [strip.id, { strip, readAt }] as const)]))
}

/** The last day of the monitors in sight: asked for once the list rests, renewed while they stay in sight. */
export const useStrips = (ids: readonly number[]): ((id: number) => Strip | undefined) => {
  const map = useSignal(kept)
  const key = ids.join()
  useEffect(() => {
    const ending = new AbortController()
    let timer: number | undefined
    const look = async () => {
      const now = Date.now()
      const wanted = key === '' ? [] : key.split(',').map(Number)
      const stale = wanted.filter((id) => now - (kept.get().get(id)?.readAt ?? 0) >= FRESH_MS).slice(0, MOST_AT_ONCE)
      if (stale.length > 0 && !document.hidden) await load(stale, ending.signal).catch(() => {})
      if (!ending.signal.aborted) timer = window.setTimeout(look, FRESH_MS)
    }
    timer = window.setTimeout(look, SETTLE_MS)
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [key])
  return (id) => map.get(id)?.strip
}
