import type { Static, Titled, TObject } from '#lib/schema.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Cause } from './cause/cause.ts'
import type { Span } from './monitor/uptime.ts'
import type { ErrorCode, ProbeError, ProbeOutcome, ResultMetrics } from './result/result.ts'
import type { Said } from './said.ts'

/** One round of echo requests to a host. */
export interface PingRequest {
  readonly address: string
  readonly packets: number
  /** Gap between the packets of the round. */
  readonly gapMs: number
  /** Wait for each reply. */
  readonly timeoutMs: number
  /** Payload bytes. */
  readonly size?: number
  /** Time to live of the packets; low values find the path. */
  readonly ttl?: number
  /** Address of this machine to send from, of the same IP version; absent: the system chooses. */
  readonly source?: string
  /** Never in fragments, whatever its size: what is too long for the path is then lost, or refused here. */
  readonly whole?: boolean
  /** Ask for `hopLimit` of the reply. From then on the kernel tells it of every reply that comes to the same socket. */
  readonly hops?: boolean
}

/** What came back: round-trip times in ms in order of sending, NaN where a packet was lost. */
export interface PingReply {
  readonly rtts: readonly number[]
  /** Hops that the last reply had left as it came; absent where nobody asked, or it is not known. */
  readonly hopLimit?: number
  /**
   * An ICMP error instead of a reply, and the router that sent it; without one this machine itself says so. Of an address
   * that cannot be pinged, what it is instead.
   */
  readonly icmpError?: { readonly code: ErrorCode; readonly from?: string; readonly what?: Cause }
  /** Set when this machine could not send or receive: nothing is known about the host. */
  readonly ownFault?: ProbeError
}

/** Why a round of packets found nothing. */
export type RoundFault = Omit<PingReply, 'rtts' | 'hopLimit'>

/**
 * Hears the end of a slot's round: the first `count` of `rtts` are its times in ms in order of sending, NaN where a
 * packet was lost. The array is used again afterwards.
 */
export type ReportRound = (slot: number, rtts: Float64Array, count: number, fault: RoundFault | undefined) => void

/** Hears that a slot's look, which had to wait for its turn, begins now: its time counts from here. */
export type BeginLook = (slot: number) => void

/** Rounds of echo requests for any number of slots, without a promise or an object per packet. */
export interface PingRounds {
  /** Begins a slot's round, one at a time. The same request object again costs no reading of it. */
  start(slot: number, request: PingRequest): void
  /** Drops a slot's round; its end is not reported. */
  cancel(slot: number): void
  close(): void
}

export interface ConnectRequest {
  readonly address: string
  readonly port: number
  readonly timeoutMs: number
  readonly reset: boolean
  /** As of PingRequest. */
  readonly source?: string
}

/** Hears the end of a slot's connect; `ms` as in ConnectReply. */
export type ReportConnect = (slot: number, ok: boolean, ms: number, code: ErrorCode, cause?: Cause) => void

/** TCP connects for any number of slots, without a promise per connect. */
export interface Connects {
  /** Begins a slot's connect, one at a time. The same request object again costs no reading of it. */
  start(slot: number, request: ConnectRequest): void
  cancel(slot: number): void
  close(): void
}

export interface ConnectOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Close by a reset instead of a goodbye: no port stays in TIME_WAIT. */
  readonly reset?: boolean
  /** As of PingRequest. */
  readonly source?: string
}

/** A finished connect. `ms` is the kernel's handshake time where it is known. */
export type ConnectReply =
  | { readonly ok: true; readonly ms: number; readonly localAddress?: string }
  | (ProbeError & { readonly ok: false; readonly ms: number })

export interface Resolved {
  readonly addresses: readonly string[]
  readonly ms: number
  /** Of that, what was no answer of anybody: our own queue, or a resolver that is silent. None of the target's time. */
  readonly waitedMs?: number
  /** Set where nobody answers for the name at present and older addresses serve: how old they are, ms. */
  readonly lastKnownMs?: number
}

/** A place for a look at a host of our own network: of those that do not answer only so many are asked for at once. */
export interface Turn {
  /** True: the look may begin now. */
  take(): boolean
  /** Calls `begin` when the look may begin. Returns what calls that off. */
  wait(begin: () => void): () => void
  /** The look that was begun is over, and when it began, ms ago; its code tells whether anything came back. */
  ended(ok: boolean, code: ErrorCode, agoMs: number): void
}

/**
 * What the engine lends to the probes: sockets shared by thousands of targets and cached names. Handed over as an
 * argument, so that a probe type does not know where it runs.
 */
export interface ProbeTools {
  /** How packets leave: `raw`, `dgram` (a ping socket) or `command` (the system's ping). */
  readonly pingMethod: 'raw' | 'dgram' | 'command'
  ping(request: PingRequest, signal: AbortSignal): Promise<PingReply>
  connect(address: string, port: number, options: ConnectOptions): Promise<ConnectReply>
  /** Pings in bulk; absent where only the ping command is left. */
  readonly pingRounds?: ((report: ReportRound, begun?: BeginLook) => PingRounds) | undefined
  /** Connects in bulk; absent where the platform offers no native calls. */
  readonly connects?: ((report: ReportConnect, begun?: BeginLook) => Connects) | undefined
  /** The turn of a look at a host; undefined where it need not wait. Pings and connects see to it themselves. */
  readonly turnAt?: ((host: string) => Turn | undefined) | undefined
  /** A literal, or a name's addresses as far as they are known at this moment; undefined where they must be asked for. */
  known(host: string, family: 0 | 4 | 6): readonly string[] | undefined
  /** Addresses of a name, cached by TTL; an address literal resolves to itself. `family` 0 means either. */
  resolve(host: string, family: 0 | 4 | 6, signal: AbortSignal): Promise<Resolved | ProbeError>
  /** What the server's clock shows, ms since the epoch: certificates and cookies end by it. */
  readonly now: () => number
  readonly timers: Pick<Timers, 'after' | 'clear'>
  /** Who looks names up for this machine, as its settings say at this moment; undefined where they do not. */
  readonly nameServer?: (() => { readonly host: string; readonly port: number } | undefined) | undefined
}

/** What one look may use and must keep to. */
export interface ProbeContext {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly tools: ProbeTools
  /** True for "check now" and `vigia check`: fill `steps`. */
  readonly trace: boolean
}

/** Where a bulk runner reports; `slot` is the number that `start` was given. */
export type ReportResult = (
  slot: number,
  ok: boolean,
  latencyMs: number,
  code: ErrorCode,
  cause?: Cause,
  metrics?: ResultMetrics,
) => void

/** Serves thousands of targets without a promise or an object per result. */
export interface ProbeRunner<Options> {
  /**
   * Begins one look. False: not in bulk this time, the type's `run` must look. The same options object again means
   * that nothing has changed.
   */
  start(slot: number, options: Options, timeoutMs: number): boolean
  /** Drops a slot; a result under way for it is not reported. */
  cancel(slot: number): void
  close(): void
}

/** A call that a passive monitor received. Times in ms since the epoch. */
export interface Signal {
  readonly at: number
  /** False when the caller reported a failure itself. */
  readonly ok: boolean
  readonly message?: string
  /** What the caller measured itself. */
  readonly latencyMs?: number
  /** Its monitor was paused since. */
  readonly paused?: boolean
  /** Since when silence after it counts, where that is later than the call: its monitor was paused meanwhile. */
  readonly countsFrom?: number
}

/** What a passive type concludes from the calls so far, and when to ask again. */
export interface Judgement {
  readonly outcome?: ProbeOutcome
  readonly nextAt: number
}

/** A probe type is one value in one file, listed on one line of `probes/index.ts`. */
export interface ProbeType<Schema extends TObject = TObject> extends Titled {
  readonly name: string
  readonly options: Schema
  /** Time-out where the monitor names none, in ms. */
  readonly defaultTimeoutMs: number
  /** What it watches, for people, without secrets: `10.0.0.1:22`. */
  describe(options: Static<Schema>): string
  /** Options of a short target (`tcp://host:22`) or undefined when the URL is not of this type. */
  fromTarget?(target: URL): Static<Schema> | undefined
  /** A rule that the schema cannot say; returns what is wrong and what would be right. */
  check?(options: Static<Schema>): Said | Cause | undefined
  /** Host names or addresses that a look contacts; the API refuses forbidden ones by it. */
  hosts?(options: Static<Schema>): readonly string[]
  /** Time that a look takes beside its time-out, ms: the gaps between the packets of a round. */
  roundMs?(options: Static<Schema>): number
  /** Of a passive type, which only hears: before `since` silence says nothing. Present instead of `run`. */
  judge?(lastSignal: Signal | null, since: number, now: number, options: Static<Schema>): Judgement
  /** Of a passive type: since when silence counts where it had counted from `from`, given when nobody listened; ms. */
  silentSince?(from: number, absences: readonly Span[], options: Static<Schema>): number
  run?(options: Static<Schema>, context: ProbeContext): Promise<ProbeOutcome>
  /** Looks in bulk, beside `run`; undefined where these tools cannot. */
  createRunner?(tools: ProbeTools, report: ReportResult, begun?: BeginLook): ProbeRunner<Static<Schema>> | undefined
  /** How many looks one wake may begin: a wake costs more than a look, but too many wait for one another. 64 if absent. */
  readonly together?: number
}

/**
 * Gives the literal its type, so that `run` knows its options.
 *
 * @example
 * export const door = defineProbe({
 *   name: 'door',
 *   title: 'Takes connections',
 *   'x-es': { title: 'Acepta conexiones' },
 *   defaultTimeoutMs: 3000,
 *   options: Type.Object({ host: hostField('Name or address', 'Nombre o dirección'), port: portField() }, { additionalProperties: false }),
 *   describe: ({ host, port }) => `${host}:${port}`,
 *   run: async ({ host, port }, { tools, signal, timeoutMs }) => {
 *     const found = await tools.resolve(host, 0, signal)
 *     if ('code' in found) return { ok: false, error: found }
 *     const reply = await tools.connect(found.addresses[0]!, port, { timeoutMs, signal })
 *     if (reply.ok) return { ok: true, latencyMs: reply.ms }
 *     const cause = because('door_shut', { place: `${host}:${port}` })
 *     return { ok: false, error: { code: reply.code, cause } }
 *   },
 * })
 *
 * `door_shut: 'place'` stands in `cause/probe-causes.ts`, and its sentences, `no door at {place}` and
 * `no hay puerta en {place}`, in `templates/texts/causes`: without one of them it does not compile.
 */
export const defineProbe = <Schema extends TObject>(type: ProbeType<Schema>): ProbeType<Schema> => type
