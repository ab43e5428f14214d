import type { Language } from './message/message.ts'

/**
 * How the server speaks to people where a channel says nothing of its own: its language, the IANA zone of its times, and the
 * address that links in messages begin with (absent: messages carry none). Asked for anew each time, for settings change.
 */
export interface ServerPlace {
  readonly language: Language
  readonly timeZone: string
  /** By which numbers and dates go, as `es-AR`; absent: nobody chose. */
  readonly region?: string | undefined
  readonly url?: string | undefined
}
