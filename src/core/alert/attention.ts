import type { Language } from '../message/message.ts'
import type { By } from '../who/by.ts'
import type { Alert } from './alert.ts'

export interface Acknowledging {
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
  /** Id of the silence that was begun. */
  readonly silence?: number
}

/** Taking care of alerts from where people are: a link, a button. */
export interface Attention {
  acknowledge(by: By, alertId: number, request: Acknowledging): Promise<Attended>
  /** Mutes what is told of the alert's subject for `forMs`; the alert stays open. */
  silence(by: By, alertId: number, forMs: number): Promise<Attended>
  /** An alert in words, as its message would tell it now; undefined when there is none. */
  view(alertId: number, language: Language): Promise<AlertWords | undefined>
}

export interface AlertWords {
  readonly alert: Alert
  readonly subject: string
  readonly lines: readonly string[]
}
