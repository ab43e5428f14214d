import type { QueryClient } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { createSignal } from '../lib/signal.ts'
import { agreeSoon } from './agree.ts'
import { api } from './client.ts'
import type { Event, Monitor, State } from './types.ts'

export interface LiveState {
  readonly status: 'connecting' | 'live' | 'reconnecting'
  /** When the server was last heard, ms; null before the first time. */
  readonly heardAt: number | null
}

export const live = createSignal<LiveState>({ status: 'connecting', heardAt: null })

/** The latest events that arrived while the page was open, newest first. */
const latestEvents = createSignal<readonly Event[]>([])

export interface Change {
  readonly kind: string
  readonly monitor?: number | null
  readonly state?: State
  readonly since?: string | null
  readonly cause?: string | null
  readonly cause_code?: string
  readonly cause_facts?: NonNullable<Monitor['cause_facts']>
  readonly code?: string | null
  readonly object?: string
  readonly type?: string
  readonly flapping?: boolean
  /** Who is cut off now, and by whom. */
  readonly monitors?: readonly (readonly [id: number, by: readonly number[]])[]
}

/** The server sends something each 15 s; a longer silence is a broken line. */
const SILENCE_MS = 35_000
const RETRY_MS = 3000
const KEPT_EVENTS = 200
/** What a change makes out of date is asked for at most this often. */
const REFETCH_MS = 2000

const STATES: readonly State[] = ['up', 'degraded', 'down', 'unknown']

/** Which lists a kind of change touches, by the first word of their keys. */
const TOUCHED: Readonly<Record<string, readonly string[]>> = {
  event: ['events', 'alerts', 'alert', 'transitions', 'stats'],
  alert: ['alerts', 'alert', 'marks'],
  notification: ['notifications', 'alert', 'stats'],
}
/** Which lists a changed object touches. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  monitor: ['monitors', 'monitor', 'entry', 'marks'],
  channel: ['channels'],
  rule: ['rules', 'rule'],
  alert: ['alerts', 'alert', 'marks'],
  silence: ['silences', 'alerts', 'alert', 'marks', 'address'],
  ban: ['bans', 'address', 'addresses'],
  maintenance: ['maintenance', 'alerts', 'alert', 'marks', 'uses'],
  'maintenance plan': ['maintenance', 'alerts', 'alert', 'marks', 'uses'],
  'shift line': ['shift', 'notes', 'uses'],
  shift: ['shift', 'uses'],
  duty: ['duty'],
  map: ['map', 'uses'],
  'duty list': ['duty', 'uses'],
  'duty person': ['duty'],
  schedule: ['schedules'],
  setting: ['settings'],
  user: ['users'],
  token: ['tokens'],
}

const isState = (text: unknown): text is State => STATES.some((state) => state === text)

/** What a cause is made of, where it is told. */
const madeOf = ({ cause_code, cause_facts }: Change) =>
  cause_code !== undefined && { cause_code, ...(cause_facts && { cause_facts }) }

/**
 * Writes changes of state into the list of monitors, without asking for it again. A state that is none of ours, as an
 * event from elsewhere may carry it, changes nothing.
 */
export const patchStates = (client: QueryClient, changes: readonly Change[]) => {
  const byMonitor = new Map(
    changes.filter(({ monitor, state }) => monitor && isState(state)).map((one) => [one.monitor, one]),
  )
  if (byMonitor.size === 0) return
  client.setQueryData<readonly Monitor[]>(['monitors'], (monitors) =>
    monitors?.map((monitor) => {
      const change = byMonitor.get(monitor.id)
      if (!change) return monitor
      const well = change.state === 'up'
      const { cause_code: _, cause_facts: __, cut_off_by: by, flapping: ___, ...kept } = monitor
      return {
        ...kept,
        state: change.state!,
        since: change.since ?? monitor.since,
        cause: well ? null : (change.cause ?? null),
        ...(!well && madeOf(change)),
        code: well ? null : (change.code ?? null),
        // Who is cut off is told after all changes of a moment.
        ...(by && change.state === 'down' && { cut_off_by: by }),
        ...(change.flapping && { flapping: true as const }),
      }
    }),
  )
  for (const id of byMonitor.keys()) void client.invalidateQueries({ queryKey: ['monitor', id] })
}

const sameIds = (one: readonly number[] = [], other: readonly number[] = []): boolean =>
  one.length === other.length && one.every((id, index) => id === other[index])

/** Writes into the list of monitors who is cut off by whom; the others stay the objects that they are. */
export const patchCutOff = (client: QueryClient, changes: readonly Change[]) => {
  const last = changes.findLast(({ kind }) => kind === 'cut_off')?.monitors
  if (!last) return
  const by = new Map(last)
  client.setQueryData<readonly Monitor[]>(['monitors'], (monitors) =>
    monitors?.map((monitor) => {
      const roots = by.get(monitor.id)
      if (sameIds(monitor.cut_off_by, roots)) return monitor
      const { cut_off_by: _, ...kept } = monitor
      return roots ? { ...kept, cut_off_by: roots } : kept
    }),
  )
  void client.invalidateQueries({ queryKey: ['alerts'] })
}

/** Follows the server's live updates for as long as the page is open. Returns the way to stop. */
export const followLive = (client: QueryClient): (() => void) => {
  let source: EventSource | undefined
  let silence: number | undefined
  let retry: number | undefined
  let refetch: number | undefined
  const stale = new Set<string>()

  const refresh = () => {
    refetch = undefined
    for (const key of stale) void client.invalidateQueries({ queryKey: [key] })
    // What changes while a list is on its way is not in it.
    if (stale.has('monitors')) agreeSoon(client)
    stale.clear()
  }

  const heard = () => {
    const { status } = live.get()
    const wasLost = status === 'reconnecting'
    live.set({ status: 'live', heardAt: now() })
    clearTimeout(silence)
    silence = window.setTimeout(lost, SILENCE_MS)
    // Nobody knows what was missed: everything that is shown is asked for again.
    if (wasLost) void client.invalidateQueries()
    if (wasLost || status === 'connecting') agreeSoon(client)
  }

  const lost = () => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(retry)
    live.set({ status: 'reconnecting', heardAt: live.get().heardAt })
    retry = window.setTimeout(connect, RETRY_MS)
  }

  const take = (changes: readonly Change[]) => {
    patchStates(client, changes)
    patchCutOff(client, changes)
    const events = changes.filter(({ kind }) => kind === 'event').reverse() as unknown as Event[]
    if (events.length > 0) latestEvents.set([...events, ...latestEvents.get()].slice(0, KEPT_EVENTS))
    for (const { kind, object } of changes)
      for (const key of (kind === 'changed' ? OBJECTS[object ?? ''] : TOUCHED[kind]) ?? []) stale.add(key)
    // What the server says of itself.
    if (changes.some(({ kind, type }) => kind === 'event' && type?.startsWith('vigia_'))) stale.add('sight')
    if (stale.size > 0) refetch ??= window.setTimeout(refresh, REFETCH_MS)
  }

  const connect = () => {
    source = new EventSource('/api/v1/live')
    source.addEventListener('beat', heard)
    source.addEventListener('changes', ({ data }: MessageEvent<string>) => {
      heard()
      take(JSON.parse(data))
    })
    source.onerror = () => {
      lost()
      // A session that ended looks like a lost line; this asks to sign in where it is one.
      void api.get('/me').catch(() => {})
    }
  }

  connect()
  return () => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(retry)
    clearTimeout(refetch)
  }
}
