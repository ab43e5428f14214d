import { because } from '#core/cause/cause.ts'
import {
  type BeginLook,
  type ConnectReply,
  type ConnectRequest,
  defineProbe,
  type ProbeRunner,
  type ProbeTools,
  type ReportResult,
} from '#core/probe.ts'
import { isOwnFault } from '#core/result/result.ts'
import { firstOf } from '#lib/net/dial.ts'
import { Type } from '#lib/schema.ts'
import { addressFacts, resolveHost } from './connect.ts'
import {
  bare,
  familyField,
  hostField,
  hostOf,
  hostProblem,
  place,
  portField,
  sourceField,
  sourceProblem,
  versionOf,
} from './fields.ts'
import { createSlotRequests, type HostOptions } from './slot-requests.ts'
import { createTracer } from './tracer.ts'

interface TcpOptions extends HostOptions {
  readonly port: number
  readonly reset?: boolean
}

/** Connects for thousands of slots. A name with several addresses is left to `run`, which tries them all. */
const createTcpRunner = (
  openConnects: NonNullable<ProbeTools['connects']>,
  { known }: ProbeTools,
  report: ReportResult,
  begun: BeginLook | undefined,
): ProbeRunner<TcpOptions> => {
  const requests = createSlotRequests(
    known,
    ({ port, reset = false, source }: TcpOptions, address, timeoutMs): ConnectRequest => ({
      address,
      port,
      timeoutMs,
      reset,
      ...(source !== undefined && { source }),
    }),
  )
  const connects = openConnects(
    (slot, ok, ms, code, cause) => report(slot, ok, ok ? ms : Number.NaN, code, cause),
    begun,
  )
  return {
    start: (slot, wanted, timeoutMs) => {
      const request = requests.of(slot, wanted, timeoutMs, 1)
      if (!request) return false
      connects.start(slot, request)
      return true
    },
    cancel: connects.cancel,
    close: connects.close,
  }
}

export const tcp = defineProbe({
  name: 'tcp',
  title: 'TCP connect',
  'x-es': { title: 'Conexión TCP' },
  defaultTimeoutMs: 3000,
  options: Type.Object(
    {
      host: hostField('Name or address to connect to', 'Nombre o dirección a la que conectar'),
      port: portField(),
      family: Type.Optional(familyField),
      source: Type.Optional(sourceField),
      reset: Type.Optional(
        Type.Boolean({
          title: 'Close by a reset',
          description:
            'Close by a reset: on Linux before the service hears of the connection, so that it logs nothing; elsewhere some services log it as an error',
          'x-es': {
            title: 'Cerrar con un reset',
            description:
              'Cerrar con un reset: en Linux, antes de que el servicio se entere de la conexión, así que no registra nada; en otros sistemas algunos servicios lo registran como error',
          },
          default: false,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  describe: ({ host, port }) => place(host, port),
  check: (options) => hostProblem(options) ?? sourceProblem(options),
  fromTarget: (url) =>
    url.protocol === 'tcp:' && url.port !== '' && bare(url) ? { host: hostOf(url), port: Number(url.port) } : undefined,
  hosts: ({ host }) => [host],
  run: async (options, context) => {
    const { host, port, reset, source } = options
    const tracer = createTracer(context.trace)
    const started = performance.now()
    const resolved = await resolveHost(host, versionOf(options), context, tracer)
    if (!resolved.ok) return { ok: false, error: resolved.problem, ...tracer.steps() }
    const found = resolved.value
    const reply = await firstOf<ConnectReply & { readonly address: string }>(found.addresses, {
      timers: context.tools.timers,
      signal: context.signal,
      tells: (tried) => tried.ok || (tried.code !== 'no_route' && !isOwnFault(tried.code)),
      attempt: async (address, signal) => {
        // Each may take what is left of the look's time: those before it go on beside it.
        const timeoutMs = Math.max(1, Math.ceil(context.timeoutMs - (performance.now() - started)))
        const connected = await context.tools.connect(address, port, {
          timeoutMs,
          signal,
          ...(reset !== undefined && { reset }),
          ...(source !== undefined && { source }),
        })
        const error = !connected.ok && { error: connected.cause }
        // One that another was quicker than has not failed.
        if (connected.ok || !signal.aborted || context.signal.aborted)
          tracer.step('connect', connected.ms, { address: place(address, port), ...error })
        return { ...connected, address }
      },
    })
    const { address } = reply
    if (reply.ok)
      return { ok: true, latencyMs: reply.ms, facts: { address, ...addressFacts(found) }, ...tracer.steps() }
    const { code, cause } = reply
    const error = { code, cause: host === address ? cause : because('at_name', { cause, host }) }
    return { ok: false, error, ...tracer.steps() }
  },
  createRunner: (tools, report, begun) => tools.connects && createTcpRunner(tools.connects, tools, report, begun),
})
