import type { FastifyInstance } from 'fastify'
import { guardedTools } from '#core/monitor/guarded-tools.ts'
import type { ProbeTools } from '#core/probe.ts'
import { mayAct } from '#core/who/role.ts'
import { channelPolicy, monitorPolicy } from '#lib/net/forbidden-address.ts'
import { lazily } from '#lib/run/lazily.ts'
import type { Timers } from '#lib/time/timers.ts'
import { CONTENT_TYPES, endOf, type Format, header, negotiate, numberText } from '#metrics/exposition.ts'
import { runBlackbox } from '#probes/blackbox/index.ts'
import { type BlackboxModule, BUILT_IN_MODULES } from '#probes/blackbox/module.ts'
import { createRecorder, type Gauge, type LogLine, type Recorder } from '#probes/blackbox/recorder.ts'
import { inEnglish } from '#templates/said.ts'

export interface ProbeHandlerOptions {
  readonly tools: ProbeTools
  readonly timers: Timers
  /** Modules of a file, asked for at each probe so that a reload counts; they win over those built in. */
  readonly modules?: () => ReadonlyMap<string, BlackboxModule>
}

export interface ProbeQuestion {
  readonly target?: string | undefined
  readonly module?: string | undefined
  readonly hostname?: string | undefined
  readonly debug?: string | undefined
  /** `X-Prometheus-Scrape-Timeout-Seconds`. */
  readonly scrapeTimeout?: string | undefined
  readonly accept?: string | undefined
  /** Ends the probe when nobody waits for it any more. */
  readonly signal?: AbortSignal
}

export interface ProbeReply {
  readonly status: number
  readonly type: string
  readonly body: string
}

const PLAIN = 'text/plain; charset=utf-8'
const DEFAULT_MODULE = 'http_2xx'
/** What the answer needs to be back in time, s. */
const TIMEOUT_OFFSET = 0.5
const LONGEST_TIMEOUT_MS = 120_000
const LONGEST_TARGET = 8192
const SECRETS = new Set(['headers', 'body', 'ca', 'cert', 'key', 'send', 'expect'])

/** The lines above each gauge by its name: there are some forty of them, the same at every probe. */
const headers: Readonly<Record<Format, Map<string, string>>> = { text: new Map(), openmetrics: new Map() }

const headerOf = ({ name, help }: Gauge, format: Format): string => {
  const known = headers[format].get(name)
  if (known !== undefined) return known
  const made = header({ name, type: 'gauge', help }, format)
  headers[format].set(name, made)
  return made
}

const gaugeText = (gauge: Gauge, format: Format): string => {
  const { name, samples } = gauge
  let text = headerOf(gauge, format)
  for (const [labels, value] of samples) text += `${name}${labels} ${numberText(value)}\n`
  return text
}

const byName = (a: Gauge, b: Gauge): number => (a.name < b.name ? -1 : 1)

const gaugesText = ({ gauges }: Recorder, format: Format): string =>
  [...gauges.values()]
    .sort(byName)
    .map((gauge) => gaugeText(gauge, format))
    .join('')

const logText = ({ at, level, message, facts }: LogLine): string => {
  const shown = (value: LogLine['facts'][string]) =>
    JSON.stringify(typeof value === 'object' ? inEnglish(value) : value)
  const pairs = Object.entries(facts).map(([name, value]) => ` ${name}=${shown(value)}`)
  return `ts=${new Date(at).toISOString()} level=${level} msg=${JSON.stringify(message)}${pairs.join('')}\n`
}

/** The module as it is understood, without what may be secret in it. */
const moduleText = (module: BlackboxModule): string =>
  JSON.stringify(module, (key, value) => (SECRETS.has(key) && value !== undefined ? '(hidden)' : value), 2)

const debugText = (recorder: Recorder, module: BlackboxModule): string =>
  [
    `Logs for the probe:\n${recorder.log.map(logText).join('')}`,
    `Metrics that would have been returned:\n${gaugesText(recorder, 'text')}`,
    `Module configuration:\n${moduleText(module)}\n`,
  ].join('\n\n\n')

/** How long the probe may take, ms, or undefined when the header is no number. */
const timeoutOf = (scrapeTimeout: string | undefined, module: BlackboxModule): number | undefined => {
  const seconds = scrapeTimeout === undefined ? LONGEST_TIMEOUT_MS / 1000 : Number(scrapeTimeout)
  if (scrapeTimeout !== undefined && !(seconds > 0)) return undefined
  const left = seconds > TIMEOUT_OFFSET ? seconds - TIMEOUT_OFFSET : seconds
  return Math.min(left * 1000, module.timeoutMs ?? LONGEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS)
}

/** What the original says of two names for one request. */
const hostConflict = (module: BlackboxModule, hostname: string | undefined): string | undefined => {
  if (module.prober !== 'http' || !hostname) return undefined
  const given = Object.entries(module.http.headers).find(([name]) => name.toLowerCase() === 'host')?.[1]
  if (given === undefined || given === hostname) return undefined
  return `host header defined both in module configuration (${given}) and with URL-parameter 'hostname' (${hostname})`
}

/** Answers `/probe` as blackbox_exporter does: the same names, statuses and modules. */
export const createProbeHandler = ({ tools, timers, modules }: ProbeHandlerOptions) => {
  const refuse = (status: number, body: string): ProbeReply => ({ status, type: PLAIN, body: `${body}\n` })

  return async (question: ProbeQuestion): Promise<ProbeReply> => {
    const name = question.module || DEFAULT_MODULE
    const module = modules?.().get(name) ?? BUILT_IN_MODULES.get(name)
    if (!module) return refuse(400, `Unknown module ${JSON.stringify(name)}`)
    const { target } = question
    const conflict = hostConflict(module, question.hostname)
    if (conflict !== undefined) return refuse(400, conflict)
    if (!target) return refuse(400, 'Target parameter is missing')
    if (target.length > LONGEST_TARGET) return refuse(400, 'Target parameter is too long')
    const timeoutMs = timeoutOf(question.scrapeTimeout, module)
    if (timeoutMs === undefined) return refuse(500, 'Failed to parse timeout from Prometheus header')
    const debug = question.debug === 'true'
    const recorder = createRecorder(debug, tools.now)
    // A timer that is cleared costs less than a timeout signal, which lives on to its end.
    const ending = new AbortController()
    const abort = () => ending.abort()
    const timer = timers.after(timeoutMs, abort)
    question.signal?.addEventListener('abort', abort, { once: true })
    const hostname = question.hostname || undefined
    const context = { tools, signal: ending.signal, timeoutMs, ...(hostname !== undefined && { hostname }) }
    try {
      await runBlackbox(module, target, context, recorder)
    } finally {
      timers.clear(timer)
      question.signal?.removeEventListener('abort', abort)
    }
    if (debug) return { status: 200, type: PLAIN, body: debugText(recorder, module) }
    const format = negotiate(question.accept)
    return { status: 200, type: CONTENT_TYPES[format], body: gaugesText(recorder, format) + endOf(format) }
  }
}

const one = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Array.isArray(value) ? one(value[0]) : undefined

const guarded = (
  { tools, ...options }: ProbeHandlerOptions,
  policy: typeof monitorPolicy,
  guard: Parameters<typeof guardedTools>[2],
) => createProbeHandler({ ...options, tools: guardedTools(tools, policy, guard) })

/**
 * `GET /probe?target=&module=`. `open` lets everybody ask; else it takes a session or a token. Whoever asks chooses the
 * target: nobody reaches link-local, multicast or metadata addresses, and this machine itself only who may change things.
 */
export const addProbeRoute = (app: FastifyInstance, options: ProbeHandlerOptions, open = false): void => {
  // Made for who asks: most servers are never asked, and open no sockets for it.
  const forOperators = lazily(() => guarded(options, monitorPolicy, 'not_by_probe_path'))
  const forOthers = lazily(() => guarded(options, channelPolicy, 'not_by_probe_path_for_viewers'))
  app.get('/probe', { config: { public: open } }, async (request, reply) => {
    const { target, module, hostname, debug } = request.query as Record<string, unknown>
    const gone = new AbortController()
    const leave = () => gone.abort()
    request.raw.socket.once('close', leave)
    try {
      const handle = request.actor && mayAct(request.actor.role, 'operator') ? forOperators() : forOthers()
      const { status, type, body } = await handle({
        target: one(target),
        module: one(module),
        hostname: one(hostname),
        debug: one(debug),
        scrapeTimeout: one(request.headers['x-prometheus-scrape-timeout-seconds']),
        accept: request.headers.accept,
        signal: gone.signal,
      })
      return await reply.status(status).type(type).send(body)
    } finally {
      request.raw.socket.off('close', leave)
    }
  })
}
