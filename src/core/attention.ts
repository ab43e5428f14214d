import type { Alert } from './alert.ts'
import type { Language } from './message.ts'

/** Who does something about an alert without a session: whoever was told of it. */
export interface Attendant {
  /** As they call themselves, with the way they came: `Laura P. (by link)`. */
  readonly by: string
  /** For the audit log: `link`, or a channel type. */
  readonly via: string
  readonly address: string | null
}

export interface Acknowledging extends Attendant {
  readonly note: string
  /** Ms; null: until the alert ends. */
  readonly until: number | null
}

/** What became of it. */
export interface Attended {
  /** As it is now; undefined when there is no such alert. One that is over is left as it was. */
  readonly alert: Alert | undefined
  /** False when it was so already, or is over. */
  readonly changed: boolean
  /** Until when its news is silenced, ms, after `silence`. */
  readonly silencedUntil?: number
}

/** Taking care of alerts from where people are: a link, a button. */
export interface Attention {
  acknowledge(alertId: number, request: Acknowledging): Promise<Attended>
  /** Mutes what is told of the alert's subject for `forMs`; the alert stays open. */
  silence(alertId: number, request: Attendant & { readonly forMs: number }): Promise<Attended>
  /** An alert in words, as its message would tell it now; undefined when there is none. */
  view(alertId: number, language: Language): Promise<AlertWords | undefined>
}

export interface AlertWords {
  readonly alert: Alert
  readonly subject: string
  readonly lines: readonly string[]
}
