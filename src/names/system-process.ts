import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { partUrl } from '#lib/part-url.ts'
import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'

export type SystemEnd = { readonly addresses: readonly string[] } | { readonly code: string }

/** The system's own resolver in a process of its own, which ends and is started again when it hangs. */
export interface SystemProcess {
  /** `hear` is called once, unless the question is called off by what is returned. */
  ask(host: string, family: 0 | 4 | 6, hear: (end: SystemEnd) => void): () => void
  /** The process at work, for tests; undefined while none is needed. */
  pid(): number | undefined
  close(): void
}

export interface SystemProcessOptions {
  /** Questions at once. */
  readonly places: number
  /** What hangs for longer is given up with its process, ms. */
  readonly longestMs?: number | undefined
  readonly timing: Timing
}

const LONGEST_MS = 60_000
/** A process that nobody needs ends. */
const IDLE_MS = 60_000
/** A process whose threads hang in so many questions that nobody waits for any more is replaced. */
const MOST_STUCK = 12
/** A question is asked so often of processes that died under it: it may be what they die of. */
const MOST_TRIES = 2

type Child = ChildProcessByStdio<Writable, Readable, null>

interface Question {
  readonly text: string
  readonly hear: (end: SystemEnd) => void
  readonly patience: Timer
  /** Ms of the monotonic clock. */
  readonly askedAt: number
  tries: number
}

/** Options of the parent that are none of the child's (a debugger's port, an entry of its own) stay behind. */
const start = (threads: number): Child =>
  spawn(process.execPath, [fileURLToPath(partUrl('names/system-child'))], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads), NODE_OPTIONS: '' },
  })

/** A process that is asked nothing keeps nobody from ending. */
const hold = (child: Child, held: boolean) => {
  for (const part of [child, child.stdin as Socket, child.stdout as Socket]) held ? part.ref() : part.unref()
}

const FAILED: SystemEnd = { code: 'EAI_AGAIN' }

export const createSystemProcess = ({
  places,
  longestMs = LONGEST_MS,
  timing: { monotonic, timers },
}: SystemProcessOptions): SystemProcess => {
  const waiting = new Map<number, Question>()
  /** Called off, and never answered by the present process. */
  const stuck = new Set<number>()
  let child: Child | undefined
  let ids = 0
  let idle: Timer | undefined

  const conclude = (id: number, end: SystemEnd) => {
    const question = waiting.get(id)
    if (!question) return
    timers.clear(question.patience)
    waiting.delete(id)
    rest()
    question.hear(end)
  }

  const rest = () => {
    if (waiting.size > 0 || !child) return
    const resting = child
    hold(resting, false)
    idle = timers.after(IDLE_MS, () => drop(resting))
    idle.unref()
  }

  /** Ends a process; false when it had ended before. */
  const drop = (one: Child): boolean => {
    if (one !== child) return false
    child = undefined
    stuck.clear()
    timers.clear(idle)
    one.kill('SIGKILL')
    return true
  }

  /** Asks another process for what this one leaves open. */
  const replace = (one: Child) => {
    if (!drop(one) || waiting.size === 0) return
    const next = open()
    for (const [id, { text }] of [...waiting]) next ? next.stdin.write(text) : conclude(id, FAILED)
  }

  /** It ended by itself: perhaps by one of its questions. */
  const died = (one: Child) => {
    if (one !== child) return
    for (const [id, question] of [...waiting]) if (++question.tries > MOST_TRIES) conclude(id, FAILED)
    replace(one)
  }

  /** Something hangs in it for too long; what came soon after that hangs as well. */
  const giveUp = () => {
    const since = monotonic() - longestMs * 0.9
    for (const [id, { askedAt }] of [...waiting]) if (askedAt < since) conclude(id, FAILED)
    if (child) replace(child)
  }

  const open = (): Child | undefined => {
    // Node keeps half of its threads free of questions.
    const started = start((places + MOST_STUCK) * 2)
    started.on('error', () => died(started))
    // With its descriptors used up this process gets a child without pipes, and its error a moment later.
    if (started.stdin === undefined) return undefined
    child = started
    started.once('exit', () => died(started))
    started.stdin.on('error', () => died(started))
    // Loaded with the process: most names need none.
    process
      .getBuiltinModule('node:readline')
      .createInterface({ input: started.stdout })
      .on('error', () => died(started))
      .on('line', (line) => {
        // Of one that was killed the last line may be cut.
        if (started !== child || !line.endsWith('}')) return
        const { id, ...found } = JSON.parse(line) as SystemEnd & { readonly id: number }
        stuck.delete(id)
        conclude(id, found)
      })
    return started
  }

  return {
    ask: (host, family, hear) => {
      timers.clear(idle)
      const asked = child ?? open()
      if (asked === undefined) {
        hear(FAILED)
        return () => {}
      }
      hold(asked, true)
      const id = ++ids
      const off = () => {
        const question = waiting.get(id)
        if (!question) return
        timers.clear(question.patience)
        waiting.delete(id)
        stuck.add(id)
        if (child && stuck.size >= MOST_STUCK) replace(child)
        rest()
      }
      const patience = timers.after(longestMs, giveUp)
      patience.unref()
      const text = `${JSON.stringify({ id, host, family })}\n`
      waiting.set(id, { text, hear, patience, askedAt: monotonic(), tries: 1 })
      asked.stdin.write(text)
      return off
    },
    pid: () => child?.pid,
    close: () => {
      if (child) drop(child)
      for (const id of [...waiting.keys()]) conclude(id, FAILED)
    },
  }
}
