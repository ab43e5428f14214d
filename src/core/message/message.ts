import type { JsonObject } from '#lib/json.ts'
import type { AckFacts } from '../alert/alert.ts'
import type { NotifyReason } from '../alert/notify-reason.ts'
import type { Severity } from '../event/severity.ts'
import type { QualityCode, QualityFacts } from '../monitor/quality-facts.ts'
import type { DigestWhy } from './digest-why.ts'
import type { Notice } from './notice.ts'

export type Language = 'en' | 'es'

/**
 * The facts of one notification: the webhook's default body is this object as JSON. Times are ISO 8601 UTC. Absent
 * facts are null where other programs expect the key, else left out.
 */
export interface Message {
  readonly id: string
  readonly reason: NotifyReason
  readonly severity: Severity
  readonly subject: string
  /** The one line, in the channel's language. */
  readonly title: string
  /** The text for people: what the rule's own template wrote, where there is one; else the one line. */
  readonly message: string
  readonly monitor: string | null
  readonly target: string | null
  readonly state: string | null
  readonly previous_state: string | null
  readonly since: string
  /** Without the time in which nobody looked. */
  readonly duration_ms?: number
  /** For how long nobody looked at its monitor between its beginning and its end or this message: it was paused, or taken out. */
  readonly unwatched_ms?: number
  readonly cause: string | null
  /** What that sentence is made of, where it is one of the server's own: for who says it in another language. */
  readonly cause_code?: string
  readonly cause_facts?: JsonObject
  /** Stable code of the cause, of those of a probe. */
  readonly code?: string
  readonly labels: Readonly<Record<string, string>>
  readonly rule: string | null
  readonly alert: number | null
  readonly url: string | null
  readonly description?: string
  readonly location?: string
  readonly runbook?: string
  readonly reminder_number?: number
  /** When the next reminder is due, ISO 8601 UTC. */
  readonly next_notice?: string
  /** Failed probes that led to it. */
  readonly attempts?: number
  /** Figures of the window, of a monitor whose quality is poor. */
  readonly quality?: QualityFacts & { readonly code: QualityCode }
  /** The last hop on the way to it that answers: `core-2 (10.0.0.2)`, or the address alone. */
  readonly last_hop?: string
  /** The monitor that watches that hop. */
  readonly last_hop_monitor?: string
  /** True when that hop was not on the way while all was well. */
  readonly path_changed?: boolean
  /** Its host answers echo requests: the network reaches it. */
  readonly answers_ping?: true
  /** What cannot be reached because of it; of a recovery, `down` are those that are not back. */
  readonly affected?: AffectedFacts
  /** Of a monitor that goes up and down. */
  readonly flapping?: { readonly changes: number; readonly now: string }
  /** How many events in what time its rule waited for. */
  readonly rate?: RateFacts
  /** Why a digest is one. */
  readonly why?: DigestWhy
  readonly group?: JsonObject
  /** Who takes care of it, or did. */
  readonly ack?: AckFacts
  /** A signed link to acknowledge it without an account. */
  readonly ack_url?: string
  /** The channel that could not deliver it, of a copy that goes by another. */
  readonly instead_of?: string
  readonly delayed_ms?: number
  /** Of an end: what brought it; `recovery` means that it was seen to be well. */
  readonly resolved_by?: string
  /** Who closed it by hand. */
  readonly closed_by?: string
  /** Of a message that could not leave in time: what is so by now. */
  readonly meanwhile?: Meanwhile
  /** Of a digest: one line's facts per subject, telling the state now. */
  readonly items?: readonly DigestItem[]
  readonly event?: JsonObject
  /** Planned work that begins or ends: told because people asked for it, and no alert. */
  readonly notice?: Notice
}

export interface Meanwhile {
  /** A state of the monitor, else `open`; `over` when the trouble has ended, `ended` when its alert has, though it may not be well. */
  readonly state: string
  /** ISO 8601 UTC. */
  readonly since: string
}

export interface AffectedFacts {
  readonly count: number
  /** Of them, those that are known to answer all the same; absent of a message of an older version. */
  readonly answering?: number
  /** Of them, those that are known not to answer. */
  readonly silent?: number
  readonly subscribers?: number
  readonly names: readonly string[]
  readonly down: readonly string[]
}

export interface RateFacts {
  readonly at_least: number
  readonly within_ms: number
  /** Field whose different values were counted; absent: the events themselves were. */
  readonly distinct?: string
}

export interface DigestItem {
  readonly subject: string
  readonly state: string
  readonly severity: Severity
  readonly since: string
  readonly cause: string | null
  /** What that sentence is made of, where it is one of the server's own: for who says it in another language. */
  readonly cause_code?: string
  readonly cause_facts?: JsonObject
  /** Stable code of the cause, of those of a probe. */
  readonly code?: string
  /** Of an event that is about no monitor: what kind of finding it is. */
  readonly kind?: string
  readonly rate?: RateFacts
  readonly held: number
  /** Its monitor is paused: nobody looks at it, and this is how it was seen last. */
  readonly paused?: true
  /** Devices that cannot be reached because of it. */
  readonly affected?: number
  /** Of a notice, which is no alert. */
  readonly notice?: Notice
}

interface ChatLink {
  readonly label: string
  readonly url: string
  /** It does what the buttons do. */
  readonly acknowledges?: boolean
}

interface ChatAction {
  readonly kind: 'acknowledge' | 'silence'
  readonly label: string
  /** `ID.SIGNATURE` of the alert. */
  readonly token: string
}

/** One message, written for one channel: plain facts and lines; a channel adds only its own markup. */
export interface Rendered {
  readonly message: Message
  readonly language: Language
  readonly timeZone: string
  /** At most 60 characters: a lock screen. */
  readonly subject: string
  /** Body for plain-text readers, line by line, without the subject. */
  readonly lines: readonly string[]
  /** Complete HTML document for mail. */
  readonly html: string
  readonly chat: {
    /** One coloured mark. */
    readonly mark: string
    readonly title: string
    readonly detail: string
    /** Severity colour, `#rrggbb`; green for a recovery. */
    readonly color: string
    readonly links: readonly ChatLink[]
    /** Buttons, for a channel type that hears of their use. */
    readonly actions?: readonly ChatAction[]
  }
}
