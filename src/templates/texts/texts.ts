import type { UnseenEnd } from '#core/alert/unseen-end.ts'
import type { Severity } from '#core/event/severity.ts'
import type { DigestWhy } from '#core/message/digest-why.ts'
import type { Language, Message } from '#core/message/message.ts'
import type { ErrorCode } from '#core/result/result.ts'
import type { Manner } from '../manner.ts'
import type { CauseTexts } from './causes/index.ts'
import type { EventWords } from './event-words.ts'

/** How it is by now of what a late message tells: in trouble again, over, or ended, which does not say that it is well. */
type Late = 'again' | 'over' | 'ended'

/** How many subjects of a digest are how. */
interface DigestCounts {
  readonly down: number
  readonly degraded: number
  readonly recovered: number
  readonly paused: number
  readonly ended: number
  readonly other: number
  readonly notices: number
}

/** What is said of those that are reached through a monitor. */
/** What is known beside how many stand behind something. */
interface DependantsMore {
  readonly subscribers: number | undefined
  /** How many of them are known not to answer; absent where nobody measured it. */
  readonly silent: number | undefined
  readonly link: boolean
}

interface DependantTexts {
  /** 28 devices cut off */
  readonly subject: (count: number) => string
  /** 28 cut off */
  readonly short: (count: number) => string
  /** 28 devices, 412 subscribers */
  readonly chat: (count: number, subscribers: number | undefined) => string
  /** Impact: 28 devices cut off, 412 subscribers. Not announced one by one; … */
  readonly line: (count: number, more: DependantsMore) => string
}

/** Every sentence of a message in one language; a language that lacks one does not compile. */
export interface Texts extends EventWords {
  readonly severities: Readonly<Record<Severity, string>>
  readonly down: string
  readonly degraded: string
  readonly unknown: string
  readonly stillDown: string
  readonly stillDegraded: string
  readonly recovered: string
  /** State word of a monitor's alert that ended though nothing answered. */
  readonly ended: string
  readonly endedBy: Readonly<Record<UnseenEnd, string>>
  readonly endedLine: Readonly<Record<UnseenEnd, (what: string, at: string) => string>>
  /** For how long nobody looked. */
  readonly notWatched: (duration: string) => string
  readonly closedBy: (name: string) => string
  /** Of a message that is late: what is so by now. */
  readonly late: Readonly<Record<Late, (at: string) => string>>
  readonly lateSentence: Readonly<Record<Late, (at: string) => string>>
  readonly firing: string
  readonly stillFiring: string
  readonly resolved: string
  readonly test: string
  readonly summary: string
  /** A further event of what is open. */
  readonly oneMore: string
  readonly wasDown: (duration: string) => string
  readonly wasDegraded: (duration: string) => string
  readonly lasted: (duration: string) => string
  readonly notice: (number: number) => string
  /** POP-07 (10.7.0.1) has not answered since 03:12:04 (41 s ago). */
  /** By how it fails; `status` is the HTTP status that came in place of the one that was wanted. */
  readonly downSince: Readonly<Record<Manner, (what: string, since: string, ago: string, status?: string) => string>>
  readonly degradedSince: (what: string, since: string, ago: string) => string
  readonly eventSince: (what: string, since: string, ago: string) => string
  readonly answersSince: (what: string, at: string) => string
  /** Of a job that calls by itself. */
  readonly callsSince: (what: string, at: string) => string
  readonly fineSince: (what: string, at: string) => string
  readonly downFromTo: (from: string, to: string, duration: string) => string
  readonly degradedFromTo: (from: string, to: string, duration: string) => string
  readonly eventFromTo: (from: string, to: string, duration: string) => string
  /** `how`: what it has been meanwhile; an alert about no monitor is open. */
  readonly reminderLine: (number: number, duration: string, how: 'down' | 'degraded' | 'open') => string
  readonly notAcknowledged: string
  /** In a subject. */
  readonly unattended: string
  /** Acknowledged: Laura P. at 03:20, “crew on the way”. */
  readonly acknowledged: (by: string, at: string, note: string | undefined, until: string | undefined) => string
  readonly silenced: (by: string, until: string) => string
  /** What a button answers for an alert that is over, and for one that nobody knows. */
  readonly isOver: string
  readonly isUnknown: string
  readonly insteadOf: (channel: string) => string
  readonly cause: string
  /** What the cause was, once it is over. */
  readonly hadBeen: string
  /** What is so now that it is over, of what the server says of itself. */
  readonly isNow: string
  readonly attempts: (count: number) => string
  /** Last hop answering: core-2 (10.0.0.2). */
  readonly lastHop: (hop: string, changed: boolean) => string
  /** last hop: core-2 */
  readonly lastHopShort: (hop: string) => string
  readonly answersPing: string
  readonly answersPingShort: string
  readonly place: string
  readonly about: string
  readonly labels: string
  readonly guide: string
  readonly rule: string
  /** `acknowledged`: somebody has it until then. */
  readonly nextNotice: (at: string, acknowledged: boolean) => string
  /** Who acknowledged by the link of a message, which anybody who has it may follow. */
  readonly byLink: (name: string) => string
  readonly view: string
  readonly acknowledge: string
  readonly silence: string
  readonly zone: (city: string, offset: string) => string
  readonly delayed: (duration: string) => string
  readonly testLine: string
  readonly testMeaning: string
  /** Before how a message about the same would begin. */
  readonly testReads: string
  /** The gravest first. */
  readonly digestSubject: (counts: DigestCounts) => readonly string[]
  readonly downNow: string
  readonly degradedNow: string
  readonly openNow: string
  readonly recoveredSince: string
  readonly pausedNow: string
  readonly endedSince: string
  /** How many notices a digest holds, and why. */
  readonly held: Readonly<Record<DigestWhy, (count: number) => string>>
  readonly flapping: string
  readonly stable: string
  readonly flapped: (duration: string) => string
  /** link-3 has gone up and down 5 times since 03:12:04 (4 m ago); now it is down. */
  readonly flapsSince: (what: string, changes: number, since: string, ago: string, down: boolean) => string
  /** The same without the name: 5 changes in 4 m, now down. */
  readonly flapsShort: (changes: number, ago: string, down: boolean) => string
  readonly stableSince: (what: string, at: string) => string
  readonly flappedFromTo: (from: string, to: string, duration: string) => string
  /** What is reached through it alone: cut off where it is down, else behind it. */
  readonly dependants: Readonly<Record<'cutOff' | 'behind', DependantTexts>>
  readonly back: (back: number, count: number) => string
  /** 26/28 back */
  readonly backShort: (back: number, count: number) => string
  readonly stillDownList: (names: string) => string
  /** since 03:12 */
  readonly sinceTime: (at: string) => string
  readonly causes: Readonly<Record<ErrorCode, string>>
  /** Our own connection is down, or is back. */
  readonly blind: {
    readonly lasted: (duration: string) => string
    readonly since: (since: string, ago: string, why: string) => string
    /** None of all witnesses answers, or `failing` of them do not. */
    readonly witnesses: (failing: number, all: number) => string
    readonly meaning: string
    readonly seesSince: (at: string) => string
    readonly fromTo: (from: string, to: string, duration: string) => string
    /** Not answering now: POP-07, and 28 behind it. … */
    readonly notAnswering: (names: string, cutOff: number) => string
    readonly allAnswer: string
  }
  /** Nobody looks names up for the server, or somebody does again. */
  readonly resolver: {
    readonly lasted: (duration: string) => string
    /** `how`, where it is another thing than silence: `refuses the connection`, `answers SERVFAIL`. */
    readonly since: (servers: string, how: string | undefined, since: string, ago: string) => string
    readonly meaning: (byLastKnown: number, notLookedAt: number) => string
    readonly answersSince: (servers: string, at: string) => string
    readonly fromTo: (from: string, to: string, duration: string) => string
  }
  /** What causes say, by code. */
  readonly sentences: CauseTexts
  /** What has no code was said in English: in another language our own words for the kind of failure stand before it. */
  readonly language: Language
  /** What a monitor looks at, as its type describes it. */
  readonly target: (target: string) => string
  /** Figures of poor quality; absent in English, which the cause itself is written in. */
  readonly quality?: (figures: NonNullable<Message['quality']>) => string
  readonly footer: string
}
