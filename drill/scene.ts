import { setTimeout as pause } from 'node:timers/promises'
import { type DrillClock, providerTime } from './clock.ts'
import { devicesOf, everything, MONITORS, mostSecondsToTell, popName, witnessNames } from './configuration.ts'
import { type Expected, judge, type Row, type Verdict } from './judge.ts'
import type { Told } from './messages.ts'
import { deviceAddress, type Place, type Provider } from './network.ts'
import type { Office } from './office.ts'
import type { Server } from './server.ts'
import { type Cause, createTruth, type Span } from './truth.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND

/** What a case does to the provider. Every fault it makes, it mends. */
interface Scene {
  now(): number
  /** Lets the provider's time pass, ms. */
  wait(ms: number): Promise<void>
  /** A router without power, or the uplink; everything behind it cannot be reached. */
  off(place: Place): void
  on(place: Place): void
  /** Devices of a POP without power; numbers count from 1. */
  kill(pop: number, devices: readonly number[]): void
  revive(pop: number, devices: readonly number[]): void
  lose(pop: number, percent: number): void
  mail(open: boolean): Promise<void>
  /** From now on people must hear of this: a monitor by its name, or anything by the words that tell it. */
  mustTell(name: string, words?: RegExp, mostSeconds?: number): void
  /** Plans work at a POP, from now on. */
  plan(pop: number, ms: number): void
  /** The moment at which the server that is to die dies. */
  strike(): Promise<void>
}

export interface DrillCase {
  readonly name: string
  /** What happens, and what people need to know of it. */
  readonly what: string
  readonly perfect: Readonly<Record<Told['channel'], number>>
  readonly planned?: boolean
  play(scene: Scene): Promise<void>
}

export interface Stage {
  readonly provider: Provider
  readonly office: Office
  readonly clock: DrillClock
  /** Watches undisturbed. */
  readonly steady: Server
  /** Watches the same and is killed in the middle; absent: nobody is. */
  readonly struck?: Server
}

/** Nothing more is expected this long after all is well: what waits for a parent waits five minutes. */
const AFTERMATH_MS = 7 * MINUTE
const CALM_WITHIN_MS = 20 * MINUTE

/** What fails with a place. Behind our own line only the witnesses do: the rest is well, we just cannot see it. */
const behind = (place: Place): readonly string[] => {
  if (place === 'uplink') return witnessNames
  return place === 'core' ? everything : [popName(place), ...devicesOf(place)]
}

interface MonitorView {
  readonly id: number
  readonly name: string
  readonly state: string
}

const monitorsOf = async (server: Server): Promise<readonly MonitorView[]> =>
  (await server.get<{ items: MonitorView[] }>('/monitors?limit=1000')).items

/** Changes of state since a time, newest first as the API gives them. */
const verdictsSince = async (server: Server, from: number): Promise<Verdict[]> => {
  interface EventView {
    readonly monitor: string
    readonly state: string
    readonly previous_state: string
    readonly since: number
    readonly at: string
  }
  const found: Verdict[] = []
  for (let cursor = ''; ; ) {
    const path = `/events?type=monitor_state&limit=1000${cursor}`
    const { items, next_cursor } = await server.get<{ items: EventView[]; next_cursor: number | null }>(path)
    const recent = items.filter(({ at }) => Date.parse(at) >= from)
    // Flapping says of no moment that it was up or down; its end says so of a moment in which nobody looked.
    const plain = recent.filter(
      ({ state, previous_state }) => state !== 'flapping' && !(state === 'up' && previous_state === 'flapping'),
    )
    found.push(...plain.map(({ monitor, state, since }) => ({ monitor, state, since })))
    if (next_cursor === null || recent.length < items.length) return found
    cursor = `&cursor=${next_cursor}`
  }
}

/** Waits until a server finds everything up; gives up after a while, and the judge says what is not. */
const untilCalm = async (server: Server, now: () => number): Promise<void> => {
  for (const until = now() + CALM_WITHIN_MS; now() < until; await pause(200)) {
    const monitors = await monitorsOf(server)
    if (monitors.length === MONITORS && monitors.every(({ state }) => state === 'up')) return
  }
}

const account = async (server: Server, told: readonly Told[], from: number, to: number) => {
  const monitors = await monitorsOf(server)
  const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
  const downMs = new Map<string, number>()
  for (const { id, name } of monitors)
    downMs.set(name, (await server.get<{ down_ms: number }>(`/monitors/${id}/uptime?${range}`)).down_ms)
  return {
    told: told.filter(({ reader, at }) => reader === server.name && at >= from),
    verdicts: await verdictsSince(server, from),
    states: new Map(monitors.map(({ name, state }) => [name, state])),
    downMs,
  }
}

/** Plays a case on a stage and judges each server that watched. */
export const playCase = async (one: DrillCase, stage: Stage): Promise<readonly Row[]> => {
  const { provider, office, clock, steady, struck } = stage
  const servers = [steady, ...(struck ? [struck] : [])]
  const now = () => providerTime(clock, Date.now())
  const wait = (ms: number) => pause(ms / clock.speed)
  const truth = createTruth()
  const causes: Cause[] = []
  let backAt: number | null = null
  for (const server of servers) await untilCalm(server, now)
  const from = now()

  const addresses = (pop: number, devices: readonly number[]) => devices.map((device) => deviceAddress(pop, device))
  const names = (pop: number, devices: readonly number[]) => devices.map((device) => devicesOf(pop)[device - 1]!)
  const timed = (act: () => void): Span => {
    const before = now()
    act()
    return { from: before, to: now() }
  }
  const scene: Scene = {
    now,
    wait,
    off: (place) =>
      truth.cut(
        behind(place),
        timed(() => provider.off(place)),
      ),
    on: (place) =>
      truth.mended(
        behind(place),
        timed(() => provider.on(place)),
      ),
    kill: (pop, devices) =>
      truth.cut(
        names(pop, devices),
        timed(() => provider.kill(addresses(pop, devices))),
      ),
    revive: (pop, devices) =>
      truth.mended(
        names(pop, devices),
        timed(() => provider.revive(addresses(pop, devices))),
      ),
    lose: provider.lose,
    mail: office.mail,
    mustTell: (name, words = new RegExp(`\\b${name}\\b`), mostSeconds = mostSecondsToTell(name)) =>
      void causes.push({ name, words, at: now(), mostSeconds }),
    plan: (pop, ms) => {
      for (const server of servers) server.plan([{ site: popName(pop), from: now() - MINUTE, until: now() + ms }])
    },
    strike: async () => {
      await struck?.killAndStart()
      backAt = now()
    },
  }

  await one.play(scene)
  for (const server of servers) await untilCalm(server, now)
  await wait(AFTERMATH_MS)
  const span = { from, to: now() }
  const rows: Row[] = []
  for (const server of servers) {
    const name = server === struck ? `${one.name}, killed` : one.name
    const planned = one.planned === true
    const expected: Expected = {
      name,
      span,
      perfect: one.perfect,
      causes,
      truth,
      planned,
      backAt: server === struck ? backAt : null,
    }
    rows.push(judge(await account(server, office.told, from, span.to), expected))
  }
  return rows
}
