/** What keeps the server from its work: each code with what its sentence names. A `reason` is a sentence of its own. */
interface TroubleFacts {
  /** `fault` is the code of the reason, where it has one: `full`, `read_only`, `busy`, `unreachable`. */
  readonly store_refuses: { readonly reason: string; readonly fault?: string }
  readonly store_silent: { readonly reason: string; readonly fault?: string }
  /** It goes on in memory, for the disk is full. */
  readonly store_away: { readonly reason: string }
  readonly results_unkept: { readonly reason: string }
  readonly engine_silent: { readonly seconds: number }
  /** No network interface has a link. */
  readonly cut_off: { readonly reason: string }
  readonly probes_late: { readonly seconds: number }
  readonly some_probes_late: { readonly seconds: string }
  readonly notifications_wait: { readonly minutes: number }
}
export type TroubleCode = keyof TroubleFacts
export type Trouble = {
  readonly [Code in TroubleCode]: { readonly code: Code; readonly facts: TroubleFacts[Code] }
}[TroubleCode]

const SENTENCE: { readonly [Code in TroubleCode]: (facts: TroubleFacts[Code]) => string } = {
  store_refuses: ({ reason }) => reason,
  store_silent: ({ reason }) => `the database does not answer: ${reason}`,
  store_away: ({ reason }) => reason,
  results_unkept: ({ reason }) => `results cannot be kept: ${reason}`,
  engine_silent: ({ seconds }) => `no results from the probe engine for ${seconds} s`,
  cut_off: ({ reason }) => reason,
  probes_late: ({ seconds }) => `probes begin ${seconds} s late`,
  some_probes_late: ({ seconds }) => `one probe in a hundred begins more than ${seconds} s late`,
  notifications_wait: ({ minutes }) => `notifications have waited for ${minutes} min`,
}

/** The sentence of the API, the log and the heartbeat. */
export const troubleText = ({ code, facts }: Trouble): string => SENTENCE[code](facts as never)
