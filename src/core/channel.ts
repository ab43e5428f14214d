import type { VapidKeys } from '#lib/net/vapid.ts'
import type { Static, Titled, TObject } from '#lib/schema.ts'
import type { Random } from '#lib/time/chance.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Cause } from './cause/cause.ts'
import type { Cure } from './cause/delivery-cures.ts'
import type { DutyWhy } from './duty/on-duty.ts'
import type { Rendered } from './message/message.ts'
import type { ProbeTools } from './probe.ts'
import type { Said } from './said.ts'

/** Why a delivery failed: a closed set. */
const DELIVERY_FAILURES = [
  'connection_refused',
  'connection_lost',
  'dns_failed',
  'timeout',
  'tls_failed',
  'authentication_failed',
  'sender_refused',
  'recipient_refused',
  'message_refused',
  'rate_limited',
  'not_found',
  'server_error',
  'bad_answer',
  'bad_configuration',
  'forbidden_target',
  'key_missing',
  'no_descriptors',
] as const
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number]

/** A step of a delivery, for `send-test`. Never holds a secret. */
export interface DeliveryStep {
  readonly name: string
  readonly ms: number
  /** What the other side said, or did. */
  readonly detail?: string
  /** What kept it from being done, where the message left all the same. */
  readonly cause?: Cause
}

/** A recipient that the server does not serve, and what it said. */
export interface RefusedRecipient {
  readonly recipient: string
  readonly answer: string
  /** Where we know more than what the server said. */
  readonly cause?: Cause
}

/** How far a message to several recipients has come, over all its attempts. */
export interface Served {
  readonly accepted: readonly string[]
  /** Refused for good. */
  readonly refused: readonly RefusedRecipient[]
  /** Of a channel that passes its messages on: by which channels, to whom, and why to them. */
  readonly via?: readonly PassedOn[]
}

/** Why a channel was chosen to pass a message on by: those of who is on duty, and besides. */
export type PassedWhy =
  | DutyWhy
  /** Nobody was on duty. */
  | 'nobody'
  /** Nobody on duty could be reached. */
  | 'unreachable'
  /** It was told of the trouble before, and hears of its end. */
  | 'told_before'
  /** The same message goes there without being passed on, or has been passed on there. */
  | 'told_there'

export interface PassedOn {
  readonly channel: string
  /** Null where it is nobody in particular. */
  readonly person: string | null
  readonly list: string
  readonly why: PassedWhy
}

export type DeliveryOutcome =
  | {
      readonly ok: true
      /** What the server answered, shortened, without secrets. */
      readonly response?: string
      readonly code?: number
      /** Recipients that were refused while others were served. */
      readonly refused?: readonly RefusedRecipient[]
      /** Where a channel has several recipients. */
      readonly served?: Served
      readonly steps?: readonly DeliveryStep[]
      /** What a later message needs to edit or answer this one (chat timestamps and ids). */
      readonly reference?: string
    }
  | {
      readonly ok: false
      readonly kind: 'permanent' | 'transient'
      readonly reason: DeliveryFailure
      /** What is wrong. */
      readonly cause: Cause
      /** What usually helps. */
      readonly cure?: Cure
      readonly code?: number
      readonly response?: string
      /** What the server asked for. */
      readonly retryAfterMs?: number
      readonly steps?: readonly DeliveryStep[]
      /** Some recipients have it: only the others are tried again. */
      readonly served?: Served
      /** What they can be answered by. */
      readonly reference?: string
    }

/** Why an outgoing target is refused by the policy for requests that users configured; undefined when it is allowed. */
export type TargetGuard = (url: URL, address: string) => Cause | undefined

export interface SendContext {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Absent for destinations that the configuration file names: those are trusted. */
  readonly guard?: TargetGuard
  /** Addresses of names, apart from those of the probes; absent: the system's resolver is asked. */
  readonly resolve?: ProbeTools['resolve']
  /** What the server's clock shows, ms since the epoch. */
  readonly now: () => number
  readonly timers: Timers
  /** Defaults from the environment (`SMTP_SERVER` …), already read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** References that earlier messages of the same alert on this channel returned, oldest first. */
  readonly references: readonly string[]
  /** What earlier attempts of this message came to; those recipients are not tried again. */
  readonly served?: Served
  /** Recipients whose earlier messages of the same alert have left: the others wait, so that each reads in order. */
  readonly only?: readonly string[]
  /** The key pair by which this server says who it is to push services, and whom they may ask; undefined where its key is missing. */
  readonly vapid?: () => (VapidKeys & { readonly subject: string }) | undefined
  /** Sends it by the channels of who is on duty now, by the first of these lists that fits; only the outbox can. */
  readonly passOn?: (lists: readonly string[]) => Promise<DeliveryOutcome>
}

/** What a person did with a button of a message. */
export interface ChannelAction {
  readonly kind: 'acknowledge' | 'silence'
  /** `ID.SIGNATURE`, as the button carried it: not checked yet. */
  readonly token: string
  /** The person, as the service names them. */
  readonly by: string
  /** What stands for their account there and nobody else can take. */
  readonly accounts?: readonly string[]
}

export interface ActionAnswer {
  /** One sentence for people, in the channel's language. */
  readonly text: string
  /** False when it was so already, or could not be done: only who pressed is told. */
  readonly changed: boolean
}

/** One configured channel that hears what people do with its messages. */
export interface Inbox<Options> {
  readonly options: Options
  onAction(action: ChannelAction): Promise<ActionAnswer>
}

/** Why something does not work, and what usually helps. */
export type ChannelTrouble = Pick<Extract<DeliveryOutcome, { ok: false }>, 'cause' | 'cure'>

export interface ReceiveContext
  extends Pick<SendContext, 'signal' | 'guard' | 'resolve' | 'now' | 'timers' | 'environment'> {
  /** Spreads tries, so that many do not come back in step. */
  readonly random: Random
  /** Hears what keeps it from receiving, without secrets; undefined once it receives again. */
  onTrouble(trouble: ChannelTrouble | undefined): void
}

/** How a channel type hears of the buttons of its messages. */
export interface ChannelReceiver<Options> {
  /** Channels with the same key share one account of the service, which hands its news to one listener only. */
  key(options: Options): string
  /** Receives for all channels of a key until the signal aborts. ChannelTrouble is waited out; only a bug throws. */
  run(inboxes: readonly Inbox<Options>[], context: ReceiveContext): Promise<void>
}

/** A channel type is one value in one file, listed on one line of `channels/index.ts`. */
export interface ChannelType<Schema extends TObject = TObject> extends Titled {
  readonly name: string
  readonly options: Schema
  /** `people` read it (texts, digests); `machines` get each notification as it is. */
  readonly audience: 'people' | 'machines'
  /** Deliveries under way at once. */
  readonly concurrency: number
  /** Where it sends, without secrets: `noc@isp.example`, `hooks.slack.com/…`. */
  describe(options: Static<Schema>): string
  /** Hosts, beside those of its URLs, that the options name; a forbidden address among them is refused at once. */
  hosts?(options: Static<Schema>, environment: Readonly<Record<string, string | undefined>>): readonly string[]
  /** What is wrong with options by a rule that the schema cannot say: a sentence of its own, or what a delivery says too. */
  check?(options: Static<Schema>, environment: Readonly<Record<string, string | undefined>>): Said | Cause | undefined
  /** Sends once. A refusal is a value; only a bug throws. Must honour `signal`. */
  send(rendered: Rendered, options: Static<Schema>, context: SendContext): Promise<DeliveryOutcome>
  /**
   * Goes the way of a message as far as one can without sending any: greeting, encryption, login. Absent, or undefined, where
   * the service says nothing before something is sent.
   */
  reach?(options: Static<Schema>, context: SendContext): Promise<DeliveryOutcome> | undefined
  /** Of a type that passes messages on: the lists of who is on duty, in the order in which they are asked. */
  passesOnTo?(options: Static<Schema>): readonly string[]
  /** Of such a type: its options with other lists, one of which has another name by now. */
  withLists?(options: Static<Schema>, lists: readonly string[]): Static<Schema>
  /** Absent: its messages have no buttons. */
  readonly receiver?: ChannelReceiver<Static<Schema>>
}

/**
 * Gives the literal its type, so that `send` knows its options.
 *
 * @example
 * export const pager = defineChannel({
 *   name: 'pager',
 *   title: 'Pager',
 *   'x-es': { title: 'Buscapersonas' },
 *   audience: 'people',
 *   concurrency: 1,
 *   options: Type.Object({ number: Type.String() }, { additionalProperties: false }),
 *   describe: ({ number }) => number,
 *   send: async ({ subject }, { number }, { signal }) =>
 *     (await page(number, subject, signal))
 *       ? { ok: true }
 *       : { ok: false, kind: 'transient', reason: 'timeout', cause: because('pager_silent', { number }) },
 * })
 *
 * `pager_silent: 'number'` stands in `cause/delivery-causes.ts`, and its sentences, `Pager {number} did not answer.` and
 * `El buscapersonas {number} no respondió.`, in `templates/texts/causes`: without one of them it does not compile.
 */
export const defineChannel = <Schema extends TObject>(type: ChannelType<Schema>): ChannelType<Schema> => type
