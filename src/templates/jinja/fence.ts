import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { startThread } from '#lib/thread.ts'
import { systemTimers, type Timer, type Timers } from '#lib/time/timers.ts'
import {
  type Answer,
  countText,
  LONGEST_SOURCE,
  PARTS,
  type Part,
  problemOf,
  type RenderedTemplates,
  type Request,
  SPANISH_PARTS,
  type TemplateProblem,
  type Templates,
  tooLongSource,
} from './parts.ts'
import type { Words } from './syntax/template-error.ts'

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
  readonly words: Words
  constructor(words: Words) {
    super(words.en)
    this.words = words
  }
}

/** What is ours in both languages, and what the system says as it says it. */
const reasonOf = (error: unknown): Words => {
  if (error instanceof FenceError) return error.words
  const said = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
  return { en: said, es: said }
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
    throw new FenceError({
      en: `their thread does not start (${reasonOf(error).en})`,
      es: `su hilo no se inicia (${reasonOf(error).es})`,
    })
  } finally {
    limit.clear()
  }
}

const tooMany = (): Words => ({
  en: `they are more than ${countText(LARGEST_CONTEXT, 'en')} characters`,
  es: `tienen más de ${countText(LARGEST_CONTEXT, 'es')} caracteres`,
})

/** The context as JSON; stops as soon as it is too large, so that an enormous one costs no more than a large one. */
const writeContext = (context: object): string => {
  let size = 0
  return JSON.stringify(context, (key, value) => {
    size += key.length + (typeof value === 'string' ? value.length : 4)
    if (size > LARGEST_CONTEXT) throw new FenceError(tooMany())
    return value
  })
}

/** Why the thread gave no answer. */
const failureOf = (error: unknown, part: Part, limitMs: number): TemplateProblem => {
  const { name, code } = error as { readonly name?: string; readonly code?: string }
  if (name === 'AbortError')
    return problemOf('timeout', part, {
      en: `the ${part} template took longer than ${limitMs} ms; make its loops shorter`,
      es: `la plantilla de ${SPANISH_PARTS[part]} tardó más de ${limitMs} ms; acorte sus ciclos`,
    })
  if (name === 'RuntimeError' || name === 'RangeError' || code === 'ERR_WORKER_OUT_OF_MEMORY')
    return problemOf('memory', part, {
      en: `the ${part} template needs too much memory, or nests too deeply; make its loops and texts shorter`,
      es: `la plantilla de ${SPANISH_PARTS[part]} necesita demasiada memoria o se anida demasiado; acorte sus ciclos y textos`,
    })
  return problemOf('runtime', part, {
    en: `templates cannot be rendered: ${reasonOf(error).en}`,
    es: `no se pueden generar plantillas: ${reasonOf(error).es}`,
  })
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
    if (closed)
      return problemOf('runtime', part, {
        en: 'templates are not rendered any more: the server is stopping',
        es: 'ya no se generan plantillas: el servidor se está deteniendo',
      })
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
      return problemOf('runtime', parts[0]!, {
        en: `the facts cannot be handed to a template: ${reasonOf(error).en}`,
        es: `los datos no se pueden entregar a una plantilla: ${reasonOf(error).es}`,
      })
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
