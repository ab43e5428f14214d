import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { because, type Cause } from '#core/cause/cause.ts'
import { startThread } from '#lib/thread.ts'
import { systemTimers, type Timer, type Timers } from '#lib/time/timers.ts'
import {
  type Answer,
  LONGEST_SOURCE,
  PART_NAMES,
  PARTS,
  type Part,
  type RenderedTemplates,
  type Request,
  type TemplateProblem,
  type Templates,
} from './parts.ts'
import { serverProblem, tooLongSource } from './server-problem.ts'

export type { TemplateProblem } from './parts.ts'

export interface TemplateFenceOptions {
  /** How long one call may take, all its parts together. */
  readonly limitMs?: number
  /** The thread ends after this long without a call. */
  readonly idleMs?: number
  /** The system's by default. */
  readonly timers?: Timers
}

/** Templates that people wrote, rendered where they can harm nothing: in a thread of their own that may be killed. */
export interface TemplateFence {
  /**
   * The text of each part that has a template, or the first problem. `context` is what templates see; its `time_zone`
   * is where `localtime` is.
   */
  render(templates: Templates, context: object): Promise<RenderedTemplates | TemplateProblem>
  /** The first problem with the facts of an event, or of an example: what that does not know is no problem. */
  tryOut(templates: Templates, context: object): Promise<TemplateProblem | undefined>
  /** The first problem that can be told without a message: syntax, size, and what fails whatever the facts are. */
  check(templates: Templates): Promise<TemplateProblem | undefined>
  /** Ends the thread after the call that runs; calls that wait, and later ones, answer with a problem. */
  close(): Promise<void>
}

const LIMIT_MS = 1000
const IDLE_MS = 60_000
const START_MS = 30_000
/** Characters of the context as JSON, about: every part reads all of it. */
const LARGEST_CONTEXT = 1_000_000

/** Aborts after `ms`, but reads what has arrived first: a main thread that was held up is not the template's fault. */
const createLimit = (ms: number, timers: Timers) => {
  const controller = new AbortController()
  const timer = timers.after(ms, () => timers.soon(() => controller.abort()))
  return { signal: controller.signal, clear: () => timers.clear(timer) }
}

const nextMessage = async (worker: Worker, signal: AbortSignal): Promise<unknown> => {
  const [message] = await once(worker, 'message', { signal })
  return message
}

/** What keeps templates from being rendered, whatever they say. */
class FenceError extends Error {
  readonly why: Cause
  constructor(why: Cause) {
    super(why.code)
    this.why = why
  }
}

/** What is ours as a cause, and what the system says as it says it. */
const reasonOf = (error: unknown): Cause => {
  if (error instanceof FenceError) return error.why
  const words = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
  return because('as_said', { words })
}

const startWorker = async (timers: Timers): Promise<Worker> => {
  const worker = startThread('templates/jinja/worker', {
    name: 'templates',
    limits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  })
  // A call hears of an error by its own ear; without this one, an error would end the server.
  worker.on('error', () => {})
  const limit = createLimit(START_MS, timers)
  try {
    await nextMessage(worker, limit.signal)
    return worker
  } catch (error) {
    await worker.terminate()
    throw new FenceError(because('templates_without_thread', { why: reasonOf(error) }))
  } finally {
    limit.clear()
  }
}

/** The context as JSON; stops as soon as it is too large, so that an enormous one costs no more than a large one. */
const writeContext = (context: object): string => {
  let size = 0
  return JSON.stringify(context, (key, value) => {
    size += key.length + (typeof value === 'string' ? value.length : 4)
    if (size > LARGEST_CONTEXT) throw new FenceError(because('template_facts_too_large', { most: LARGEST_CONTEXT }))
    return value
  })
}

/** Why the thread gave no answer. */
const failureOf = (error: unknown, name: Part, limitMs: number): TemplateProblem => {
  const { name: kind, code } = error as { readonly name?: string; readonly code?: string }
  const part = PART_NAMES[name]
  if (kind === 'AbortError')
    return serverProblem('timeout', name, because('template_took_too_long', { part, ms: String(limitMs) }))
  if (kind === 'RuntimeError' || kind === 'RangeError' || code === 'ERR_WORKER_OUT_OF_MEMORY')
    return serverProblem('memory', name, because('template_needs_memory', { part }))
  return serverProblem('runtime', name, because('templates_not_rendered', { why: reasonOf(error) }))
}

const problemIn = (answer: RenderedTemplates | TemplateProblem): TemplateProblem | undefined =>
  'problem' in answer ? answer : undefined

const longestFault = (templates: Templates): TemplateProblem | undefined => {
  const part = PARTS.find((name) => (templates[name]?.length ?? 0) > LONGEST_SOURCE)
  return part && tooLongSource(part, templates[part]!.length)
}

/**
 * A fence for templates. The thread starts with the first call. Calls take turns, and only one is in the thread at a
 * time: a call that must be killed takes no other with it, and the next one gets a fresh thread.
 */
export const createTemplateFence = ({
  limitMs = LIMIT_MS,
  idleMs = IDLE_MS,
  timers = systemTimers,
}: TemplateFenceOptions = {}): TemplateFence => {
  let worker: Worker | undefined
  let idle: Timer | undefined
  let turns: Promise<unknown> = Promise.resolve()
  let closed = false

  const endWorker = async () => {
    timers.clear(idle)
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  /** Has the thread answer, part by part, within one limit. */
  const ask = async (
    kind: Request['kind'],
    templates: Templates,
    parts: readonly Part[],
    context: string,
  ): Promise<RenderedTemplates | TemplateProblem> => {
    const rendered: { [part in Part]?: string } = {}
    let part = parts[0]!
    if (closed) return serverProblem('runtime', part, because('templates_end'))
    timers.clear(idle)
    let limit: ReturnType<typeof createLimit> | undefined
    try {
      worker ??= await startWorker(timers)
      limit = createLimit(limitMs, timers)
      worker.ref()
      for (part of parts) {
        worker.postMessage({ kind, part, source: templates[part]!, context } satisfies Request)
        const answer = (await nextMessage(worker, limit.signal)) as Answer
        if ('problem' in answer) return answer
        rendered[part] = answer.text
      }
      return rendered
    } catch (error) {
      await endWorker()
      return failureOf(error, part, limitMs)
    } finally {
      limit?.clear()
      // A thread that only waits holds no process.
      worker?.unref()
      idle = timers.after(idleMs, () => void endWorker())
      idle.unref()
    }
  }

  const takeTurn = async (kind: Request['kind'], templates: Templates, context: object) => {
    const parts = PARTS.filter((part) => templates[part] !== undefined)
    if (parts.length === 0) return {}
    const tooLong = longestFault(templates)
    if (tooLong) return tooLong
    let json: string
    try {
      json = writeContext(context)
    } catch (error) {
      return serverProblem('runtime', parts[0]!, because('templates_without_facts', { why: reasonOf(error) }))
    }
    const turn = turns.then(() => ask(kind, templates, parts, json))
    turns = turn
    return turn
  }

  return {
    render: (templates, context) => takeTurn('render', templates, context),
    tryOut: async (templates, context) => problemIn(await takeTurn('try', templates, context)),
    check: async (templates) => problemIn(await takeTurn('check', templates, {})),
    close: async () => {
      closed = true
      await turns
      await endWorker()
    },
  }
}
