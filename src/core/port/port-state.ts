import type { NewEvent } from '../event/event.ts'
import type { Severity } from '../event/severity.ts'
import { countOf, type PortSample, type PortSamples } from './port-sample.ts'

/** What can be wrong with a port. */
export const PORT_PROBLEMS = [
  'syn_flood',
  'close_wait_leak',
  'time_wait_exhaustion',
  'listener_gone',
  'accept_queue_overflow',
] as const
export type PortProblem = (typeof PORT_PROBLEMS)[number]

/** Where the problems begin. Each may be left out, which switches it off. */
export interface PortStateLimits {
  /** Half-open connections from which on a flood is spoken of, and how many times the usual number they must be. */
  readonly synFlood?: { readonly atLeast: number; readonly timesUsual: number }
  /** Connections that the far end has closed and this program has not, growing over the samples that confirm it. */
  readonly closeWaitLeak?: { readonly atLeast: number }
  /** Share of the local port range that waits out its time towards or from one port. */
  readonly timeWaitExhaustion?: { readonly share: number }
  readonly listenerGone?: boolean
  readonly acceptQueueOverflow?: boolean
  /** Samples in a row that a problem must last, and must be gone, before it is told. */
  readonly confirm: number
}

export const DEFAULT_PORT_LIMITS: PortStateLimits = {
  synFlood: { atLeast: 100, timesUsual: 5 },
  closeWaitLeak: { atLeast: 100 },
  timeWaitExhaustion: { share: 0.8 },
  listenerGone: true,
  acceptQueueOverflow: true,
  confirm: 3,
}

/** The range of ports that connections from here take, as the kernel is set. */
export interface LocalPorts {
  readonly low: number
  readonly high: number
}

/** An end is told below this share of what began the problem, so that a figure at its limit does not flap. */
const END_SHARE = 0.8
/** A queue shorter than this is full too soon to speak of a flood. */
const SHORTEST_QUEUE = 5
/** Weight of a new sample in what is usual: about the last five minutes at one sample every 5 s. */
const USUAL_WEIGHT = 1 / 60

const SEVERITY: Readonly<Record<PortProblem, Severity>> = {
  syn_flood: 'CRITICAL',
  close_wait_leak: 'MEDIUM',
  time_wait_exhaustion: 'HIGH',
  listener_gone: 'HIGH',
  accept_queue_overflow: 'HIGH',
}

/** A figure and the limit that it is held against. */
interface Reading {
  readonly value: number
  readonly limit: number
  /** What people are told where these two say only yes or no. */
  readonly told?: { readonly value: number; readonly limit: number }
}

interface Watched {
  active: boolean
  /** Samples in a row that say the opposite of what was told. */
  against: number
}

interface PortMemory {
  /** Half-open connections, usually. Negative until one was seen. */
  usualHalfOpen: number
  closeWait: number
  hadListener: boolean
  readonly problems: Readonly<Record<PortProblem, Watched>>
}

const newMemory = (): PortMemory => ({
  usualHalfOpen: -1,
  closeWait: 0,
  hadListener: false,
  problems: Object.fromEntries(
    PORT_PROBLEMS.map((problem) => [problem, { active: false, against: 0 }]),
  ) as unknown as Record<PortProblem, Watched>,
})

/** A flood is above the set bound and above what is usual; the kernel holds no more half-open ones than may queue. */
const floodLimit = (
  { atLeast, timesUsual }: NonNullable<PortStateLimits['synFlood']>,
  usual: number,
  { count, limit }: PortSample['listeners'],
): number => {
  const room = count > 0 && limit !== null ? Math.max(SHORTEST_QUEUE, limit) : Number.POSITIVE_INFINITY
  return Math.min(room, Math.max(atLeast, usual * timesUsual))
}

type Readings = Readonly<Partial<Record<PortProblem, Reading>>>

/** Figures of one sample, each with its limit; what is switched off or not known is left out. */
const readingsOf = (
  { local, remote, listeners }: PortSample,
  memory: PortMemory,
  limits: PortStateLimits,
  range: LocalPorts,
): Readings => {
  const { synFlood, closeWaitLeak, timeWaitExhaustion } = limits
  const halfOpen = countOf(local, 'SYN_RECV')
  const closeWait = countOf(local, 'CLOSE_WAIT')
  // A closed connection to a port elsewhere keeps a local port busy; one from elsewhere to a port here does not.
  const waiting = remote ? countOf(remote, 'TIME_WAIT') : 0
  const { confirm: _, ...on } = limits
  return {
    ...(synFlood && {
      syn_flood: { value: halfOpen, limit: floodLimit(synFlood, memory.usualHalfOpen, listeners) },
    }),
    ...(closeWaitLeak && { close_wait_leak: { value: closeWait, limit: closeWaitLeak.atLeast } }),
    ...(timeWaitExhaustion &&
      remote && {
        time_wait_exhaustion: {
          value: waiting,
          limit: Math.max(1, Math.floor((range.high - range.low + 1) * timeWaitExhaustion.share)),
        },
      }),
    ...(on.listenerGone &&
      memory.hadListener && {
        listener_gone: { value: listeners.count === 0 ? 1 : 0, limit: 1, told: { value: listeners.count, limit: 1 } },
      }),
    ...(on.acceptQueueOverflow &&
      listeners.limit !== null && {
        accept_queue_overflow: {
          value: listeners.full,
          limit: 1,
          told: { value: listeners.queue, limit: listeners.limit },
        },
      }),
  }
}

/** Whether a reading speaks for the problem, given whether it is told already. */
const speaksFor = (problem: PortProblem, { value, limit }: Reading, active: boolean, memory: PortMemory): boolean => {
  if (active) return value >= limit * END_SHARE
  // A leak is what grows; a number that is high and falls is being cleaned up.
  return value >= limit && (problem !== 'close_wait_leak' || value >= memory.closeWait)
}

const eventOf = (
  problem: PortProblem,
  { value, limit }: Required<Reading>['told'],
  port: number,
  state: 'firing' | 'resolved',
  at: number,
): NewEvent => ({
  type: 'port_state',
  source: 'sockets',
  severity: SEVERITY[problem],
  subject: `port ${port}`,
  at,
  receivedAt: at,
  monitorId: null,
  data: { port, problem, state, value, limit: Math.round(limit) },
})

export interface PortStateDetector {
  /** What begins or ends with this sample. A port that is not in it any more has no problem any more. */
  look(samples: PortSamples, range: LocalPorts): NewEvent[]
  /** Takes up a problem that was told before and did not end, as after a restart. */
  restore(port: number, problem: PortProblem): void
}

/**
 * Tells of floods, leaks, exhaustion, lost listeners and full queues from samples of the socket tables. Each problem of
 * each port is told once when it begins and once when it ends, after it has held for some samples in a row. A sample
 * that is not complete decides nothing.
 */
export const createPortStateDetector = (
  limitsOf: (port: number) => PortStateLimits = () => DEFAULT_PORT_LIMITS,
): PortStateDetector => {
  const memories = new Map<number, PortMemory>()

  const memoryOf = (port: number): PortMemory => {
    const memory = memories.get(port) ?? newMemory()
    memories.set(port, memory)
    return memory
  }

  const lookAt = (sample: PortSample, at: number, range: LocalPorts): NewEvent[] => {
    const limits = limitsOf(sample.port)
    const memory = memoryOf(sample.port)
    const events: NewEvent[] = []
    for (const [name, reading] of Object.entries(readingsOf(sample, memory, limits, range))) {
      const problem = name as PortProblem
      const watched = memory.problems[problem]
      const speaks = speaksFor(problem, reading, watched.active, memory)
      watched.against = speaks === watched.active ? 0 : watched.against + 1
      if (watched.against < limits.confirm) continue
      watched.active = speaks
      watched.against = 0
      events.push(eventOf(problem, reading.told ?? reading, sample.port, speaks ? 'firing' : 'resolved', at))
    }
    remember(sample, memory, limits)
    return events
  }

  /** Ends the problems of ports that nobody watches any more, and forgets those ports. */
  const leave = ({ at, ports, left }: PortSamples): NewEvent[] => {
    // Beyond the bound a port may be there and not be shown.
    if (left > 0) return []
    const shown = new Set(ports.map(({ port }) => port))
    return [...memories].flatMap(([port, { problems }]) => {
      if (shown.has(port)) return []
      memories.delete(port)
      const active = PORT_PROBLEMS.filter((problem) => problems[problem].active)
      return active.map((problem) => eventOf(problem, { value: 0, limit: 0 }, port, 'resolved', at))
    })
  }

  return {
    look: (samples, range) => {
      const { at, ports, complete } = samples
      return complete ? [...leave(samples), ...ports.flatMap((sample) => lookAt(sample, at, range))] : []
    },
    restore: (port, problem) => {
      const memory = memoryOf(port)
      memory.problems[problem].active = true
      memory.hadListener ||= problem === 'listener_gone'
    },
  }
}

/** A flood must not become what is usual, so that nothing is learnt while one is under way or forming. */
const remember = ({ local, listeners }: PortSample, memory: PortMemory, { synFlood }: PortStateLimits): void => {
  const halfOpen = countOf(local, 'SYN_RECV')
  const flood = memory.problems.syn_flood
  // What is under way when the looking begins may be a flood already.
  if (memory.usualHalfOpen < 0) memory.usualHalfOpen = Math.min(halfOpen, synFlood?.atLeast ?? halfOpen)
  else if (!flood.active && flood.against === 0)
    memory.usualHalfOpen += (halfOpen - memory.usualHalfOpen) * USUAL_WEIGHT
  memory.closeWait = countOf(local, 'CLOSE_WAIT')
  if (listeners.count > 0) memory.hadListener = true
}
